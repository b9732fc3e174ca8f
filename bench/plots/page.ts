import { formatCount, percent, plural } from '../report.js';
import type { SweepMismatch } from '../sweep/counter-example.js';
import type { Estimate } from '../sweep/estimate.js';
import type { SweepManifest } from '../sweep/manifest.js';
import type { SessionRecord } from '../sweep/session.js';
import { type CellSummary, isAloneIn, type SweepRecords, type SweepSummary } from '../sweep/summary.js';
import { manifestFacts } from './manifest-facts.js';
import { PAGE_STYLE } from './page-style.js';
import type { RenderedFigure } from './render.js';

const SIMULATED =
  '<p class="notice">Simulated: virtual workers under a virtual clock. No time on this page was measured.</p>';

/** Figures stand side by side. */
const SCALES =
  '<p class="scales">Each figure has scales of its own, so that what differs within a workload can be seen: compare figures by their axes. Parts of one figure have the same.</p>\n';

const EQUAL = ' Receipts, write set and state hash of every run were those of sequential execution.';

/** A section of the page, see `FigureGroup`. */
export interface PageSection {
  readonly title: string;
  readonly figures: readonly RenderedFigure[];
  readonly absent: string | null;
}

/** Everything in one file: styles and pictures are in it, there is no script, and nothing may be fetched. */
export function formatPage(
  { manifest, sessions }: Pick<SweepRecords, 'manifest' | 'sessions'>,
  summary: SweepSummary,
  sections: readonly PageSection[],
): string {
  const { runs, cells, complete, mismatch, failures } = summary;
  const unfinished = `<p class="notice">This sweep is not finished: ${runs.finished} of ${plural(runs.planned, 'run')}. The intervals are wider than they will be.</p>`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>blockstm sweep: ${escaped(workloads(cells))}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<header>
<h1>Sweep: ${escaped(workloads(cells))}</h1>
<p class="facts">${cells.length} cells, ${runs.finished} runs, begun ${escaped(manifest.begun.slice(0, 10))} on ${escaped(manifest.machine.cpu)}, ${manifest.machine.cores} cores, Node ${escaped(manifest.build.node)}.${mismatch === null ? EQUAL : ''}</p>
${mismatch === null ? '' : different(mismatch)}
${failures.map(failed).join('\n')}
${complete ? '' : unfinished}
${cells.some(({ simulated }) => simulated) ? SIMULATED : ''}
</header>
<main>
${sections.map(section).join('\n')}
<section id="cells">
<h2>All cells</h2>
${cellTable(cells)}
</section>
<section id="manifest">
<h2>Where and how it was measured</h2>
${facts(manifest, sessions)}
<details><summary>manifest.json</summary><pre>${escaped(JSON.stringify(manifest, undefined, 2))}</pre></details>
<details><summary>sessions.jsonl</summary><pre>${escaped(JSON.stringify(sessions, undefined, 2))}</pre></details>
</section>
</main>
</body>
</html>
`;
}

function failed({ seed, repeat, code, message }: SweepSummary['failures'][number]): string {
  return `<p class="notice">Failed, and not measured: run ${repeat}, seed ${seed}, of ${escaped(message)} (${escaped(code)}).</p>`;
}

function different({ cell, seed, repeat, difference }: SweepMismatch): string {
  return `<p class="notice">RESULTS DIFFER: run ${repeat} of ${escaped(cell)}, seed ${seed}, did not give what sequential execution gave: ${escaped(difference)}. The sweep ended there. That run is in no figure; those that are come from the same program.</p>`;
}

function section({ title, figures, absent }: PageSection): string {
  const id = title.toLowerCase().replaceAll(/[^a-z]+/g, '-');
  const reason =
    absent === null ? '' : `<p class="absent">${figures.length === 0 ? 'No figure: ' : ''}${escaped(absent)}.</p>`;
  const note = figures.length > 1 ? SCALES : '';
  const shown = figures.length === 0 ? '' : `${note}<div class="figures">\n${figures.map(figure).join('\n')}\n</div>`;
  return `<section id="${id}">\n<h2>${escaped(title)}</h2>\n${shown}${reason}\n</section>`;
}

function figure({ name, title, caption, svg, table: figureTable }: RenderedFigure): string {
  const picture = svg.trim().replace('<svg ', `<svg role="img" aria-label="${escaped(title)}" `);
  const numbers = table(
    title,
    figureTable.columns,
    figureTable.rows.map((row) => row.map(tableText)),
  );
  return `<figure id="${escaped(name)}">\n${picture}\n<figcaption>${escaped(caption)}</figcaption>\n<details><summary>the numbers</summary>${numbers}</details>\n</figure>`;
}

function cellTable(cells: readonly CellSummary[]): string {
  const header = [
    'cell',
    'runs',
    'sequential (calls/s)',
    'calls/s',
    'speed-up',
    '95% interval',
    'block (ms)',
    'aborts',
    'workers that executed',
    'executions a call',
  ];
  const rows = cells.map((cell) => [
    cell.name,
    String(cell.runs),
    shown(cell.sequentialTps, formatCount),
    shown(cell.tps, formatCount),
    `${shown(cell.speedup, (value) => value.toFixed(2))}${cell.oversubscribed ? ' (oversubscribed)' : ''}`,
    bounds(cell.speedup),
    shown(cell.wallMs, (value) => value.toFixed(2)),
    `${shown(cell.abortRate, percent)}${isAloneIn(cell) ? ' (one worker executed everything)' : ''}`,
    shown(cell.executingWorkers, (value) => String(value)),
    shown(cell.executionsPerCall, (value) => value.toFixed(3)),
  ]);
  return table('All cells of the sweep', header, rows);
}

/** Wide ones scroll by themselves: so they can be come to with the keyboard, and have a name. */
function table(caption: string, header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (tag: string, row: readonly string[]): string =>
    `<tr>${row.map((each) => `<${tag}>${escaped(each)}</${tag.split(' ')[0]}>`).join('')}</tr>`;
  return `<div class="wide" role="region" aria-label="${escaped(caption)}" tabindex="0"><table>
<caption>${escaped(caption)}</caption>
<thead>${line('th scope="col"', header)}</thead>
<tbody>
${rows.map((row) => line('td', row)).join('\n')}
</tbody>
</table></div>`;
}

/** Four digits of a number: more than the intervals allow. */
function tableText(value: number | string | null): string {
  if (value === null) return '';
  return typeof value === 'string'
    ? value
    : Number(value.toPrecision(4)).toLocaleString('en-US', { maximumFractionDigits: 9 });
}

function facts(manifest: SweepManifest, sessions: readonly SessionRecord[]): string {
  const list = manifestFacts(manifest, sessions);
  return `<dl>\n${list.map(([name, value]) => `<dt>${escaped(name)}</dt><dd>${escaped(value)}</dd>`).join('\n')}\n</dl>`;
}

function workloads(cells: readonly CellSummary[]): string {
  return [...new Set(cells.map(({ workload }) => workload))].join(', ');
}

function shown(estimate: Estimate | null, format: (value: number) => string): string {
  return estimate === null ? '' : format(estimate.median);
}

function bounds(estimate: Estimate | null): string {
  if (estimate === null || estimate.low === null || estimate.high === null) return '';
  return `${estimate.low.toFixed(2)} to ${estimate.high.toFixed(2)}`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
