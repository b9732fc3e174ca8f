import type { CellSummary } from '../sweep/summary.js';
import { reference } from './encodings.js';
import type { Figure, FigureGroup, VegaLiteSpec } from './figure.js';
import { type LinePoint, lineFigure } from './line-figure.js';
import { mediansOf } from './medians.js';
import { type Labelled, parted } from './parts.js';
import { byWorkload, seriesOf } from './series.js';
import { AXIS } from './theme.js';
import { leftOut, plottable, timeNote, timeTitle, type WallTimeOptions } from './wall-time.js';

/** How much faster than sequential with more and more workers. */
export function speedup(cells: readonly CellSummary[], options: WallTimeOptions): FigureGroup {
  const parallel = cells.filter(({ executor }) => executor !== 'sequential');
  const figures = alongWorkers(plottable(parallel, options)).flatMap(([workload, series]) =>
    ofWorkload(workload, series, options),
  );
  // Where all cells give no figure, showing those that are left out would not either.
  const isAny = alongWorkers(plottable(parallel, { ...options, oversubscribed: true })).length > 0;
  const none = isAny ? null : 'no workload has several numbers of workers among the runs that are finished';
  return { title: 'Speed-up against workers', figures, absent: none ?? leftOut(parallel, options) };
}

/** Of the workloads that have any, the series with several numbers of workers. */
function alongWorkers(cells: readonly CellSummary[]): [workload: string, series: Labelled[]][] {
  return byWorkload(cells)
    .map(([workload, its]): [string, Labelled[]] => [
      workload,
      seriesOf(its, ['workers']).filter((each) => each.cells.length > 1),
    ])
    .filter(([, series]) => series.length > 0);
}

function ofWorkload(workload: string, series: readonly Labelled[], options: WallTimeOptions): Figure[] {
  const all = series.flatMap(pointsOf);
  return parted(series, ['workers']).map(({ items, nameSuffix, titleSuffix, captionSuffix }) => {
    const shown = items.flatMap((each) => each.cells);
    const most = Math.max(...all.map(({ x }) => Number(x)));
    return {
      name: `speedup-${workload}${nameSuffix}`,
      title: `${workload}: speed-up against workers${titleSuffix}${timeTitle(shown)}`,
      caption: `Time of sequential execution / time of the same block with so many workers: ${mediansOf(shown)}. Dashed: as fast as sequential; dotted: as many times as fast as there are workers.${timeNote(shown, options)}${captionSuffix}`,
      ...lineFigure(
        items.flatMap(pointsOf),
        { x: 'workers', y: 'speed-up (times sequential)', reaches: 1, below: [reference('y', 1), linear(most)] },
        all,
      ),
    };
  });
}

function pointsOf({ label, cells }: Labelled): LinePoint[] {
  return cells.map((cell) => ({
    series: label,
    x: cell.workers,
    estimate: cell.speedup as NonNullable<CellSummary['speedup']>,
  }));
}

/** As many times as fast as there are workers, as far as that is in the picture. */
function linear(workers: number): VegaLiteSpec {
  return {
    data: { values: Array.from({ length: workers }, (_, index) => ({ x: index + 1, y: index + 1 })) },
    mark: { type: 'line', color: AXIS, strokeDash: [1, 3], clip: true },
    encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } },
  };
}
