/** V8 keeps arrays up to this long in its own heap; longer ones cost an allocation outside of it, five times as much as the copy. */
const ON_HEAP_MAX = 64;
const POOLED_MAX = 1024;
const POOL_BYTES = 16_384;

/**
 * Copies parts of an array. Those too long for V8's heap lie next to each other in memory that they share, as Node's small Buffers do: who keeps one
 * of them keeps 16 KiB.
 */
export class ByteCopies {
  #pool = new ArrayBuffer(0);
  #at = 0;

  /** A copy of `bytes[start]` to `bytes[end - 1]`. */
  copy(bytes: Uint8Array, start: number, end: number): Uint8Array {
    const length = end - start;
    if (length <= ON_HEAP_MAX || length > POOLED_MAX) return bytes.slice(start, end);
    if (this.#at + length > this.#pool.byteLength) {
      this.#pool = new ArrayBuffer(POOL_BYTES);
      this.#at = 0;
    }
    const copy = new Uint8Array(this.#pool, this.#at, length);
    copy.set(bytes.subarray(start, end));
    this.#at += (length + 7) & ~7;
    return copy;
  }
}
