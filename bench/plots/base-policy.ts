import type { CellSummary } from '../sweep/summary.js';
import { changedPolicy } from '../sweep/sweep-cell.js';

/**
 * The cells of figures that are not about policies: those with every policy as it is by default. What each policy does is in the figures of the ablations, and a line for
 * each of them here would hide what these show. Where a sweep has none of them, all.
 */
export function withBasePolicy(cells: readonly CellSummary[]): readonly CellSummary[] {
  const base = cells.filter(({ policy }) => Object.keys(changedPolicy(policy)).length === 0);
  return base.length === 0 ? cells : base;
}
