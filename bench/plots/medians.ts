import { VALUES_FOR_INTERVAL } from '../statistics.js';
import type { CellSummary } from '../sweep/summary.js';

/** What the marks of a figure of these cells are, for its caption: of fewer runs there is no interval, and nobody is to take a mark without a bar for an exact one. */
export function mediansOf(cells: readonly CellSummary[]): string {
  const enough = cells.filter(({ runs }) => runs >= VALUES_FOR_INTERVAL).length;
  if (enough === 0) return `medians of the runs (no intervals: they take ${VALUES_FOR_INTERVAL} runs)`;
  const where = enough === cells.length ? '' : `, where a cell has the ${VALUES_FOR_INTERVAL} runs that they take`;
  return `medians of the runs, with bootstrap 95% intervals${where}`;
}
