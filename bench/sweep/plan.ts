import { RandomStream } from '../random.js';
import type { RunRecord } from './run-log.js';
import type { Sweep } from './spec.js';
import { type SweepCell, sweepCellName } from './sweep-cell.js';

/** One run of a cell, in a process of its own. */
export interface PlannedRun {
  readonly cell: SweepCell;
  /** Of the cell; unique in a sweep. */
  readonly name: string;
  readonly seed: number;
  /** From 0. */
  readonly repeat: number;
}

/**
 * The runs of a sweep in their order: each repeat has every cell with every seed once, in a random order of its own. So whatever changes on a machine in the
 * course of hours meets all cells alike, and a sweep that ends early has about as many runs of each.
 */
export function planRuns({ cells, seeds, repeats, orderSeed }: Sweep): PlannedRun[] {
  const once = cells.flatMap((cell) => seeds.map((seed) => ({ cell, name: sweepCellName(cell), seed })));
  return Array.from({ length: repeats }, (_, repeat) =>
    shuffled(once, new RandomStream(orderSeed, 'sweep', 'order', repeat)).map((run) => ({ ...run, repeat })),
  ).flat();
}

/** How many runs there are. */
export function plannedCount({ cells, seeds, repeats }: Sweep): number {
  return cells.length * seeds.length * repeats;
}

/** Those that are not finished, in their order. */
export function unfinished(
  planned: readonly PlannedRun[],
  runs: readonly Pick<RunRecord, 'cell' | 'seed' | 'repeat'>[],
): PlannedRun[] {
  const finished = new Set(runs.map(({ cell, seed, repeat }) => runKey({ name: cell, seed, repeat })));
  return planned.filter((run) => !finished.has(runKey(run)));
}

/** What tells the runs of a sweep apart. */
export function runKey({ name, seed, repeat }: Omit<PlannedRun, 'cell'>): string {
  return JSON.stringify([name, seed, repeat]);
}

/** By Fisher and Yates: every order is equally likely. */
function shuffled<Item>(items: readonly Item[], random: RandomStream): Item[] {
  const order = [...items];
  for (let end = order.length - 1; end > 0; end--) {
    const chosen = random.below(end + 1);
    [order[end], order[chosen]] = [order[chosen] as Item, order[end] as Item];
  }
  return order;
}
