import type { CellSummary } from '../sweep/summary.js';
import type { FigureGroup } from './figure.js';
import { parted } from './parts.js';
import { type MeasuredCell, NO_TELEMETRY, withTelemetry } from './telemetry-figures.js';
import { COLOURS, FONT_SIZE, INNER_WIDTH } from './theme.js';
import { simulatedTitle } from './wall-time.js';
import { wrappedLabels } from './wrapped.js';

/** Histograms below one another. */
const ROWS_MAX = 9;
/** Of the vertical axis, with its title. */
const AXIS_EXTENT = 36;
const AXIS_WIDTH = AXIS_EXTENT + 20;
/** Bars of a histogram: the last one is of all beyond. */
const BARS_MAX = 12;

/** How many times calls were executed until they held. */
export function incarnations(cells: readonly CellSummary[]): FigureGroup {
  const figures = withTelemetry(cells).flatMap(([workload, its]) =>
    parted(its, [], ROWS_MAX).map(({ items, nameSuffix, titleSuffix, captionSuffix }) => {
      const least = leastOf(its);
      return {
        name: `incarnations-${workload}${nameSuffix}`,
        title: `${workload}: incarnations of calls${titleSuffix}${simulatedTitle(items.flatMap((each) => each.cells))}`,
        table: {
          columns: ['', 'incarnations of a call', 'calls (%)'],
          rows: items.flatMap(({ label, statistics }) =>
            bars(statistics.incarnationShares).map(({ incarnations, percent }) => [label, incarnations, percent]),
          ),
        },
        caption: `Share of the calls that were executed so many times, over all runs. The scale is logarithmic: most calls are executed once.${captionSuffix}`,
        spec: {
          data: {
            values: items.flatMap(({ label, statistics }) =>
              bars(statistics.incarnationShares).map((bar) => ({ label, ...bar })),
            ),
          },
          // A label above each, and not beside: that would leave no room for the bars.
          facet: {
            row: {
              field: 'label',
              type: 'nominal',
              sort: items.map(({ label }) => label),
              title: null,
              header: {
                orient: 'top',
                labelAnchor: 'start',
                labelExpr: wrappedLabels(
                  items.map(({ label }) => label),
                  INNER_WIDTH,
                  FONT_SIZE,
                ),
              },
            },
          },
          spacing: 14,
          spec: {
            width: INNER_WIDTH - AXIS_WIDTH,
            height: 70,
            mark: { type: 'bar', color: COLOURS[0], width: { band: 0.8 } },
            encoding: {
              x: {
                field: 'incarnations',
                type: 'ordinal',
                scale: { domain: barNames(its) },
                title: 'incarnations of a call',
                axis: { labelAngle: 0 },
              },
              y: {
                field: 'percent',
                type: 'quantitative',
                title: 'calls (%)',
                scale: { type: 'log', domain: [least, 100], clamp: true },
                axis: { values: [0.001, 0.1, 10], format: '~g', minExtent: AXIS_EXTENT, maxExtent: AXIS_EXTENT },
              },
              y2: { datum: least },
            },
          },
        },
      };
    }),
  );
  return { title: 'Incarnations', figures, absent: figures.length > 0 ? null : NO_TELEMETRY };
}

/** Of the longest histogram, and those between that it may not have. */
function barNames(items: readonly MeasuredCell[]): string[] {
  const most = Math.max(...items.map(({ statistics }) => statistics.incarnationShares.length));
  const names = Array.from({ length: Math.min(most, BARS_MAX - 1) }, (_, index) => String(index + 1));
  return most < BARS_MAX ? names : [...names, `${BARS_MAX}+`];
}

/** Where the axis begins: below the rarest, so that its bar is seen. */
function leastOf(items: readonly MeasuredCell[]): number {
  const shares = items.flatMap(({ statistics }) => bars(statistics.incarnationShares).map(({ percent }) => percent));
  return Math.min(0.001, 10 ** Math.floor(Math.log10(Math.min(...shares)) - 0.1));
}

function bars(shares: readonly number[]): { incarnations: string; percent: number }[] {
  const shown = shares
    .slice(0, BARS_MAX - 1)
    .map((share, index) => ({ incarnations: String(index + 1), percent: share * 100 }));
  const beyond = shares.slice(BARS_MAX - 1).reduce((sum, share) => sum + share, 0);
  const all = beyond > 0 ? [...shown, { incarnations: `${BARS_MAX}+`, percent: beyond * 100 }] : shown;
  // A logarithm has no zero.
  return all.filter(({ percent }) => percent > 0);
}
