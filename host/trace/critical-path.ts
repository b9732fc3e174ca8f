/** A graph of calls whose edges go from lower to higher TxIndexes. */
export interface WeightedGraph {
  /** Of each call. */
  readonly gas: readonly number[];
  /** Of each call, those that it depends on. One may be named twice. */
  readonly before: readonly (readonly number[])[];
}

/** A chain of calls of which each depends on the one before. */
export interface Chain {
  readonly gas: number;
  /** Ascending. */
  readonly calls: readonly number[];
}

/** The chain that uses most gas; of several, one. */
export function criticalPath({ gas, before }: WeightedGraph): Chain {
  const longest: number[] = [];
  const previous: (number | undefined)[] = [];
  let last: number | undefined;
  for (const [index, own] of gas.entries()) {
    let through: number | undefined;
    for (const each of before[index] ?? []) {
      if (through === undefined || (longest[each] as number) > (longest[through] as number)) through = each;
    }
    previous.push(through);
    longest.push(own + (through === undefined ? 0 : (longest[through] as number)));
    if (last === undefined || (longest[index] as number) > (longest[last] as number)) last = index;
  }
  const calls: number[] = [];
  for (let at = last; at !== undefined; at = previous[at]) calls.push(at);
  return { gas: last === undefined ? 0 : (longest[last] as number), calls: calls.reverse() };
}

/** [n]: calls before which n others come in the longest chain that ends with them. */
export function chainLengths({ before }: WeightedGraph): number[] {
  const lengths: number[] = [];
  const counts: number[] = [];
  for (const own of before) {
    const length = own.reduce((most, each) => Math.max(most, (lengths[each] as number) + 1), 0);
    lengths.push(length);
    while (counts.length <= length) counts.push(0);
    counts[length] = (counts[length] as number) + 1;
  }
  return counts;
}
