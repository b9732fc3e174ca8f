import type { Estimate } from '../sweep/estimate.js';
import type { CellSummary } from '../sweep/summary.js';
import { changedPolicy } from '../sweep/sweep-cell.js';
import { worded } from './dimensions.js';
import { type Dot, dotFigure } from './dot-figure.js';
import type { Figure, FigureGroup } from './figure.js';
import { mediansOf } from './medians.js';
import { type Labelled, parted } from './parts.js';
import { byWorkload, seriesOf } from './series.js';
import {
  aloneNote,
  leftOut,
  plottable,
  simulatedTitle,
  timeNote,
  timeTitle,
  type WallTimeOptions,
} from './wall-time.js';

/** Rows have room for so many dots above one another. */
const SERIES_IN_FIGURE = 5;

const FLAGS = ['validate', 'grain', 'estimates', 'suspend', 'deltas'];

/** What each policy is worth: the same cells with one thing otherwise. */
export function ablations(cells: readonly CellSummary[], options: WallTimeOptions): FigureGroup {
  const parallel = cells.filter(({ executor, runs }) => executor !== 'sequential' && runs > 0);
  const figures = [
    ...byWorkload(plottable(parallel, options)).flatMap(([workload, its]) => speedups(workload, its, options)),
    ...byWorkload(parallel).flatMap(([workload, its]) => abortRates(workload, its)),
  ];
  const none = figures.length > 0 ? null : 'no workload has several policies among the runs that are finished';
  return { title: 'Ablations', figures, absent: none ?? leftOut(parallel, options) };
}

function speedups(workload: string, cells: readonly CellSummary[], options: WallTimeOptions): Figure[] {
  const series = compared(cells);
  return parted(series, FLAGS, SERIES_IN_FIGURE).map(({ items, nameSuffix, titleSuffix, captionSuffix }) => {
    const shown = items.flatMap((each) => each.cells);
    return {
      name: `ablations-${workload}${nameSuffix}`,
      title: `${workload}: speed-up by policy${titleSuffix}${timeTitle(shown)}`,
      caption: `Time of sequential execution / time of the same block under each policy: ${mediansOf(shown)}. Dashed: as fast as sequential.${timeNote(shown, options)}${captionSuffix}`,
      ...dotFigure(dots(items, 'speedup'), { x: 'speed-up (times sequential)', reference: 1 }, dots(series, 'speedup')),
    };
  });
}

function abortRates(workload: string, cells: readonly CellSummary[]): Figure[] {
  const series = compared(cells);
  return parted(series, FLAGS, SERIES_IN_FIGURE).map(({ items, nameSuffix, titleSuffix, captionSuffix }) => {
    const shown = items.flatMap((each) => each.cells);
    return {
      name: `ablations-aborts-${workload}${nameSuffix}`,
      title: `${workload}: abort rate by policy${titleSuffix}${simulatedTitle(shown)}`,
      caption: `Executions that were aborted, of all executions, under each policy: ${mediansOf(shown)}.${aloneNote(shown)}${captionSuffix}`,
      ...dotFigure(dots(items, 'abortRate'), { x: 'aborted executions (%)', scale: 100 }, dots(series, 'abortRate')),
    };
  });
}

function compared(cells: readonly CellSummary[]): Labelled[] {
  return seriesOf(cells, FLAGS).filter((each) => each.cells.length > 1);
}

function dots(series: readonly Labelled[], measure: 'speedup' | 'abortRate'): Dot[] {
  return series.flatMap(({ label, cells }) =>
    cells.map((cell) => ({ label: policyLabel(cell), series: label, estimate: cell[measure] as Estimate })),
  );
}

/** `deltas off, grain 16`, or `default`. */
function policyLabel({ policy }: CellSummary): string {
  const changed = Object.entries(changedPolicy(policy)).map(([flag, value]) => `${flag} ${worded(value)}`);
  return changed.length === 0 ? 'default' : changed.join(', ');
}
