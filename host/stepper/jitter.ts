/**
 * What makes no two steps take the same time: a factor, 1 on average, each value between `1 - spread` and `1 + spread` equally likely. Without it workers fall into
 * step with one another, as threads on a machine do not. Generator: mulberry32 (Ettinger).
 */
export class Jitter {
  readonly #spread: number;
  #state: number;

  constructor(seed: number, spread: number) {
    this.#state = seed | 0;
    this.#spread = spread;
  }

  factor(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let bits = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits;
    const uniform = ((bits ^ (bits >>> 14)) >>> 0) / 2 ** 32;
    return 1 + this.#spread * (2 * uniform - 1);
  }
}
