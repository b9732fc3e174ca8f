/** A graph of calls, and of junctions between them that take nothing. */
export interface WeightedGraph {
  /** Nodes below are calls, by their TxIndex. */
  readonly calls: number;
  /** Of each node. */
  readonly gas: readonly number[];
  /** Of each node, those that it depends on. One may be named twice. */
  readonly before: readonly (readonly number[])[];
  /** All nodes, each after those that it depends on; calls as they are in the block. */
  readonly order: readonly number[];
}

/** A chain of calls of which each depends on the one before. */
export interface Chain {
  readonly gas: number;
  /** Ascending. */
  readonly calls: readonly number[];
}

/** The chain that uses most gas; of several, one. */
export function criticalPath({ calls, gas, before, order }: WeightedGraph): Chain {
  const longest: number[] = gas.map(() => 0);
  const previous: (number | undefined)[] = gas.map(() => undefined);
  let last: number | undefined;
  for (const node of order) {
    let through: number | undefined;
    for (const each of before[node] ?? []) {
      if (through === undefined || (longest[each] as number) > (longest[through] as number)) through = each;
    }
    previous[node] = through;
    longest[node] = (gas[node] as number) + (through === undefined ? 0 : (longest[through] as number));
    if (last === undefined || (longest[node] as number) > (longest[last] as number)) last = node;
  }
  const chain: number[] = [];
  for (let at = last; at !== undefined; at = previous[at]) if (at < calls) chain.push(at);
  return { gas: last === undefined ? 0 : (longest[last] as number), calls: chain.reverse() };
}

/** [n]: calls before which n others come in the longest chain that ends with them. */
export function chainLengths({ calls, before, order }: WeightedGraph): number[] {
  /** Of each node, calls of the longest chain that ends with it. */
  const lengths: number[] = before.map(() => 0);
  const counts: number[] = [];
  for (const node of order) {
    const length = (before[node] ?? []).reduce((most, each) => Math.max(most, lengths[each] as number), 0);
    lengths[node] = node < calls ? length + 1 : length;
    if (node >= calls) continue;
    while (counts.length <= length) counts.push(0);
    counts[length] = (counts[length] as number) + 1;
  }
  return counts;
}
