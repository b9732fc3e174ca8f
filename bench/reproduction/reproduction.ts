import { MisuseError } from '../../host/index.js';
import { type Environment, environment } from '../environment.js';
import { formatTable, percent, plural } from '../report.js';
import type { BenchmarkReport } from '../result.js';
import type { Progress } from '../runner.js';
import { resolveSimulation } from '../simulation/options.js';
import { runSimulation } from '../simulation/simulation.js';
import { suggestion } from '../suggestion.js';
import type { Cell } from '../suite/cell.js';
import { runInProcess } from '../suite/process.js';
import { PUBLISHED, type Published, type PublishedCell, type PublishedFigures } from './published.js';

/** What a run gave of what was published, and each figure divided by the published one. */
export interface ReproducedFigures {
  readonly workers: number;
  readonly speedup: number;
  readonly abortsPerCall: number;
  readonly wastedShare: number;
  readonly ms: number;
  readonly statesEqual: boolean;
  /** The first difference from sequential, where there is one. */
  readonly difference: string | null;
  /** Ours / theirs, of the figures that do not depend on how fast a machine is. */
  readonly ratios: Readonly<Partial<Record<'speedup' | 'abortsPerCall' | 'wastedShare', number>>>;
}

export interface ReproducedCell {
  readonly name: string;
  readonly workload: string;
  readonly params: PublishedCell['params'];
  readonly blockSize: number;
  readonly published: PublishedFigures;
  /** On two worker threads; null where nothing is measured. */
  readonly measured: ReproducedFigures | null;
  /** On as many virtual workers as the source had. */
  readonly simulated: ReproducedFigures;
}

/** Schema: schemas/reproduction.schema.json. */
export interface ReproductionReport {
  readonly schema: 'blockstm.reproduction/1';
  readonly source: string;
  readonly machine: string;
  readonly workers: number;
  readonly notComparable: readonly string[];
  readonly cells: readonly ReproducedCell[];
  readonly env: Environment;
}

export interface ReproductionOptions {
  /** Whether anything is measured on threads, too. Default true. */
  readonly measures?: boolean;
  readonly repeats?: number;
  readonly seed?: number;
}

const MEASURED_WORKERS = 2;
const MEASURED_REPEATS = 10;
const SIMULATED_REPEATS = 3;

/**
 * Run what a source has published figures of: on two worker threads, each cell in a process of its own, and on as many virtual workers as it had.
 * @throws MisuseError `ERR_OPTION` for a source that there is not; BlockStmError where a cell fails.
 */
export async function reproduce(
  source: string,
  options: ReproductionOptions,
  progress: Progress,
): Promise<ReproductionReport> {
  const read = Object.hasOwn(PUBLISHED, source) ? PUBLISHED[source] : undefined;
  if (read === undefined) {
    const names = Object.keys(PUBLISHED);
    const expected = `expected one of ${names.join(', ')}${suggestion(source, names)}`;
    throw new MisuseError('ERR_OPTION', `reproduce: ${expected}, found ${source}`);
  }
  const published = read();
  const cells: ReproducedCell[] = [];
  for (const [index, cell] of published.cells.entries()) {
    const tell = (text: string) => progress(`${index + 1} of ${published.cells.length}, ${cell.name}: ${text}`);
    cells.push(await reproduceCell(cell, published, options, tell));
  }
  const { machine, workers, notComparable } = published;
  const from = { source: published.source, machine, workers, notComparable };
  return { schema: 'blockstm.reproduction/1', ...from, cells, env: environment() };
}

async function reproduceCell(
  published: PublishedCell,
  source: Published,
  { measures = true, repeats, seed = 1 }: ReproductionOptions,
  progress: Progress,
): Promise<ReproducedCell> {
  const { name, workload, params, policy = {}, blockSize, published: figures } = published;
  const described = { name, workload, params, blockSize, published: figures };
  const cell: Cell = { workload, params, policy, blockSize, executor: 'block-stm' };
  const workers = published.workers ?? source.workers;
  let measured: ReproducedFigures | null = null;
  if (measures) {
    const asked = { ...cell, workers: Math.min(workers, MEASURED_WORKERS), seed, repeats: repeats ?? MEASURED_REPEATS };
    measured = figuresOf(await runInProcess(name, asked, progress), figures);
  }
  const { workload: built, settings } = resolveSimulation({
    ...cell,
    workers,
    seed,
    repeats: repeats ?? SIMULATED_REPEATS,
  });
  const simulated = figuresOf(await runSimulation(built, settings, progress), figures);
  return { ...described, measured, simulated };
}

function figuresOf(report: BenchmarkReport, published: PublishedFigures): ReproducedFigures {
  const { workers, executions, aborts, blockSize, repeats, statesEqual, difference, wallMs } = report;
  const ours = {
    speedup: report.speedup.median,
    abortsPerCall: aborts / (blockSize * repeats),
    // A call that was not left as it was executed was executed in vain.
    wastedShare: executions === 0 ? 0 : 1 - (blockSize * repeats) / executions,
  };
  const names = ['speedup', 'abortsPerCall', 'wastedShare'] as const;
  const ratios = names.flatMap((name) => {
    const theirs = published[name];
    return theirs === undefined ? [] : [[name, ours[name] / theirs] as const];
  });
  return { workers, ...ours, ms: wallMs.median, statesEqual, difference, ratios: Object.fromEntries(ratios) };
}

/** The published figures, ours beside them as ratios, and what keeps them from being compared. */
export function formatReproduction(report: ReproductionReport): string {
  const { source, machine, workers, cells, notComparable, env } = report;
  const hasAborts = cells.some(({ published }) => published.abortsPerCall !== undefined);
  const rows = cells.map((cell) => [cell.name, ...rowOf(cell, hasAborts)]);
  const figures = hasAborts ? ['aborts a call', 'wasted'] : ['speed-up'];
  const of = (whose: string): string[] => figures.flatMap((figure) => [`${figure}, ${whose}`, 'ours/theirs']);
  const header = ['', ...figures.map((figure) => `${figure}, theirs`), ...of('2 threads'), ...of('simulated')];
  const table = formatTable([header, ...rows]);
  const notes = notComparable.map((note) => `- ${note}`).join('\n');
  return (
    `${source}: ${machine}. Ours: 2 threads of ${env.cpu}, ${plural(env.cores, 'core')}; and ${plural(workers, 'virtual worker')}, each with a core.\n\n${table}\n` +
    `Not comparable:\n${notes}\n`
  );
}

function rowOf({ published, measured, simulated }: ReproducedCell, hasAborts: boolean): string[] {
  const shown = (figure: number | undefined, text: (value: number) => string) =>
    figure === undefined ? '' : text(figure);
  const times = (value: number): string => `${value.toFixed(2)}x`;
  const names = hasAborts ? (['abortsPerCall', 'wastedShare'] as const) : (['speedup'] as const);
  const text = hasAborts ? percent : times;
  const ours = (figures: ReproducedFigures | null) =>
    names.flatMap((name) =>
      figures === null ? ['', ''] : [text(figures[name]), shown(figures.ratios[name], (ratio) => ratio.toFixed(2))],
    );
  return [...names.map((name) => shown(published[name], text)), ...ours(measured), ...ours(simulated)];
}
