import type { TapedVerdicts } from '../engine/tape.js';

/** The values of a counter as calls add to it, one after another. */
export class CounterWalk {
  /** [n]: after n of them. */
  readonly #values: bigint[];
  /** Where the value was larger, or smaller, than all before: ascending. */
  readonly #highs = [0];
  readonly #lows = [0];

  constructor(start: bigint) {
    this.#values = [start];
  }

  /** The next one adds `added`, modulo 2^64. */
  add(added: bigint): void {
    const value = BigInt.asUintN(64, (this.#values.at(-1) as bigint) + added);
    const length = this.#values.push(value) - 1;
    if (value > this.#valueAt(this.#highs.at(-1))) this.#highs.push(length);
    if (value < this.#valueAt(this.#lows.at(-1))) this.#lows.push(length);
  }

  /** After how many of them a call is told for the first time what the verdicts say; undefined: it never is. */
  firstTold({ least, most }: TapedVerdicts): number | undefined {
    const start = this.#valueAt(0);
    // What is past a bound at first comes to it with a record.
    let length: number | undefined = 0;
    if (start < least) length = firstOf(this.#highs, (at) => this.#valueAt(at) >= least);
    else if (start > most) length = firstOf(this.#lows, (at) => this.#valueAt(at) <= most);
    if (length === undefined) return undefined;
    for (; length < this.#values.length; length++) {
      const value = this.#valueAt(length);
      if (least <= value && value <= most) return length;
    }
    return undefined;
  }

  #valueAt(length: number | undefined): bigint {
    return this.#values[length as number] as bigint;
  }
}

/** The first of `items` that `holds`, where all after it do; undefined: none does. */
function firstOf(items: readonly number[], holds: (item: number) => boolean): number | undefined {
  let low = 0;
  let high = items.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(items[middle] as number)) high = middle;
    else low = middle + 1;
  }
  return items[low];
}
