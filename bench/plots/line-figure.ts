import type { Estimate } from '../sweep/estimate.js';
import { interval, NUMBER_FORMAT, positionOf, seriesEncoding } from './encodings.js';
import type { VegaLiteSpec } from './figure.js';
import { HEIGHT, WIDTH } from './theme.js';

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
  /** Default linear, from 0. */
  readonly logarithmic?: boolean;
  /** Drawn below the lines. */
  readonly below?: readonly VegaLiteSpec[];
}

/** Medians along something, a line for each series, with bars for their intervals. */
export function lineSpec(
  points: readonly LinePoint[],
  { x, y, scale = 1, logarithmic = false, below = [] }: LineAxes,
): VegaLiteSpec {
  const values = points.map(({ series, x: position, estimate }) => ({
    series,
    x: position,
    ...interval(estimate, scale),
  }));
  const labels = [...new Set(points.map(({ series }) => series))];
  const { color, shape } = seriesEncoding(labels);
  const position = positionOf(
    points.map((point) => point.x),
    x,
  );
  const most = Math.max(...values.map(({ high }) => high));
  const yScale = logarithmic ? { type: 'log' } : { domain: [0, most > 0 ? most * 1.08 : 1], nice: true };
  const yEncoding = {
    field: 'median',
    type: 'quantitative',
    title: y,
    scale: yScale,
    axis: { format: NUMBER_FORMAT, tickCount: 6 },
  };
  return {
    width: WIDTH,
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
        mark: { type: 'point', filled: true, size: 55, opacity: 1 },
        encoding: { x: position, y: yEncoding, color, shape },
      },
    ],
  };
}
