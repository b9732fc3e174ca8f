import { createHash } from 'node:crypto';

/**
 * A seeded stream of random numbers: the same seed and labels give the same numbers on every machine.
 *
 * Streams with different labels are independent, so that drawing one number more for the accounts does not change the
 * transfers. Generator: sfc32 (Doty-Humphrey, PractRand), its 128-bit start taken from SHA-256 of seed and labels.
 */
export class RandomStream {
  #a: number;
  #b: number;
  #c: number;
  #counter: number;

  /** @param labels name what the stream is for, the coarsest first: `'p2p', 'block', 3`. */
  constructor(seed: number, ...labels: readonly (string | number)[]) {
    const digest = createHash('sha256')
      .update(JSON.stringify([seed, ...labels]))
      .digest();
    this.#a = digest.readInt32LE(0);
    this.#b = digest.readInt32LE(4);
    this.#c = digest.readInt32LE(8);
    this.#counter = digest.readInt32LE(12);
  }

  /** A whole number in [0, 2^32). */
  uint32(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + sum) | 0;
    return sum >>> 0;
  }

  /** A whole number in [0, bound), each equally likely. `bound` is 1 to 2^32. */
  below(bound: number): number {
    // Values past the last whole multiple of `bound` are drawn again: a bare remainder would favour small numbers.
    const end = 2 ** 32 - (2 ** 32 % bound);
    let value = this.uint32();
    while (value >= end) value = this.uint32();
    return value % bound;
  }

  /** A multiple of 2^-53 in [0, 1), each equally likely. */
  fraction(): number {
    const high = this.uint32() >>> 5;
    return (high * 2 ** 26 + (this.uint32() >>> 6)) / 2 ** 53;
  }

  /** `"0x"` and `byteLength` random bytes in hexadecimal. */
  hex(byteLength: number): string {
    const bytes = Buffer.alloc(byteLength);
    for (let index = 0; index < byteLength; index++) bytes[index] = this.uint32() >>> 24;
    return `0x${bytes.toString('hex')}`;
  }
}
