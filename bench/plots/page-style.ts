import { AXIS, COLOURS, GRID, INK, PAPER } from './theme.js';

const DARK = { ink: '#E8EAED', axis: '#A9B1BC', grid: '#3A414B', paper: '#15181C', panel: '#1C2026' };
/** Dark blue cannot be seen on dark ground. */
const DARK_BLUE = '#4AA3DF';

const darkColours = `
  --ink: ${DARK.ink}; --axis: ${DARK.axis}; --grid: ${DARK.grid}; --paper: ${DARK.paper}; --panel: ${DARK.panel}; --blue: ${DARK_BLUE}; --warn: #F0B35A;
  color-scheme: dark;`;

/** Of the page. Pictures have the colours of a white page as attributes, which a style replaces: the same picture serves both. */
export const PAGE_STYLE = `
:root {
  --ink: ${INK}; --axis: ${AXIS}; --grid: ${GRID}; --paper: ${PAPER}; --panel: #F6F7F9; --blue: ${COLOURS[0]}; --warn: #9A4B00;
  color-scheme: light;
}
@media screen and (prefers-color-scheme: dark) { :root {${darkColours} } }
* { box-sizing: border-box; }
body {
  margin: 0 auto; padding: 1.5rem 1rem 4rem; max-width: 62rem;
  font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; color: var(--ink); background: var(--paper);
  overflow-wrap: anywhere;
}
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid var(--grid); }
p { margin: .5rem 0; }
.facts { color: var(--axis); }
.notice { border-left: 4px solid var(--warn); background: var(--panel); padding: .5rem .75rem; }
.absent, .scales { color: var(--axis); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.25rem; }
figure { margin: 0; padding: .5rem; border: 1px solid var(--grid); border-radius: .5rem; min-width: 0; break-inside: avoid; }
figure svg { display: block; width: 100%; height: auto; max-width: 34rem; margin: 0 auto; }
figcaption { font-size: .85rem; color: var(--axis); padding: .25rem .25rem 0; }
svg > rect { fill: transparent; }
svg [fill="${INK}"] { fill: var(--ink); }
svg [fill="${AXIS}"] { fill: var(--axis); }
svg [stroke="${AXIS}"] { stroke: var(--axis); }
svg [stroke="${GRID}"] { stroke: var(--grid); }
svg [fill="${COLOURS[0]}"] { fill: var(--blue); }
svg [stroke="${COLOURS[0]}"] { stroke: var(--blue); }
.wide { overflow-x: auto; border: 1px solid var(--grid); border-radius: .5rem; }
table { border-collapse: collapse; font-size: .85rem; font-variant-numeric: tabular-nums; width: 100%; }
th, td { text-align: right; padding: .3rem .6rem; white-space: nowrap; border-bottom: 1px solid var(--grid); }
th:first-child, td:first-child { text-align: left; white-space: normal; min-width: 11rem; }
caption { text-align: left; padding: .3rem .6rem; color: var(--axis); }
thead th { background: var(--panel); font-weight: 600; }
dl { display: grid; grid-template-columns: minmax(6rem, max-content) 1fr; gap: .2rem 1rem; font-size: .9rem; margin: 0; }
dt { color: var(--axis); }
dd { margin: 0; min-width: 0; }
pre { overflow-x: auto; font-size: .75rem; background: var(--panel); padding: .75rem; border-radius: .5rem; }
summary { cursor: pointer; margin-top: .75rem; }
@media print {
  body { max-width: none; padding: 0; font-size: 10pt; }
  .figures { display: block; }
  figure { display: inline-block; width: 49%; vertical-align: top; margin-bottom: 4mm; }
  .wide { overflow: visible; border: 0; }
  th, td { white-space: normal; padding: .15rem .3rem; }
  table { font-size: 7.5pt; }
  thead { display: table-header-group; }
  tr { break-inside: avoid; }
  h2 { break-after: avoid; }
}
`;
