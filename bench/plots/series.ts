import type { CellSummary } from '../sweep/summary.js';
import { labelOf, varying } from './dimensions.js';
import { SERIES_MAX } from './theme.js';

/** Cells that belong together: a line of a figure. */
export interface Series {
  readonly label: string;
  readonly cells: readonly CellSummary[];
}

/** Cells that differ in `along` only are a series; its label says in what it differs from the others. */
export function seriesOf(cells: readonly CellSummary[], along: readonly string[]): Series[] {
  const names = varying(cells, along);
  const series = new Map<string, CellSummary[]>();
  for (const cell of cells) {
    const label = labelOf(cell, names, cell.executor);
    series.set(label, [...(series.get(label) ?? []), cell]);
  }
  return [...series].map(([label, its]) => ({ label, cells: its }));
}

/** Parts with at most so many items, as even as they can be, each with a suffix for its figure's name, title and caption: empty where one part is all. */
export function parted<Item>(
  items: readonly Item[],
  most: number = SERIES_MAX,
): {
  readonly items: readonly Item[];
  readonly nameSuffix: string;
  readonly titleSuffix: string;
  readonly captionSuffix: string;
}[] {
  const count = Math.ceil(items.length / most);
  const size = Math.ceil(items.length / Math.max(1, count));
  return Array.from({ length: count }, (_, part) => ({
    items: items.slice(part * size, (part + 1) * size),
    nameSuffix: count === 1 ? '' : `-${part + 1}`,
    titleSuffix: count === 1 ? '' : ` (${part + 1} of ${count})`,
    captionSuffix: count === 1 ? '' : ` The ${count} parts have the same scales.`,
  }));
}

/** The cells of each workload. */
export function byWorkload(cells: readonly CellSummary[]): [workload: string, cells: CellSummary[]][] {
  const groups = new Map<string, CellSummary[]>();
  for (const cell of cells) groups.set(cell.workload, [...(groups.get(cell.workload) ?? []), cell]);
  return [...groups];
}
