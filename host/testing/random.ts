/** A small seeded generator (xorshift128, Marsaglia 2003), so that a test is repeated by its seed. */
export class Random {
  #a: number;
  #b = 0x9e3779b9;
  #c = 0x243f6a88;
  #d = 0xb7e15162;

  constructor(seed: number) {
    this.#a = seed | 0;
    for (let i = 0; i < 12; i++) this.next();
  }

  /** 32 random bits. */
  next(): number {
    let t = this.#d;
    const s = this.#a;
    this.#d = this.#c;
    this.#c = this.#b;
    this.#b = s;
    t ^= t << 11;
    t ^= t >>> 8;
    this.#a = t ^ s ^ (s >>> 19);
    return this.#a >>> 0;
  }

  /** A whole number in [0, bound); `bound` is 1 to 2^32. */
  below(bound: number): number {
    return Math.floor((this.next() / 2 ** 32) * bound);
  }

  /** The same as a bigint; `bound` is 1 to 2^64. */
  bigint(bound: bigint): bigint {
    return (((BigInt(this.next()) << 32n) | BigInt(this.next())) * bound) >> 64n;
  }

  /** One of them, which must be some. */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  /** True with this probability, 0 to 1. */
  chance(probability: number): boolean {
    return this.next() / 2 ** 32 < probability;
  }
}
