import type { CellSummary } from '../sweep/summary.js';
import type { Figure, FigureGroup } from './figure.js';
import { type LinePoint, lineFigure } from './line-figure.js';
import { mediansOf } from './medians.js';
import { alongParameters, parameterPoints } from './parameter-series.js';
import { type Labelled, parted } from './parts.js';
import { byWorkload, seriesOf } from './series.js';
import { aloneNote, simulatedTitle } from './wall-time.js';

/** How many executions are in vain, along whatever parameters make calls meet: of each workload, along each parameter that has several values. */
export function abortRate(cells: readonly CellSummary[]): FigureGroup {
  const figures = alongParameters(counted(cells)).flatMap((along) =>
    ofSeries(along.series, along.name, `${along.workload}: abort rate against ${along.name}`, along.slug, along.about),
  );
  const absent =
    figures.length > 0 ? null : 'no workload has several values of a parameter among the runs that are finished';
  return { title: 'Abort rate against contention', figures, absent };
}

/** The same with more and more workers. More than there are cores are shown too: this is no time. */
export function abortRateByWorkers(cells: readonly CellSummary[]): FigureGroup {
  const figures = byWorkload(counted(cells)).flatMap(([workload, its]) => {
    const series = seriesOf(its, ['workers']).filter((each) => each.cells.length > 1);
    return ofSeries(series, 'workers', `${workload}: abort rate against workers`, `workers-${workload}`, '');
  });
  const absent =
    figures.length > 0 ? null : 'no workload has several numbers of workers among the runs that are finished';
  return { title: 'Abort rate against workers', figures, absent };
}

function counted(cells: readonly CellSummary[]): CellSummary[] {
  return cells.filter((cell) => cell.executor !== 'sequential' && cell.abortRate !== null);
}

function ofSeries(series: readonly Labelled[], x: string, title: string, slug: string, about: string): Figure[] {
  const pointsOf = (each: Labelled): LinePoint[] => parameterPoints(each, x, (cell) => cell.abortRate);
  return parted(series, [x]).map(({ items, nameSuffix, titleSuffix, captionSuffix }) => {
    const shown = items.flatMap((each) => each.cells);
    return {
      name: `abort-rate-${slug}${nameSuffix}`,
      title: `${title}${titleSuffix}${simulatedTitle(shown)}`,
      caption: `Executions that were aborted, of all executions: ${mediansOf(shown)}. Those that were left where they met an ESTIMATE are not among them, but among wasted work.${about}${aloneNote(shown)}${captionSuffix}`,
      ...lineFigure(items.flatMap(pointsOf), { x, y: 'aborted executions (%)', scale: 100 }, series.flatMap(pointsOf)),
    };
  });
}
