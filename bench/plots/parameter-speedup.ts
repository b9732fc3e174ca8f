import type { CellSummary } from '../sweep/summary.js';
import { reference } from './encodings.js';
import type { Figure, FigureGroup } from './figure.js';
import { type LinePoint, lineFigure } from './line-figure.js';
import { mediansOf } from './medians.js';
import { alongParameters, type ParameterSeries, parameterPoints } from './parameter-series.js';
import { type Labelled, parted } from './parts.js';
import { leftOut, plottable, timeNote, timeTitle, type WallTimeOptions } from './wall-time.js';

/** How much faster than sequential, along the same parameters as the abort rate: what the aborts cost. */
export function parameterSpeedup(cells: readonly CellSummary[], options: WallTimeOptions): FigureGroup {
  const parallel = cells.filter(({ executor }) => executor !== 'sequential');
  const figures = alongParameters(plottable(parallel, options)).flatMap((along) => ofParameter(along, options));
  // Where all cells give no figure, showing those that are left out would not either.
  const isAny = alongParameters(plottable(parallel, { ...options, oversubscribed: true })).length > 0;
  const none = isAny ? null : 'no workload has several values of a parameter among the runs that are finished';
  return { title: 'Speed-up against contention', figures, absent: none ?? leftOut(parallel, options) };
}

function ofParameter({ workload, name, slug, about, series }: ParameterSeries, options: WallTimeOptions): Figure[] {
  const pointsOf = (each: Labelled): LinePoint[] => parameterPoints(each, name, (cell) => cell.speedup);
  return parted(series, [name]).map(({ items, nameSuffix, titleSuffix, captionSuffix }) => {
    const shown = items.flatMap((each) => each.cells);
    return {
      name: `speedup-${slug}${nameSuffix}`,
      title: `${workload}: speed-up against ${name}${titleSuffix}${timeTitle(shown)}`,
      caption: `Time of sequential execution / time of the same block: ${mediansOf(shown)}. Dashed: as fast as sequential.${about}${timeNote(shown, options)}${captionSuffix}`,
      ...lineFigure(
        items.flatMap(pointsOf),
        { x: name, y: 'speed-up (times sequential)', reaches: 1, below: [reference('y', 1)] },
        series.flatMap(pointsOf),
      ),
    };
  });
}
