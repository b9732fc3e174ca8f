/** From this length on, in words, the engine's own copy is faster than a loop. */
const LONG_COPY = 32;

/** Bytes that grow by whole 4-byte words, little-endian. */
export class WordWriter {
  /** Words written. */
  #size = 0;
  #words: Uint32Array<ArrayBuffer>;

  /** With room for `bytes` bytes at first. */
  constructor(bytes = 0) {
    this.#words = new Uint32Array(Math.max(256, (bytes + 3) >>> 2));
  }

  /** Begin again, over what was written. */
  clear(): void {
    this.#size = 0;
  }

  /** Bytes written. */
  get size(): number {
    return this.#size * 4;
  }

  word(value: number): void {
    if (this.#size === this.#words.length) this.#grow(1);
    this.#words[this.#size++] = value;
  }

  /** Change the word at byte `at`, which was written. */
  setWord(at: number, value: number): void {
    this.#words[at >>> 2] = value;
  }

  /** `count` words of `from`. */
  copy(from: Uint32Array, start: number, count: number): void {
    if (this.#size + count > this.#words.length) this.#grow(count);
    if (count >= LONG_COPY) this.#words.set(from.subarray(start, start + count), this.#size);
    else {
      const words = this.#words;
      for (let i = start, to = this.#size, end = start + count; i < end; i++, to++) words[to] = from[i] as number;
    }
    this.#size += count;
  }

  /** All of `from`, zero padded to 8 bytes. */
  pad(from: Uint8Array): void {
    const count = ((from.length + 7) & ~7) >>> 2;
    if (this.#size + count > this.#words.length) this.#grow(count);
    this.#words.fill(0, this.#size, this.#size + count);
    new Uint8Array(this.#words.buffer).set(from, this.#size * 4);
    this.#size += count;
  }

  /** What was written, without a copy; after it there is room for another word. */
  bytes(): Uint8Array<ArrayBuffer> {
    if (this.#size === this.#words.length) this.#grow(1);
    return new Uint8Array(this.#words.buffer, 0, this.#size * 4);
  }

  #grow(count: number): void {
    const larger = new Uint32Array(Math.max(this.#words.length * 2, this.#size + count));
    larger.set(this.#words.subarray(0, this.#size));
    this.#words = larger;
  }
}
