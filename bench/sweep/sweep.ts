import { AbortError, BlockStmError } from '../../host/index.js';
import { percent, plural } from '../report.js';
import type { BenchmarkReport } from '../result.js';
import type { Progress } from '../runner.js';
import { type DifferentRun, saveCounterExample } from './counter-example.js';
import { SweepError } from './errors.js';
import { planRuns, unfinished } from './plan.js';
import { formatDuration, RemainingTime } from './remaining-time.js';
import { measureRun } from './run.js';
import type { Sweep } from './spec.js';
import type { SweepSummary } from './summary.js';
import { SweepDirectory } from './sweep-directory.js';

/** Told what a sweep is doing. */
export interface SweepListener {
  /** What is being done at the moment, often. */
  readonly progress?: Progress;
  /** A run is finished and kept: a line. */
  readonly finished?: Progress;
}

/** What a sweep ended with. */
export interface SweepOutcome {
  readonly summary: SweepSummary;
  /** The run whose results were not those of `sequential`, which ended the sweep; null where there is none. */
  readonly mismatch: {
    readonly cell: string;
    readonly seed: number;
    readonly difference: string;
    readonly directory: string;
  } | null;
}

/**
 * Run what is left of a sweep, each run in a process of its own, in the order of `planRuns`. A finished run is in the log of the directory before the next one is begun: killed, interrupted or out of disk,
 * a sweep loses the run in progress at most, and goes on where it ended when it is called again.
 *
 * @param signal interrupts it.
 * @throws SweepError, AbortError where `signal` interrupted it, and what a run throws; the message says what is kept.
 */
export async function runSweep(
  sweep: Sweep,
  path: string,
  { progress = () => {}, finished = () => {} }: SweepListener = {},
  signal?: AbortSignal,
): Promise<SweepOutcome> {
  using directory = await SweepDirectory.open(path, sweep, progress, signal);
  const planned = planRuns(sweep);
  const left = unfinished(planned, directory.runs);
  const time = new RemainingTime();
  for (const { cell, seconds } of directory.runs) time.add(cell, seconds);
  const kept = (): string => `${directory.runs.length} of ${plural(planned.length, 'run')}`;
  if (left.length < planned.length && left.length > 0) finished(`${path} has ${kept()}: going on`);
  for (const [index, run] of left.entries()) {
    const remaining = time.of(left.slice(index));
    const about = `${kept()}${remaining === undefined ? '' : `, ${formatDuration(remaining)} left`}`;
    let report: BenchmarkReport;
    try {
      const start = performance.now();
      const measured = await measureRun(run, sweep, (text) => progress(`${about}: ${text}`), signal);
      report = measured.report;
      const seconds = (performance.now() - start) / 1_000;
      if (!report.statesEqual) return await stop(directory, { run, ...measured }, sweep);
      const { name: cell, seed, repeat } = run;
      directory.add({
        schema: 'blockstm.sweep-run/1',
        cell,
        seed,
        repeat,
        finished: new Date().toISOString(),
        seconds,
        report,
      });
      time.add(cell, seconds);
    } catch (error) {
      if (error instanceof BlockStmError) throw withKept(error, `${kept()} are kept in ${path}`);
      throw error;
    }
    const rest = time.of(left.slice(index + 1)) as number;
    finished(`${kept()}, ${formatDuration(rest)} left: ${run.name} seed=${run.seed}: ${figures(report)}`);
  }
  return { summary: directory.summarize(), mismatch: null };
}

/** A run that is wrong is no measurement: it is not kept, and what it takes to look into it is. */
async function stop(directory: SweepDirectory, different: DifferentRun, sweep: Sweep): Promise<SweepOutcome> {
  const { run, report } = different;
  const saved = await saveCounterExample(directory.path, different, sweep);
  const mismatch = { cell: run.name, seed: run.seed, difference: report.difference as string, directory: saved };
  return { summary: directory.summarize(), mismatch };
}

function figures({ speedup, abortRate }: BenchmarkReport): string {
  return `${speedup.median.toFixed(2)}x, ${percent(abortRate)} aborts`;
}

function withKept(error: BlockStmError, kept: string): BlockStmError {
  const message = `${error.message}; that run is lost, ${kept}, and the same command goes on`;
  if (error instanceof AbortError) return new AbortError(message, { cause: error });
  if (error instanceof SweepError) return new SweepError(error.code, message, error);
  return new BlockStmError(error.code, message, { cause: error });
}
