import type { CellSummary } from '../sweep/summary.js';
import { labelOf, varying } from './dimensions.js';
import { type Dot, dotFigure } from './dot-figure.js';
import { NUMBER_FORMAT } from './encodings.js';
import type { Figure, FigureGroup } from './figure.js';
import { estimateTable } from './figure-table.js';
import { byWorkload, parted } from './series.js';
import { type MeasuredCell, withTelemetry } from './telemetry-figures.js';
import { COLOURS, ROW_WIDTH } from './theme.js';
import { leftOut, plottable, simulatedTitle, timeNote, timeTitle, type WallTimeOptions } from './wall-time.js';

/** Rows of a figure: what a phone shows at once. */
const ROWS_MAX = 16;

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
  const shown = cells.map(({ cell }) => cell);
  const most = Math.max(
    ...cells.map(({ statistics }) => KINDS.reduce((sum, [field]) => sum + statistics[field].median, 0)),
  );
  return parted(cells, ROWS_MAX).map(({ items, nameSuffix, titleSuffix, captionSuffix }) => ({
    name: `wasted-work-${workload}${nameSuffix}`,
    title: `${workload}: wasted work${titleSuffix}${timeTitle(shown)}`,
    caption: `Time of workers that sequential execution does not need, of a call: medians of the runs, each kind by itself. The length of a whole bar is the sum of these medians, and not the median of the sums. Intervals are in the table.${timeNote(shown, options)}${captionSuffix}`,
    table: estimateTable(
      ['', 'time'],
      'time (µs a call)',
      items.flatMap(({ label, statistics }) =>
        KINDS.map(([field, kind]) => ({ of: [label, kind], estimate: statistics[field] })),
      ),
      1,
    ),
    spec: {
      width: ROW_WIDTH,
      height: { step: 20 },
      data: {
        values: items.flatMap(({ label, statistics }) =>
          KINDS.map(([field, kind], order) => ({ label, kind, order, micros: statistics[field].median })),
        ),
      },
      mark: { type: 'bar', height: { band: 0.7 } },
      encoding: {
        y: { field: 'label', type: 'nominal', sort: null, title: null, axis: { ticks: false, domain: false } },
        x: {
          field: 'micros',
          type: 'quantitative',
          title: 'time (µs a call)',
          scale: { domain: [0, most > 0 ? most * 1.05 : 1], nice: true },
          axis: { tickCount: 5, format: NUMBER_FORMAT },
        },
        color: {
          field: 'kind',
          type: 'nominal',
          scale: { domain: KINDS.map(([, kind]) => kind), range: COLOURS.slice(0, KINDS.length) },
          legend: { title: null },
        },
        order: { field: 'order' },
      },
    },
  }));
}

function byExecutions(workload: string, cells: readonly CellSummary[]): Figure[] {
  const names = varying(cells);
  const dotOf = (cell: CellSummary): Dot => {
    const { median, low, high } = cell.executionsPerCall as NonNullable<CellSummary['executionsPerCall']>;
    const beyond = {
      median: median - 1,
      low: low === null ? null : low - 1,
      high: high === null ? null : high - 1,
    };
    return { label: labelOf(cell, names, cell.executor), series: workload, estimate: beyond };
  };
  return parted(cells, ROWS_MAX).map(({ items, nameSuffix, titleSuffix, captionSuffix }) => ({
    name: `wasted-executions-${workload}${nameSuffix}`,
    title: `${workload}: executions in vain${titleSuffix}${simulatedTitle(items)}`,
    caption: `Executions beyond one for each call: medians of the runs, with bootstrap 95% intervals. What they took is known with telemetry only.${captionSuffix}`,
    ...dotFigure(items.map(dotOf), { x: 'executions in vain (of 100 calls)', scale: 100 }, cells.map(dotOf)),
  }));
}
