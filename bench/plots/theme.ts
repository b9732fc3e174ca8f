import type { VegaLiteSpec } from './figure.js';
import { wrapped } from './wrapped.js';

/**
 * Colours that readers with any kind of colour vision can tell apart (Okabe and Ito, "Color Universal Design", 2008), without black and yellow, of which one cannot be seen
 * on a dark page and the other not on a white one; grey in their place. Series differ by their marks' shapes too.
 */
export const COLOURS = ['#0072B2', '#D55E00', '#009E73', '#E69F00', '#56B4E9', '#CC79A7', '#8A8A8A'] as const;
export const SHAPES = [
  'circle',
  'square',
  'triangle-up',
  'diamond',
  'cross',
  'triangle-down',
  'triangle-right',
] as const;

/** More can be told apart by nobody. */
export const SERIES_MAX = COLOURS.length;

/** What the page replaces on dark ground, see page-style.ts. */
export const INK = '#1B1F24';
export const AXIS = '#59606A';
export const GRID = '#DFE3E8';
export const PAPER = '#FFFFFF';

const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif';

/** Of a whole picture, with its titles, axes and legends: all have the same, so that a page shows all texts in one size. About that of a phone; wider pages show it larger. */
export const FIGURE_WIDTH = 400;
const PADDING = 8;
/** What is inside. */
export const INNER_WIDTH = FIGURE_WIDTH - 2 * PADDING;
export const HEIGHT = 200;
/** Of labels of rows, beside them, and of a legend: longer ones are broken. */
export const ROW_LABEL_WIDTH = 150;
export const LEGEND_LABEL_WIDTH = 340;
export const FONT_SIZE = 11;
const TITLE_SIZE = 13;
/** Of a line of a label. */
export const LINE_HEIGHT = 13;

/** Of one plot that takes the width which its axes leave. */
export const FITTED: VegaLiteSpec = { width: FIGURE_WIDTH, autosize: { type: 'fit-x', contains: 'padding' } };

/** A specification that is whole: what any program that reads Vega-Lite needs to draw it. */
export function themed(title: string, spec: VegaLiteSpec): VegaLiteSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: wrapped(title, INNER_WIDTH, TITLE_SIZE, true), anchor: 'start', frame: 'bounds' },
    background: PAPER,
    padding: PADDING,
    ...spec,
    config: {
      font: FONT,
      view: { stroke: null },
      title: { color: INK, fontSize: TITLE_SIZE, fontWeight: 600, offset: 12 },
      axis: {
        labelColor: AXIS,
        titleColor: INK,
        gridColor: GRID,
        domainColor: AXIS,
        tickColor: AXIS,
        labelFontSize: FONT_SIZE,
        titleFontSize: FONT_SIZE,
        titleFontWeight: 400,
        titlePadding: 8,
        labelLimit: 0,
      },
      legend: {
        orient: 'bottom',
        direction: 'vertical',
        columns: 1,
        layout: { bottom: { anchor: 'start', bounds: 'full' } },
        titleColor: INK,
        labelColor: INK,
        labelFontSize: FONT_SIZE,
        labelLimit: 0,
        titleFontSize: FONT_SIZE,
        titleFontWeight: 400,
        titleLimit: 340,
        symbolSize: 70,
        symbolOpacity: 1,
      },
      header: { labelColor: INK, titleColor: INK, labelFontSize: FONT_SIZE, labelLimit: 0 },
      range: { category: COLOURS },
    },
  };
}
