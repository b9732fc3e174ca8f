import { randomFillSync } from 'node:crypto';

const FINISH_ROUNDS = 3;

/**
 * HalfSipHash-1-3 with a random key, of whole words (https://github.com/veorq/SipHash): whoever does not know the key cannot choose what gets the same hash, however much of it he writes.
 */
export class KeyedHash {
  readonly #k0: number;
  readonly #k1: number;

  constructor() {
    const [k0, k1] = randomFillSync(new Int32Array(2));
    this.#k0 = k0 as number;
    this.#k1 = k1 as number;
  }

  /** 32 bits, of `first`, then `second`, then `count` words from `at` on. */
  hash(first: number, second: number, words: Uint32Array, at: number, count: number): number {
    let v0 = this.#k0;
    let v1 = this.#k1;
    let v2 = 0x6c796765 ^ v0;
    let v3 = 0x74656462 ^ v1;
    const end = at + count;
    for (let index = at - 2; index < end + FINISH_ROUNDS; index++) {
      // Nothing is mixed in while it finishes.
      const word = index >= end ? 0 : index >= at ? (words[index] as number) : index === at - 2 ? first : second;
      if (index === end) v2 ^= 0xff;
      v3 ^= word;
      v0 = (v0 + v1) | 0;
      v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
      v0 = (v0 << 16) | (v0 >>> 16);
      v2 = (v2 + v3) | 0;
      v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
      v0 = (v0 + v3) | 0;
      v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
      v2 = (v2 + v1) | 0;
      v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
      v2 = (v2 << 16) | (v2 >>> 16);
      v0 ^= word;
    }
    return v1 ^ v3;
  }
}
