import type { CellSummary } from '../sweep/summary.js';
import type { Figure, FigureGroup } from './figure.js';
import { type LinePoint, lineFigure } from './line-figure.js';
import { alongParameters, type ParameterSeries, parameterPoints } from './parameter-series.js';
import { type Labelled, parted } from './parts.js';
import { aloneNote, simulatedTitle } from './wall-time.js';

/** How many executions are in vain, along whatever parameters make calls meet: of each workload, along each parameter that has several values. */
export function abortRate(cells: readonly CellSummary[]): FigureGroup {
  const parallel = cells.filter((cell) => cell.executor !== 'sequential' && cell.abortRate !== null);
  const figures = alongParameters(parallel).flatMap(ofParameter);
  const absent =
    figures.length > 0 ? null : 'no workload has several values of a parameter among the runs that are finished';
  return { title: 'Abort rate against contention', figures, absent };
}

function ofParameter({ workload, name, slug, about, cells, series }: ParameterSeries): Figure[] {
  const pointsOf = (each: Labelled): LinePoint[] => parameterPoints(each, name, (cell) => cell.abortRate);
  return parted(series, [name]).map(({ items, nameSuffix, titleSuffix, captionSuffix }) => ({
    name: `abort-rate-${slug}${nameSuffix}`,
    title: `${workload}: abort rate against ${name}${titleSuffix}${simulatedTitle(cells)}`,
    caption: `Executions that were aborted, of all executions: medians of the runs, with bootstrap 95% intervals. Those that were left where they met an ESTIMATE are not among them, but among wasted work.${about}${aloneNote(items.flatMap((each) => each.cells))}${captionSuffix}`,
    ...lineFigure(
      items.flatMap(pointsOf),
      { x: name, y: 'aborted executions (%)', scale: 100 },
      series.flatMap(pointsOf),
    ),
  }));
}
