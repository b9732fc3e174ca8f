import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../../host/store/made-directory.js';
import { plural } from '../report.js';
import { removeDrafts, replaceFile } from '../sweep/durable-file.js';
import { fileError, SweepError } from '../sweep/errors.js';
import { summarizeSweep } from '../sweep/summary.js';
import { readSweep } from '../sweep/sweep-directory.js';
import { ablations } from './ablations.js';
import { abortRate, abortRateByWorkers } from './abort-rate.js';
import { withBasePolicy } from './base-policy.js';
import { efficiency } from './efficiency.js';
import { incarnations } from './incarnations.js';
import { latency } from './latency.js';
import { formatPage } from './page.js';
import { parameterSpeedup } from './parameter-speedup.js';
import { renderFigures } from './render.js';
import { speedup } from './speedup.js';
import { wastedWork } from './wasted-work.js';

export interface SweepReportOptions {
  /** Whether figures of wall time show cells with more workers than cores, labelled so. Default false. */
  readonly oversubscribed?: boolean;
}

/** What a report has become. */
export interface SweepReport {
  readonly schema: 'blockstm.sweep-report/1';
  /** The path of the page. */
  readonly page: string;
  /** Names of the figures: each is `figures/<name>.svg` and `figures/<name>.vl.json`. */
  readonly figures: readonly string[];
  /** What is not shown, and why. */
  readonly absent: readonly { readonly title: string; readonly reason: string }[];
}

/**
 * Make a report of the runs that a directory has: `report.html`, which is whole by itself, and a picture and a specification of each figure in `figures`.
 * @throws SweepError where the directory has no runs; BlockStmError `ERR_PLOT` where Vega is not installed.
 */
export async function reportSweep(
  directory: string,
  { oversubscribed = false }: SweepReportOptions = {},
): Promise<SweepReport> {
  const records = readSweep(directory);
  if (records.runs.length === 0) throw new SweepError('ERR_SWEEP', `${directory}: no run of the sweep is finished yet`);
  const summary = summarizeSweep(records);
  const { cells, cores } = summary;
  const options = { oversubscribed, cores, simulatedCores: records.manifest.sweep.cores };
  const base = withBasePolicy(cells);
  const groups = [
    abortRate(base),
    abortRateByWorkers(base),
    parameterSpeedup(base, options),
    speedup(base, options),
    wastedWork(base, options),
    incarnations(base),
    latency(base, options),
    ablations(cells, options),
    efficiency(base, options),
  ];
  const sections = [];
  for (const group of groups) sections.push({ ...group, figures: await renderFigures(group.figures) });
  const figures = sections.flatMap((section) => section.figures);
  const folder = emptied(join(directory, 'figures'));
  for (const { name, spec, svg } of figures) {
    replaceFile(join(folder, `${name}.vl.json`), `${JSON.stringify(spec, undefined, 2)}\n`);
    replaceFile(join(folder, `${name}.svg`), svg);
  }
  const page = join(directory, 'report.html');
  replaceFile(page, formatPage(records, summary, sections));
  return {
    schema: 'blockstm.sweep-report/1',
    page,
    figures: figures.map(({ name }) => name),
    absent: groups.flatMap(({ title, absent }) => (absent === null ? [] : [{ title, reason: absent }])),
  };
}

/** A folder without the figures of an earlier report, some of which this one may not have. */
function emptied(folder: string): string {
  try {
    makeDirectory(folder);
    removeDrafts(folder);
    for (const name of readdirSync(folder)) {
      if (/\.(svg|vl\.json)$/.test(name)) rmSync(join(folder, name));
    }
  } catch (error) {
    throw fileError(error, `cannot write ${folder}`);
  }
  return folder;
}

/** The report as a person is told of it. */
export function formatSweepReport({ page, figures, absent }: SweepReport): string {
  const missing = absent.map(({ title, reason }) => `  ${title}: ${reason}\n`).join('');
  const note = missing === '' ? '' : `Not shown:\n${missing}`;
  return `${page}: ${plural(figures.length, 'figure')}, as SVG and Vega-Lite in figures/\n${note}`;
}
