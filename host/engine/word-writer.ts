/** From this length on the engine's own copy is faster than a loop. */
const LONG_COPY = 128;

/** Bytes that grow by whole 4-byte words, little-endian. */
export class WordWriter {
  /** Bytes written. */
  size = 0;
  #bytes: Uint8Array<ArrayBuffer>;
  #words: Uint32Array<ArrayBuffer>;

  /** With room for `bytes` bytes at first. */
  constructor(bytes: number) {
    this.#bytes = new Uint8Array(Math.max(1024, (bytes + 7) & ~7));
    this.#words = new Uint32Array(this.#bytes.buffer);
  }

  word(value: number): void {
    if (this.size + 4 > this.#bytes.length) this.#grow(4);
    this.#words[this.size >>> 2] = value;
    this.size += 4;
  }

  /** Change a word that was written. */
  setWord(at: number, value: number): void {
    this.#words[at >>> 2] = value;
  }

  /** `length` bytes of `from`, a whole number of words. */
  copy(from: Uint8Array, start: number, length: number): void {
    if (this.size + length > this.#bytes.length) this.#grow(length);
    if (length >= LONG_COPY) this.#bytes.set(from.subarray(start, start + length), this.size);
    else {
      const bytes = this.#bytes;
      for (let i = 0, to = this.size; i < length; i++, to++) bytes[to] = from[start + i] as number;
    }
    this.size += length;
  }

  /** All of `from`, zero padded to 8 bytes. */
  pad(from: Uint8Array): void {
    const length = (from.length + 7) & ~7;
    if (this.size + length > this.#bytes.length) this.#grow(length);
    this.#bytes.set(from, this.size);
    this.#bytes.fill(0, this.size + from.length, this.size + length);
    this.size += length;
  }

  /** What was written, without a copy. */
  bytes(): Uint8Array<ArrayBuffer> {
    return this.#bytes.subarray(0, this.size);
  }

  #grow(bytes: number): void {
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, (this.size + bytes + 7) & ~7));
    larger.set(this.#bytes.subarray(0, this.size));
    this.#bytes = larger;
    this.#words = new Uint32Array(larger.buffer);
  }
}
