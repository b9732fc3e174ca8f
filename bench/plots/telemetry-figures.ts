import type { CellSummary } from '../sweep/summary.js';
import { labelOf, varying } from './dimensions.js';
import type { Figure } from './figure.js';
import type { Labelled } from './parts.js';
import { byWorkload } from './series.js';
import { leftOut, type WallTimeOptions } from './wall-time.js';

/** A cell whose runs had telemetry, with what it is among those of its workload. */
export interface MeasuredCell extends Labelled {
  readonly statistics: NonNullable<CellSummary['statistics']>;
}

/** Why there is no figure of what only telemetry knows. */
export const NO_TELEMETRY = 'no run of the sweep had telemetry ("stats": true in the spec)';

/** Why there is no figure of times that only telemetry knows, or not of all cells; null where all are shown. */
export function absentTimes(
  figures: readonly Figure[],
  cells: readonly CellSummary[],
  options: WallTimeOptions,
): string | null {
  if (figures.length === 0) return NO_TELEMETRY;
  const measured = cells.filter(({ statistics }) => statistics !== null);
  return leftOut(measured, options);
}

/** The parallel cells of each workload that had telemetry: of sequential execution it has nothing to say. */
export function withTelemetry(cells: readonly CellSummary[]): [workload: string, cells: MeasuredCell[]][] {
  return byWorkload(cells.filter(({ executor, statistics }) => executor !== 'sequential' && statistics !== null)).map(
    ([workload, its]) => {
      const names = varying(its);
      const measured = its.map((cell) => ({
        label: labelOf(cell, names, cell.executor),
        cells: [cell],
        statistics: cell.statistics as MeasuredCell['statistics'],
      }));
      return [workload, measured];
    },
  );
}
