import type { Estimate } from '../sweep/estimate.js';
import { interval, NUMBER_FORMAT, positionOf, seriesEncoding } from './encodings.js';
import type { Figure, VegaLiteSpec } from './figure.js';
import { estimateTable } from './figure-table.js';
import { FITTED, HEIGHT } from './theme.js';

/** Areas of marks in square pixels: of the first line, of the last, and where there is one only. */
const LARGEST = 150;
const SMALLEST = 20;
const SINGLE = 55;

/** A point of a line. */
export interface LinePoint {
  readonly series: string;
  readonly x: number | string;
  readonly estimate: Estimate;
}

export interface LineAxes {
  /** Titles, with units. */
  readonly x: string;
  readonly y: string;
  /** What a unit of the estimates is in the axis's unit: 100 for a share in percent. Default 1. */
  readonly scale?: number;
  /** Default linear, from 0. What is 0 has no place on a logarithmic one, and is in the table only. */
  readonly logarithmic?: boolean;
  /** What the linear y axis reaches at least, for what is drawn below the lines. Default 0: it ends with the largest interval. */
  readonly reaches?: number;
  /** Drawn below the lines. */
  readonly below?: readonly VegaLiteSpec[];
}

/**
 * Medians along something, a line for each series, with bars for their intervals.
 * @param all those of all parts of a figure: they have the same scales. Default: this is all.
 */
export function lineFigure(
  points: readonly LinePoint[],
  axes: LineAxes,
  all: readonly LinePoint[] = points,
): Pick<Figure, 'spec' | 'table'> {
  const entries = points.map(({ series, x, estimate }) => ({ of: [series, x], estimate }));
  return { spec: lineSpec(points, axes, all), table: estimateTable(['', axes.x], axes.y, entries, axes.scale ?? 1) };
}

/** Marks that are drawn later are smaller: where lines lie on one another, each is seen around those above it. */
function sizeOf(labels: readonly string[], legend: unknown): VegaLiteSpec {
  // A scale has no place for a single line.
  if (labels.length === 1) return { value: SINGLE };
  const step = (LARGEST - SMALLEST) / (labels.length - 1);
  const range = labels.map((_, index) => LARGEST - index * step);
  return { field: 'series', type: 'ordinal', legend, scale: { domain: labels, range } };
}

function lineSpec(
  points: readonly LinePoint[],
  { x, y, scale = 1, logarithmic = false, reaches = 0, below = [] }: LineAxes,
  all: readonly LinePoint[],
): VegaLiteSpec {
  const valuesOf = (some: readonly LinePoint[]) =>
    some
      .map(({ series, x: position, estimate }) => ({ series, x: position, ...interval(estimate, scale) }))
      .filter(({ median }) => !logarithmic || median > 0)
      .map((value) => ({ ...value, low: logarithmic && value.low <= 0 ? value.median : value.low }));
  const values = valuesOf(points);
  const extent = valuesOf(all);
  const labels = [...new Set(points.map(({ series }) => series))];
  const { color, shape } = seriesEncoding(labels);
  const position = positionOf(
    all.map((point) => point.x),
    x,
  );
  const most = Math.max(reaches, ...extent.map(({ high }) => high));
  const least = Math.min(...extent.map(({ low }) => low));
  const yScale = logarithmic
    ? { type: 'log', ...(extent.length > 0 && { domain: [least / 1.2, most * 1.2] }) }
    : { domain: [0, most > 0 ? most * 1.08 : 1], nice: true };
  const yEncoding = {
    field: 'median',
    type: 'quantitative',
    title: y,
    scale: yScale,
    axis: { format: NUMBER_FORMAT, tickCount: 6 },
  };
  return {
    ...FITTED,
    height: HEIGHT,
    data: { values },
    layer: [
      ...below,
      {
        mark: { type: 'rule', strokeWidth: 1.5, opacity: 0.6 },
        encoding: { x: position, y: { ...yEncoding, field: 'low' }, y2: { field: 'high' }, color },
      },
      { mark: { type: 'line', strokeWidth: 1.5 }, encoding: { x: position, y: yEncoding, color } },
      {
        mark: { type: 'point', filled: true, opacity: 1 },
        encoding: { x: position, y: yEncoding, color, shape, size: sizeOf(labels, color.legend) },
      },
    ],
  };
}
