import type { CellSummary } from '../sweep/summary.js';
import { changedPolicy } from '../sweep/sweep-cell.js';
import { byWorkload } from './series.js';

/**
 * The cells of figures that are not about policies: those with every policy as it is by default. What each policy does is in the figures of the ablations, and a line for
 * each of them here would hide what these show. Of a workload that a sweep executes under other policies only, all. Sequential execution has no policies, and is no reason to leave out what has.
 */
export function withBasePolicy(cells: readonly CellSummary[]): readonly CellSummary[] {
  return byWorkload(cells).flatMap(([, its]) => {
    const isBase = ({ executor, policy }: CellSummary): boolean =>
      executor === 'sequential' || Object.keys(changedPolicy(policy)).length === 0;
    return its.some((cell) => cell.executor !== 'sequential' && isBase(cell)) ? its.filter(isBase) : its;
  });
}
