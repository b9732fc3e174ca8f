import type { Estimate } from '../sweep/estimate.js';
import type { VegaLiteSpec } from './figure.js';
import { textWidth } from './text-width.js';
import { AXIS, COLOURS, FONT_SIZE, LEGEND_LABEL_WIDTH, LINE_HEIGHT, ROW_LABEL_WIDTH, SHAPES } from './theme.js';
import { wrapped, wrappedLabels } from './wrapped.js';

/** What is between the labels of two rows. */
const ROW_GAP = 7;

/** Decimal digits, without zeros at their end, thousands separated. */
export const NUMBER_FORMAT = ',~r';

/** A median and its interval as columns of a figure's data; without an interval both ends are the median, and no bar is seen. */
export function interval({ median, low, high }: Estimate, scale = 1): { median: number; low: number; high: number } {
  return { median: median * scale, low: (low ?? median) * scale, high: (high ?? median) * scale };
}

/** A series by colour and shape, so that either is enough; both in one legend. No legend where there is one series only. */
export function seriesEncoding(labels: readonly string[]): { color: VegaLiteSpec; shape: VegaLiteSpec } {
  const legend = labels.length > 1 ? legendOf(labels) : null;
  const of = (range: readonly string[]): VegaLiteSpec => ({
    field: 'series',
    type: 'nominal',
    scale: { domain: labels, range: range.slice(0, labels.length) },
    legend,
  });
  return { color: of(COLOURS), shape: of(SHAPES) };
}

/** The legend of these labels, whole. */
export function legendOf(labels: readonly string[]): VegaLiteSpec {
  return { title: null, labelExpr: wrappedLabels(labels, LEGEND_LABEL_WIDTH, FONT_SIZE) };
}

/**
 * Rows of the field `label`, from the top down as they come, with whole labels.
 * @returns what they take in pixels: from one row to the next at least, and the widest label, which is `widthMax` at most.
 */
export function rowEncoding(
  labels: readonly string[],
  widthMax = ROW_LABEL_WIDTH,
): { readonly y: VegaLiteSpec; readonly step: number; readonly labelWidth: number } {
  const lines = labels.map((label) => wrapped(label, widthMax, FONT_SIZE));
  const most = Math.max(...lines.map(({ length }) => length));
  const labelExpr = wrappedLabels(labels, widthMax, FONT_SIZE);
  // The first line would be in the middle of the row.
  const offsets = Array.from({ length: most - 1 }, (_, index) => ({
    test: `${labelExpr}.length === ${index + 2}`,
    value: (-(index + 1) * LINE_HEIGHT) / 2,
  }));
  const labelOffset = offsets.length === 0 ? {} : { labelOffset: { condition: offsets, value: 0 } };
  const axis = {
    ticks: false,
    domain: false,
    labelPadding: 6,
    labelLineHeight: LINE_HEIGHT,
    labelExpr,
    ...labelOffset,
  };
  return {
    y: { field: 'label', type: 'nominal', sort: null, title: null, axis },
    step: most * LINE_HEIGHT + ROW_GAP,
    labelWidth: Math.max(...lines.flat().map((line) => textWidth(line, FONT_SIZE, false))),
  };
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
  // Prefixes (10k) are short, but nobody writes 100m for a tenth. An axis's own format has one prefix for all: 0.1k for 100.
  const format = ticks.every(Number.isInteger) ? '~s' : NUMBER_FORMAT;
  const axis = { values: ticks, labelExpr: `format(datum.value, '${format}')`, labelOverlap: 'greedy', grid: false };
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
