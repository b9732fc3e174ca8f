import { MisuseError } from '../../host/index.js';
import { type Environment, environment } from '../environment.js';
import { RUN_PARAMETERS } from '../options.js';
import { resolveParameter } from '../parameters.js';
import { plural } from '../report.js';
import type { BenchmarkReport } from '../result.js';
import type { Progress } from '../runner.js';
import { resolveSimulation } from '../simulation/options.js';
import { runSimulation } from '../simulation/simulation.js';
import { VALUES_FOR_INTERVAL } from '../statistics.js';
import { suggestion } from '../suggestion.js';
import type { Cell } from '../suite/cell.js';
import { runInProcess } from '../suite/process.js';
import type { Estimate } from '../sweep/estimate.js';
import type { TaskListener } from '../task-listener.js';
import { PUBLISHED, type Published, type PublishedCell, type PublishedFigures } from './published.js';

/** What a run gave of what was published, and each figure divided by the published one. */
export interface ReproducedFigures {
  readonly workers: number;
  /** Blocks. */
  readonly repeats: number;
  /** Over sequential execution, of the blocks of one process: another one's may differ by more than the interval says. */
  readonly speedup: Estimate;
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
const SIMULATED_REPEATS = 6;

/**
 * Run what a source has published figures of: on two worker threads, each cell in a process of its own, and on as many virtual workers as it had.
 * @throws MisuseError `ERR_OPTION` for a source that there is not; OptionError; BlockStmError where a cell fails.
 */
export async function reproduce(
  source: string,
  options: ReproductionOptions,
  { progress = () => {}, finished = () => {} }: TaskListener = {},
): Promise<ReproductionReport> {
  const read = Object.hasOwn(PUBLISHED, source) ? PUBLISHED[source] : undefined;
  if (read === undefined) {
    const names = Object.keys(PUBLISHED);
    const expected = `expected one of ${names.join(', ')}${suggestion(source, names)}`;
    throw new MisuseError('ERR_OPTION', `reproduce: ${expected}, found ${source}`);
  }
  // Where nothing is said there are as many of each kind as it takes.
  if (options.repeats !== undefined) resolveParameter('repeats', RUN_PARAMETERS.repeats, options.repeats);
  const seed = resolveParameter('seed', RUN_PARAMETERS.seed, options.seed) as number;
  const published = read();
  const cells: ReproducedCell[] = [];
  for (const [index, cell] of published.cells.entries()) {
    const place = `${index + 1} of ${published.cells.length}, ${cell.name}`;
    const reproduced = await reproduceCell(cell, published, { ...options, seed }, (text) =>
      progress(`${place}: ${text}`),
    );
    cells.push(reproduced);
    finished(`${place}: ${outcome(reproduced)}`);
  }
  const { machine, workers, notComparable } = published;
  const from = { source: published.source, machine, workers, notComparable };
  return { schema: 'blockstm.reproduction/1', ...from, cells, env: environment() };
}

/** `1.99x on 2 threads, 11.54x simulated on 32 workers` */
function outcome({ measured, simulated }: ReproducedCell): string {
  const figure = ({ speedup }: ReproducedFigures): string => `${speedup.median.toFixed(2)}x`;
  const threads = measured === null ? '' : `${figure(measured)} on ${plural(measured.workers, 'thread')}, `;
  return `${threads}${figure(simulated)} simulated on ${plural(simulated.workers, 'worker')}`;
}

async function reproduceCell(
  published: PublishedCell,
  source: Published,
  { measures = true, repeats, seed }: ReproductionOptions & { readonly seed: number },
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
    speedup: intervalOf(report),
    abortsPerCall: aborts / (blockSize * repeats),
    // A call that was not left as it was executed was executed in vain.
    wastedShare: executions === 0 ? 0 : 1 - (blockSize * repeats) / executions,
  };
  const { speedup, abortsPerCall, wastedShare } = published;
  const ratios = {
    ...(speedup !== undefined && { speedup: ours.speedup.median / speedup }),
    ...(abortsPerCall !== undefined && { abortsPerCall: ours.abortsPerCall / abortsPerCall }),
    ...(wastedShare !== undefined && { wastedShare: ours.wastedShare / wastedShare }),
  };
  return { workers, repeats, ...ours, ms: wallMs.median, statesEqual, difference, ratios };
}

/** Of few blocks there is no interval to speak of. */
function intervalOf({ repeats, speedup: { median, low, high } }: BenchmarkReport): Estimate {
  return repeats < VALUES_FOR_INTERVAL ? { median, low: null, high: null } : { median, low, high };
}
