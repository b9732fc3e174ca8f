import type { WeightedGraph } from './critical-path.js';
import type { AdderRun, CommittedCall, TrueRead } from './dependencies.js';

/** What some calls, one after another, have added to a counter: a node that several readers share, so that the graph grows with the block and not with its square. */
export interface Junction {
  /** Calls come first. */
  readonly node: number;
  readonly location: number;
  /** The node of what had been added before. */
  readonly after: number | undefined;
  /** TxIndexes, ascending. */
  readonly adders: readonly number[];
}

/** `to` reads what `from`, a call or a junction, left at `location`. */
export interface Dependency {
  readonly from: number;
  readonly to: number;
  readonly location: number;
}

/** The calls of a block and what they read from one another. */
export interface BlockGraph {
  readonly junctions: readonly Junction[];
  /** By the reader and then as it read. */
  readonly edges: readonly Dependency[];
}

/** One adder is read from directly, several through a junction. */
export function blockGraph(reads: readonly (readonly TrueRead[])[]): BlockGraph {
  const { junctions, nodes } = junctionsOf(reads);
  const edges: Dependency[] = [];
  for (const [to, own] of reads.entries()) {
    for (const { run, added, location, writer } of own) {
      if (writer !== undefined) edges.push({ from: writer, to, location });
      if (added === 1) edges.push({ from: run.adders[0] as number, to, location });
      else if (added > 1) edges.push({ from: nodes.get(run)?.get(added) as number, to, location });
    }
  }
  return { junctions, edges };
}

/** Of each run, by how many were added, the node of that. */
type JunctionNodes = ReadonlyMap<AdderRun, ReadonlyMap<number, number>>;

/** In the order in which the last of their adders come in the block. */
function junctionsOf(reads: readonly (readonly TrueRead[])[]): { junctions: Junction[]; nodes: JunctionNodes } {
  const found = lengthsRead(reads)
    .flatMap(([run, lengths]) => lengths.map((added, at) => ({ run, added, from: lengths[at - 1] ?? 0 })))
    .sort((one, other) => lastOf(one.run, one.added) - lastOf(other.run, other.added));
  const nodes = new Map<AdderRun, Map<number, number>>();
  const junctions = found.map(({ run, added, from }, position) => {
    const node = reads.length + position;
    const own = nodes.get(run) ?? new Map<number, number>();
    nodes.set(run, own.set(added, node));
    return { node, location: run.location, after: own.get(from), adders: run.adders.slice(from, added) };
  });
  return { junctions, nodes };
}

/** Of each run, after how many additions somebody reads: where that are several, ascending. */
function lengthsRead(reads: readonly (readonly TrueRead[])[]): [AdderRun, number[]][] {
  const lengths = new Map<AdderRun, Set<number>>();
  for (const { run, added } of reads.flat()) {
    if (added > 1) lengths.set(run, (lengths.get(run) ?? new Set()).add(added));
  }
  return [...lengths].map(([run, own]) => [run, [...own].sort((one, other) => one - other)]);
}

function lastOf(run: AdderRun, added: number): number {
  return run.adders[added - 1] as number;
}

/** The same for chains and schedules: junctions are free. */
export function weightedGraph(calls: readonly CommittedCall[], { junctions, edges }: BlockGraph): WeightedGraph {
  const before = [...calls, ...junctions].map((): number[] => []);
  for (const { from, to } of edges) before[to]?.push(from);
  for (const { node, after, adders } of junctions) {
    before[node] = after === undefined ? [...adders] : [after, ...adders];
  }
  const gas = [...calls.map((call) => call.gas), ...junctions.map(() => 0)];
  return { calls: calls.length, gas, before, order: orderOf(calls.length, junctions) };
}

/** Each junction after the last of its adders. */
function orderOf(calls: number, junctions: readonly Junction[]): number[] {
  const order: number[] = [];
  let next = 0;
  for (let index = 0; index < calls; index++) {
    order.push(index);
    for (; junctions[next]?.adders.at(-1) === index; next++) order.push(junctions[next]?.node as number);
  }
  return order;
}
