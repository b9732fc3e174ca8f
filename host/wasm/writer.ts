const utf8 = new TextEncoder();

/** Bytes being written, in an array that grows. */
export class Writer {
  #bytes: Uint8Array;
  #length = 0;

  constructor(capacity = 1024) {
    this.#bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written; not copied, so the writer must not be used after it. */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.#length) as Uint8Array<ArrayBuffer>;
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  byte(...values: number[]): this {
    this.#reserve(values.length);
    for (const value of values) this.#bytes[this.#length++] = value;
    return this;
  }

  bytes(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  /** LEB128, unsigned, 32 bits. */
  u32(value: number): this {
    let rest = value >>> 0;
    for (; rest > 127; rest >>>= 7) this.byte((rest & 127) | 128);
    return this.byte(rest);
  }

  /** LEB128, signed. */
  signed(value: number | bigint): this {
    let rest = BigInt(value);
    for (; rest < -64n || rest > 63n; rest >>= 7n) this.byte(Number(rest & 127n) | 128);
    return this.byte(Number(rest & 127n));
  }

  name(text: string): this {
    return this.sized(utf8.encode(text));
  }

  /** The bytes after their length. */
  sized(bytes: Uint8Array): this {
    return this.u32(bytes.length).bytes(bytes);
  }
}
