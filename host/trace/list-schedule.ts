import type { WeightedGraph } from './critical-path.js';

/**
 * How long `workers` workers take for the calls, in gas, if a call starts when those that it depends on have ended: list scheduling, of the calls that may start always the one first from which
 * the longest chain hangs (Hu's algorithm; Graham's bound: less than twice the shortest time there is).
 */
export function listSchedule(graph: WeightedGraph, workers: number): number {
  const { calls, gas, before } = graph;
  const after = successors(before);
  const rank = chainsBelow(graph, after);
  const waitsFor = before.map((own) => own.length);
  const ready = new Heap((index) => -(rank[index] as number));
  for (const [index, count] of waitsFor.entries()) if (count === 0) ready.push(index);
  const ends = new Map<number, number>();
  const running = new Heap((index) => ends.get(index) as number);
  let now = 0;
  for (;;) {
    while (running.size < workers && ready.size > 0) {
      const index = ready.pop() as number;
      ends.set(index, now + (gas[index] as number));
      running.push(index);
    }
    const ended = running.pop();
    if (ended === undefined) return now;
    now = ends.get(ended) as number;
    // A junction takes no worker: what it was waited for goes on with it.
    for (const done = [ended]; done.length > 0; ) {
      for (const each of after[done.pop() as number] as number[]) {
        waitsFor[each] = (waitsFor[each] as number) - 1;
        if (waitsFor[each] === 0) (each < calls ? ready : done).push(each);
      }
    }
  }
}

function successors(before: WeightedGraph['before']): number[][] {
  const after = before.map((): number[] => []);
  for (const [index, own] of before.entries()) for (const each of own) after[each]?.push(index);
  return after;
}

/** Of each node, the gas of the longest chain that begins with it. */
function chainsBelow({ gas, order }: WeightedGraph, after: readonly (readonly number[])[]): number[] {
  const rank = gas.map(() => 0);
  for (const node of order.toReversed()) {
    const longest = (after[node] as number[]).reduce((most, each) => Math.max(most, rank[each] as number), 0);
    rank[node] = (gas[node] as number) + longest;
  }
  return rank;
}

/** The calls of least weight first; of equal ones the lowest. */
class Heap {
  readonly #weightOf: (index: number) => number;
  readonly #items: number[] = [];

  constructor(weightOf: (index: number) => number) {
    this.#weightOf = weightOf;
  }

  get size(): number {
    return this.#items.length;
  }

  push(index: number): void {
    const items = this.#items;
    let at = items.push(index) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(at, parent)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  pop(): number | undefined {
    const items = this.#items;
    const first = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    items[0] = last;
    for (let at = 0; ; ) {
      const left = 2 * at + 1;
      let least = at;
      if (left < items.length && this.#isBefore(left, least)) least = left;
      if (left + 1 < items.length && this.#isBefore(left + 1, least)) least = left + 1;
      if (least === at) return first;
      this.#swap(at, least);
      at = least;
    }
  }

  #isBefore(one: number, other: number): boolean {
    const left = this.#items[one] as number;
    const right = this.#items[other] as number;
    const difference = this.#weightOf(left) - this.#weightOf(right);
    return difference < 0 || (difference === 0 && left < right);
  }

  #swap(one: number, other: number): void {
    const items = this.#items;
    [items[one], items[other]] = [items[other] as number, items[one] as number];
  }
}
