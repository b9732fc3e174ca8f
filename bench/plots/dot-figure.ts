import type { Estimate } from '../sweep/estimate.js';
import { interval, NUMBER_FORMAT, reference, rowEncoding, seriesEncoding } from './encodings.js';
import type { Figure, VegaLiteSpec } from './figure.js';
import { estimateTable } from './figure-table.js';
import { FITTED } from './theme.js';

/** A dot: a median in the row of a label. */
export interface Dot {
  readonly label: string;
  readonly series: string;
  readonly estimate: Estimate;
}

export interface DotAxis {
  /** Its title, with the unit. */
  readonly x: string;
  /** What a unit of the estimates is in the axis's unit. Default 1. */
  readonly scale?: number;
  /** A value that the others are read against. */
  readonly reference?: number;
}

const SERIES_IN_ROW = 9;

/**
 * Medians side by side, a row for each label and a dot for each series in it, with bars for their intervals.
 * @param all those of all parts of a figure: they have the same scale. Default: this is all.
 */
export function dotFigure(
  dots: readonly Dot[],
  axis: DotAxis,
  all: readonly Dot[] = dots,
): Pick<Figure, 'spec' | 'table'> {
  const entries = dots.map(({ label, series, estimate }) => ({ of: [label, series], estimate }));
  return { spec: dotSpec(dots, axis, all), table: estimateTable(['', 'of'], axis.x, entries, axis.scale ?? 1) };
}

function dotSpec(
  dots: readonly Dot[],
  { x, scale = 1, reference: against }: DotAxis,
  all: readonly Dot[],
): VegaLiteSpec {
  const values = dots.map(({ label, series, estimate }) => ({ label, series, ...interval(estimate, scale) }));
  const labels = [...new Set(dots.map(({ series }) => series))];
  const { color, shape } = seriesEncoding(labels);
  const most = Math.max(against ?? 0, ...all.map(({ estimate }) => interval(estimate, scale).high));
  const position = {
    field: 'median',
    type: 'quantitative',
    title: x,
    scale: { domain: [0, most > 0 ? most * 1.05 : 1], nice: true },
    axis: { tickCount: 5, format: NUMBER_FORMAT },
  };
  const rows = [...new Set(dots.map(({ label }) => label))];
  const { y, step } = rowEncoding(rows);
  const row = { ...y, axis: { ...(y.axis as VegaLiteSpec), grid: true } };
  const yOffset = labels.length > 1 ? { yOffset: { field: 'series', type: 'nominal', sort: labels } } : {};
  return {
    ...FITTED,
    height: rows.length * Math.max(step, labels.length * SERIES_IN_ROW + 6),
    data: { values },
    layer: [
      ...(against === undefined ? [] : [reference('x', against)]),
      {
        mark: { type: 'rule', strokeWidth: 1.5, opacity: 0.6 },
        encoding: { y: row, ...yOffset, x: { ...position, field: 'low' }, x2: { field: 'high' }, color },
      },
      {
        mark: { type: 'point', filled: true, size: 50, opacity: 1 },
        encoding: { y: row, ...yOffset, x: position, color, shape },
      },
    ],
  };
}
