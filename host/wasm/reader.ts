/** Bytes that are not a module, or not one that this folder reads. Nothing else is ever thrown by reading. */
export class WasmError extends Error {
  /** Where, in bytes from the start of the module. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = 'WasmError';
    this.offset = offset;
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A cursor over a module's bytes. Every read is checked against the end. @throws WasmError */
export class Reader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  fail(message: string, offset = this.at): never {
    throw new WasmError(message, offset);
  }

  byte(): number {
    if (this.at >= this.end) this.fail('unexpected end');
    return this.bytes[this.at++] as number;
  }

  /** LEB128, unsigned, 32 bits. */
  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      if (shift === 28 && byte > 15) break;
      value |= (byte & 127) << shift;
      if (byte < 128) return value >>> 0;
    }
    return this.fail('malformed unsigned integer of 32 bits', this.at - 1);
  }

  /** LEB128, signed, 32 bits. */
  s32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte();
      // Of the fifth byte four bits count; the others repeat the sign.
      if (shift === 28 && byte > 7 && (byte < 0x78 || byte > 0x7f)) break;
      value |= (byte & 127) << shift;
      if (byte < 128) return shift < 28 && (byte & 64) !== 0 ? value | (-1 << (shift + 7)) : value;
    }
    return this.fail('malformed signed integer of 32 bits', this.at - 1);
  }

  /** LEB128, signed, 64 bits: nobody needs its value. */
  skipS64(): void {
    for (let read = 1; read <= 10; read++) {
      const byte = this.byte();
      if (read === 10 && byte !== 0 && byte !== 0x7f) break;
      if (byte < 128) return;
    }
    this.fail('malformed signed integer of 64 bits', this.at - 1);
  }

  /** As many bytes, not copied. */
  take(length: number): Uint8Array {
    if (length > this.end - this.at) this.fail(`unexpected end: ${length} more bytes were announced`);
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  skip(length: number): void {
    this.take(length);
  }

  name(): string {
    const offset = this.at;
    const bytes = this.take(this.u32());
    try {
      return utf8.decode(bytes);
    } catch {
      return this.fail('a name is not UTF-8', offset);
    }
  }

  /** The length of a vector whose items take a byte or more each, so that a made-up length fails here and not in an allocation. */
  count(): number {
    const offset = this.at;
    const count = this.u32();
    if (count > this.end - this.at) this.fail(`unexpected end: ${count} items were announced`, offset);
    return count;
  }
}
