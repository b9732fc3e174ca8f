import type { CellSummary } from '../sweep/summary.js';
import { type Dot, dotFigure } from './dot-figure.js';
import type { FigureGroup } from './figure.js';
import { mediansOf } from './medians.js';
import { parted } from './parts.js';
import { absentTimes, type MeasuredCell, withTelemetry } from './telemetry-figures.js';
import { plottable, timeNote, timeTitle, type WallTimeOptions } from './wall-time.js';

const ROWS_MAX = 16;

/** What was reached of what the dependencies of a block allow. */
export function efficiency(cells: readonly CellSummary[], options: WallTimeOptions): FigureGroup {
  const figures = withTelemetry(plottable(cells, options)).flatMap(([workload, its]) =>
    parted(its, [], ROWS_MAX).map(({ items, nameSuffix, titleSuffix, captionSuffix }) => {
      const shown = items.flatMap((each) => each.cells);
      return {
        name: `efficiency-${workload}${nameSuffix}`,
        title: `${workload}: efficiency${titleSuffix}${timeTitle(shown)}`,
        caption: `Speed-up / the speed-up that the true dependencies of the block allow with so many workers: ${mediansOf(shown)}.${timeNote(shown, options)}${captionSuffix}`,
        ...dotFigure(
          items.map((each) => dotOf(each, workload)),
          { x: 'efficiency (%)', scale: 100, reference: 100 },
          its.map((each) => dotOf(each, workload)),
        ),
      };
    }),
  );
  return { title: 'Efficiency', figures, absent: absentTimes(figures, cells, options) };
}

function dotOf({ label, statistics }: MeasuredCell, series: string): Dot {
  return { label, series, estimate: statistics.efficiency };
}
