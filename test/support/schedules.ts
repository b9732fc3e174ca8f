import type { WeightedGraph } from '../../dist/host/trace/critical-path.js';

/** Without junctions. */
export function callGraph(gas: readonly number[], before: readonly (readonly number[])[]): WeightedGraph {
  return { calls: gas.length, gas, before, order: gas.map((_, index) => index) };
}

/** How long `workers` workers take if each call of `order` begins as early as what was placed before it allows. */
export function spanInOrder({ gas, before }: WeightedGraph, workers: number, order: readonly number[]): number {
  const free = Array.from({ length: workers }, () => 0);
  const ends = new Map<number, number>();
  for (const index of order) {
    const ready = Math.max(0, ...(before[index] ?? []).map((each) => ends.get(each) as number));
    const worker = free.indexOf(Math.min(...free));
    const end = Math.max(ready, free[worker] as number) + (gas[index] as number);
    free[worker] = end;
    ends.set(index, end);
  }
  return Math.max(0, ...ends.values());
}

/** The shortest time there is, found by placing the calls in every order that their dependencies allow. */
export function shortestSpan(graph: WeightedGraph, workers: number): number {
  let shortest = Number.POSITIVE_INFINITY;
  const place = (placed: readonly number[]): void => {
    if (placed.length === graph.calls) {
      shortest = Math.min(shortest, spanInOrder(graph, workers, placed));
      return;
    }
    for (const index of graph.order) {
      const isReady = (graph.before[index] ?? []).every((each) => placed.includes(each));
      if (isReady && !placed.includes(index)) place([...placed, index]);
    }
  };
  place([]);
  return shortest;
}
