import type { Estimate } from '../sweep/estimate.js';

/** The numbers of a figure, for whoever cannot see it or wants to read them off. */
export interface FigureTable {
  readonly columns: readonly string[];
  /** As many cells as there are columns; null where there is nothing to say. */
  readonly rows: readonly (readonly (number | string | null)[])[];
}

/** A median of a figure: what it is of, and in the axis's unit how large. */
export interface TableEntry {
  readonly of: readonly (number | string)[];
  readonly estimate: Estimate;
}

/** Medians with their intervals. `columns` names what they are of; `value` is the axis, with its unit; `scale` what a unit of the estimates is in it. */
export function estimateTable(
  columns: readonly string[],
  value: string,
  entries: readonly TableEntry[],
  scale: number,
): FigureTable {
  const scaled = (each: number | null): number | null => (each === null ? null : each * scale);
  return {
    columns: [...columns, value, '95% from', 'to'],
    rows: entries.map(({ of, estimate: { median, low, high } }) => [...of, scaled(median), scaled(low), scaled(high)]),
  };
}
