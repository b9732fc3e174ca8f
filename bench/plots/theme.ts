import type { VegaLiteSpec } from './figure.js';

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

/** Made for the width of a phone: wider pages show it larger. */
export const WIDTH = 300;
export const HEIGHT = 200;
/** Where labels of rows stand beside. */
export const ROW_WIDTH = 200;

/** A specification that is whole: what any program that reads Vega-Lite needs to draw it. */
export function themed(title: string, spec: VegaLiteSpec): VegaLiteSpec {
  return {
    $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
    title: { text: title, anchor: 'start', frame: 'bounds' },
    background: PAPER,
    padding: 8,
    ...spec,
    config: {
      font: FONT,
      view: { stroke: null },
      title: { color: INK, fontSize: 13, fontWeight: 600, offset: 12 },
      axis: {
        labelColor: AXIS,
        titleColor: INK,
        gridColor: GRID,
        domainColor: AXIS,
        tickColor: AXIS,
        labelFontSize: 11,
        titleFontSize: 11,
        titleFontWeight: 400,
        titlePadding: 8,
        labelLimit: 230,
      },
      legend: {
        orient: 'bottom',
        direction: 'vertical',
        columns: 1,
        titleColor: INK,
        labelColor: INK,
        labelFontSize: 11,
        labelLimit: 340,
        titleFontSize: 11,
        titleFontWeight: 400,
        titleLimit: 340,
        symbolSize: 70,
        symbolOpacity: 1,
      },
      header: { labelColor: INK, titleColor: INK, labelFontSize: 11, labelLimit: 340 },
      range: { category: COLOURS },
    },
  };
}
