import type { Estimate } from '../sweep/estimate.js';
import type { CellSummary } from '../sweep/summary.js';
import { type Dot, dotFigure } from './dot-figure.js';
import { interval, NUMBER_FORMAT, rowEncoding } from './encodings.js';
import type { Figure, FigureGroup, VegaLiteSpec } from './figure.js';
import { estimateTable } from './figure-table.js';
import { mediansOf } from './medians.js';
import { type Labelled, parted } from './parts.js';
import { byWorkload, seriesOf } from './series.js';
import { type MeasuredCell, withTelemetry } from './telemetry-figures.js';
import { COLOURS, FONT_SIZE, INK, INNER_WIDTH } from './theme.js';
import { leftOut, plottable, simulatedTitle, timeNote, timeTitle, type WallTimeOptions } from './wall-time.js';
import { wrapped } from './wrapped.js';

/** Rows of a figure: what a phone shows at once. */
const ROWS_MAX = 16;

/** Of the labels of rows beside panels; between panels; and what the outermost ticks take beside them. */
const PANEL_LABEL_WIDTH = 100;
const PANEL_GAP = 16;
const OUTSIDE = 20;

const KINDS = [
  ['wastedMicrosPerCall', 'executed in vain'],
  ['validationMicrosPerCall', 'validating and committing'],
  ['parkedMicrosPerCall', 'nothing to do'],
] as const;

/** What parallel execution does besides what sequential does: by time where there was telemetry, by executions elsewhere. */
export function wastedWork(cells: readonly CellSummary[], options: WallTimeOptions): FigureGroup {
  const timed = withTelemetry(plottable(cells, options)).flatMap(([workload, its]) => byTime(workload, its, options));
  const counted = byWorkload(
    cells.filter(
      (cell) => cell.executor !== 'sequential' && cell.statistics === null && cell.executionsPerCall !== null,
    ),
  ).flatMap(([workload, its]) => byExecutions(workload, its));
  const measured = cells.filter(({ executor, statistics }) => executor !== 'sequential' && statistics !== null);
  const figures = [...timed, ...counted];
  return {
    title: 'Wasted work',
    figures,
    absent: leftOut(measured, options) ?? (figures.length > 0 ? null : 'no cell of the sweep was executed in parallel'),
  };
}

function byTime(workload: string, cells: readonly MeasuredCell[], options: WallTimeOptions): Figure[] {
  return parted(cells, [], ROWS_MAX).map(({ items, nameSuffix, titleSuffix, captionSuffix }) => {
    const shown = items.flatMap((each) => each.cells);
    return {
      name: `wasted-work-${workload}${nameSuffix}`,
      title: `${workload}: wasted work${titleSuffix}${timeTitle(shown)}`,
      caption: `Time of workers that sequential execution does not need, of a call: ${mediansOf(shown)}. Each kind has a scale of its own.${timeNote(shown, options)}${captionSuffix}`,
      table: estimateTable(
        ['', 'time'],
        'time (µs a call)',
        items.flatMap(({ label, statistics }) =>
          KINDS.map(([field, kind]) => ({ of: [label, kind], estimate: statistics[field] })),
        ),
        1,
      ),
      spec: panels(items, cells),
    };
  });
}

/** A panel for each kind, side by side, with the same rows: without work, many workers lose so much that nothing else would be seen on one scale with it. */
function panels(items: readonly MeasuredCell[], all: readonly MeasuredCell[]): VegaLiteSpec {
  const { y, step, labelWidth } = rowEncoding(
    items.map(({ label }) => label),
    PANEL_LABEL_WIDTH,
  );
  const width = Math.floor((INNER_WIDTH - labelWidth - OUTSIDE) / KINDS.length) - PANEL_GAP;
  return {
    spacing: PANEL_GAP,
    hconcat: KINDS.map(([field, kind], index) => {
      const most = Math.max(...all.map(({ statistics }) => interval(statistics[field]).high));
      const values = items.map(({ label, statistics }) => ({ label, kind, ...interval(statistics[field]) }));
      const x = {
        field: 'median',
        type: 'quantitative',
        title: index === 0 ? 'time (µs a call)' : null,
        scale: { domain: [0, most > 0 ? most * 1.05 : 1] },
        axis: { tickCount: 2, format: NUMBER_FORMAT, titleAnchor: 'start', labelOverlap: 'greedy', labelSeparation: 6 },
      };
      const row = index === 0 ? y : { ...y, axis: null };
      return {
        width,
        height: items.length * step,
        title: {
          text: wrapped(kind, width, FONT_SIZE),
          fontSize: FONT_SIZE,
          fontWeight: 400,
          frame: 'group',
          offset: 6,
          anchor: 'start',
        },
        data: { values },
        layer: [
          {
            mark: { type: 'bar', height: { band: 0.6 }, color: COLOURS[index] },
            encoding: { y: row, x },
          },
          {
            mark: { type: 'rule', strokeWidth: 1.5, color: INK },
            encoding: { y: row, x: { ...x, field: 'low' }, x2: { field: 'high' } },
          },
        ],
      };
    }),
  };
}

function byExecutions(workload: string, cells: readonly CellSummary[]): Figure[] {
  const rows = seriesOf(cells, []);
  const dotOf = ({ label, cells }: Labelled): Dot => {
    const { executionsPerCall } = cells[0] as CellSummary;
    const { median, low, high } = executionsPerCall as Estimate;
    const beyond = {
      median: median - 1,
      low: low === null ? null : low - 1,
      high: high === null ? null : high - 1,
    };
    return { label, series: workload, estimate: beyond };
  };
  return parted(rows, [], ROWS_MAX).map(({ items, nameSuffix, titleSuffix, captionSuffix }) => ({
    name: `wasted-executions-${workload}${nameSuffix}`,
    title: `${workload}: executions in vain${titleSuffix}${simulatedTitle(cells)}`,
    caption: `Executions beyond one for each call: ${mediansOf(items.flatMap((each) => each.cells))}. What they took is known with telemetry only.${captionSuffix}`,
    ...dotFigure(items.map(dotOf), { x: 'executions in vain (of 100 calls)', scale: 100 }, rows.map(dotOf)),
  }));
}
