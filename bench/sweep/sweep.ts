import { AbortError, BlockStmError } from '../../host/index.js';
import { percent, plural } from '../report.js';
import type { BenchmarkReport } from '../result.js';
import type { TaskListener } from '../task-listener.js';
import { mismatchPath, type SweepMismatch } from './counter-example.js';
import { SweepError } from './errors.js';
import { planRuns, runKey, unfinished } from './plan.js';
import { formatDuration, RemainingTime } from './remaining-time.js';
import { measureRun } from './run.js';
import type { Sweep } from './spec.js';
import type { SweepSummary } from './summary.js';
import { SweepDirectory } from './sweep-directory.js';

/** What a sweep ended with. */
export interface SweepOutcome {
  readonly summary: SweepSummary;
  /** The run whose results were not those of `sequential`, which ended the sweep, now or when it was run before; null where there is none. */
  readonly mismatch: (SweepMismatch & { readonly directory: string }) | null;
}

/**
 * Run what is left of a sweep, each run in a process of its own, in the order of `planRuns`. A finished run is in the log of the directory before the next one is begun: killed, interrupted or out of disk,
 * a sweep loses the run in progress at most, and goes on where it ended when it is called again. Where a run has differed from `sequential` it does not go on.
 *
 * @param signal interrupts it.
 * @throws SweepError, AbortError where `signal` interrupted it, and what a run throws; the message says what is kept. What a run itself fails with is in the summary's `failures`.
 */
export async function runSweep(
  sweep: Sweep,
  path: string,
  { progress = () => {}, finished = () => {} }: TaskListener = {},
  signal?: AbortSignal,
): Promise<SweepOutcome> {
  using directory = await SweepDirectory.open(path, sweep, progress, signal);
  // An error of the program, or of the machine: what it measures otherwise is not to be trusted either.
  if (directory.mismatch !== null) return outcome(directory);
  const planned = planRuns(sweep);
  const left = unfinished(planned, directory.runs);
  const time = new RemainingTime();
  for (const { cell, seconds } of directory.runs) time.add(cell, seconds);
  const kept = (): string => `${directory.runs.length} of ${plural(planned.length, 'run')}`;
  if (left.length < planned.length && left.length > 0) finished(`${path} has ${kept()}: going on`);
  const failed = new Set<string>();
  for (const [index, run] of left.entries()) {
    const remaining = time.of(left.slice(index));
    const about = `${kept()}${remaining === undefined ? '' : `, ${formatDuration(remaining)} left`}`;
    const { name: cell, seed, repeat } = run;
    if (failed.has(runKey({ name: cell, seed, repeat: 0 }))) continue;
    let report: BenchmarkReport;
    try {
      const start = performance.now();
      const measured = await measureRun(run, sweep, (text) => progress(`${about}: ${text}`), signal).catch(failureOf);
      if (measured instanceof BlockStmError) {
        failed.add(runKey({ name: cell, seed, repeat: 0 }));
        const { code, message } = measured;
        const now = new Date().toISOString();
        directory.addFailure({ schema: 'blockstm.sweep-failure/1', cell, seed, repeat, failed: now, code, message });
        finished(`${kept()}: seed=${seed} failed (${code}): ${message}`);
        continue;
      }
      report = measured.report;
      const seconds = (performance.now() - start) / 1_000;
      if (!report.statesEqual) {
        await directory.addMismatch({ run, ...measured });
        return outcome(directory);
      }
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
      // What was measured by then can be looked at.
      if (error instanceof AbortError) directory.summarize();
      if (error instanceof BlockStmError) throw withKept(error, `${kept()} are kept in ${path}`);
      throw error;
    }
    const rest = time.of(left.slice(index + 1)) as number;
    finished(`${kept()}, ${formatDuration(rest)} left: ${run.name} seed=${run.seed}: ${figures(report)}`);
  }
  return outcome(directory);
}

function outcome(directory: SweepDirectory): SweepOutcome {
  const { path, mismatch } = directory;
  const where = { directory: mismatchPath(path) };
  return { summary: directory.summarize(), mismatch: mismatch === null ? null : { ...mismatch, ...where } };
}

/**
 * What a run was refused with, or its process ended by, is most often the same for each of that cell and seed: a block that needs more room than there is. The others can be measured all the same.
 * @throws whatever else ended it.
 */
function failureOf(error: unknown): BlockStmError {
  if (error instanceof BlockStmError && !(error instanceof AbortError)) return error;
  throw error;
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
