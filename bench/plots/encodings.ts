import type { Estimate } from '../sweep/estimate.js';
import type { VegaLiteSpec } from './figure.js';
import { AXIS, COLOURS, SHAPES } from './theme.js';

/** Decimal digits, without zeros at their end, thousands separated. */
export const NUMBER_FORMAT = ',~r';

/** A median and its interval as columns of a figure's data; without an interval both ends are the median, and no bar is seen. */
export function interval({ median, low, high }: Estimate, scale = 1): { median: number; low: number; high: number } {
  return { median: median * scale, low: (low ?? median) * scale, high: (high ?? median) * scale };
}

/** A series by colour and shape, so that either is enough; both in one legend. No legend where there is one series only. */
export function seriesEncoding(labels: readonly string[]): { color: VegaLiteSpec; shape: VegaLiteSpec } {
  const legend = labels.length > 1 ? { title: null } : null;
  const of = (range: readonly string[]): VegaLiteSpec => ({
    field: 'series',
    type: 'nominal',
    scale: { domain: labels, range: range.slice(0, labels.length) },
    legend,
  });
  return { color: of(COLOURS), shape: of(SHAPES) };
}

/** A position by a number, or by a name where it is none: by a scale that all of `values` are on. Whole orders of magnitude between numbers ask for a logarithmic scale; with 0 among them, for one that is linear up to the least of the others. */
export function positionOf(values: readonly (number | string)[], title: string): VegaLiteSpec {
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length < values.length) {
    return {
      field: 'x',
      type: 'nominal',
      sort: null,
      title,
      axis: { labelAngle: 0 },
      scale: { type: 'point', padding: 0.5, domain: [...new Set(values)] },
    };
  }
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const ticks = [...new Set(numbers)].sort((left, right) => left - right);
  const leastPositive = Math.min(...numbers.filter((value) => value > 0));
  const isWide = least >= 0 && most / leastPositive >= 20;
  // Prefixes (10k) are short, but nobody writes 100m for a tenth.
  const format = ticks.every(Number.isInteger) ? '~s' : NUMBER_FORMAT;
  const axis = { values: ticks, format, labelOverlap: 'greedy', grid: false };
  return {
    field: 'x',
    type: 'quantitative',
    title,
    axis,
    scale: { domain: [least, most], ...(isWide ? wideScale(least, leastPositive) : { zero: false, padding: 8 }) },
  };
}

function wideScale(least: number, leastPositive: number): VegaLiteSpec {
  return least > 0 ? { type: 'log' } : { type: 'symlog', constant: leastPositive };
}

/** A line across the figure at a value that others are read against. */
export function reference(channel: 'x' | 'y', value: number): VegaLiteSpec {
  return {
    data: { values: [{}] },
    mark: { type: 'rule', color: AXIS, strokeDash: [4, 3] },
    encoding: { [channel]: { datum: value } },
  };
}
