import type { CellSummary } from '../sweep/summary.js';
import { labelOf, varying } from './dimensions.js';
import type { Labelled } from './parts.js';

/** Cells that differ in `along` only are a series; its label says in what it differs from the others. */
export function seriesOf(cells: readonly CellSummary[], along: readonly string[]): Labelled[] {
  const names = varying(cells, along);
  const series = new Map<string, CellSummary[]>();
  for (const cell of cells) {
    const label = labelOf(cell, names, cell.executor);
    series.set(label, [...(series.get(label) ?? []), cell]);
  }
  return [...series].map(([label, its]) => ({ label, cells: its }));
}

/** The cells of each workload. */
export function byWorkload(cells: readonly CellSummary[]): [workload: string, cells: CellSummary[]][] {
  const groups = new Map<string, CellSummary[]>();
  for (const cell of cells) groups.set(cell.workload, [...(groups.get(cell.workload) ?? []), cell]);
  return [...groups];
}
