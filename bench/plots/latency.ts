import type { CellSummary } from '../sweep/summary.js';
import type { FigureGroup } from './figure.js';
import { type LinePoint, lineFigure } from './line-figure.js';
import { mediansOf } from './medians.js';
import { parted } from './parts.js';
import { absentTimes, type MeasuredCell, withTelemetry } from './telemetry-figures.js';
import { plottable, timeNote, timeTitle, type WallTimeOptions } from './wall-time.js';

const QUANTILES = [
  ['p50', '50'],
  ['p90', '90'],
  ['p99', '99'],
  ['p999', '99.9'],
] as const;

/** How long calls take to be committed: not a mean, which nobody waits. */
export function latency(cells: readonly CellSummary[], options: WallTimeOptions): FigureGroup {
  const figures = withTelemetry(plottable(cells, options)).flatMap(([workload, its]) =>
    parted(its).map(({ items, nameSuffix, titleSuffix, captionSuffix }) => {
      const shown = items.flatMap((each) => each.cells);
      return {
        name: `latency-${workload}${nameSuffix}`,
        title: `${workload}: latency of commits${titleSuffix}${timeTitle(shown)}`,
        caption: `Commit latency that so many of the calls stay within: ${mediansOf(shown)}. The scale is logarithmic.${timeNote(shown, options)}${captionSuffix}`,
        ...lineFigure(
          items.flatMap(pointsOf),
          { x: 'share of the calls (%)', y: 'latency (µs)', logarithmic: true },
          its.flatMap(pointsOf),
        ),
      };
    }),
  );
  return { title: 'Commit latency', figures, absent: absentTimes(figures, cells, options) };
}

function pointsOf({ label, statistics }: MeasuredCell): LinePoint[] {
  return QUANTILES.map(([quantile, x]) => ({ series: label, x, estimate: statistics.commitLatencyMicros[quantile] }));
}
