import type { ExecutorName } from '../host/index.js';
import { type Environment, environment } from './environment.js';
import type { RunSettings } from './runner.js';
import { bootstrapMedian, type MedianInterval, median, summarizeTimes, type TimeSummary } from './statistics.js';
import type { Workload } from './workloads/workload.js';

/** What a run measured: times in milliseconds by repeat, counters summed over the repeats. */
export interface Measurements {
  readonly sequentialMs: number[];
  readonly measuredMs: number[];
  /** The measured executor's own `stats.wallMs`. */
  readonly engineMs: number[];
  /** Empty where the workload has no plain baseline. */
  readonly ledgerMs: number[];
  failedCalls: number;
  executions: number;
  aborts: number;
  validations: number;
  dependencyWaits: number;
  /** The first difference from `sequential`, of any block. */
  difference: string | undefined;
}

/**
 * The result of a benchmark; `--json` prints it as one line. Times are in milliseconds and those of one block; counters are
 * sums over all repeats; `tps` is calls a second at the median time.
 */
export interface BenchmarkReport {
  readonly schema: 'blockstm.bench/1';
  readonly workload: string;
  readonly params: Readonly<Record<string, number>>;
  readonly blockSize: number;
  readonly seed: number;
  readonly executor: ExecutorName;
  readonly workers: number;
  readonly repeats: number;
  /** Around `await runtime.execute(block)`. */
  readonly wallMs: TimeSummary;
  /** The part of it between the start of the workers and the last commit, as `stats.wallMs` reports it. */
  readonly engineMs: TimeSummary;
  readonly tps: number;
  readonly sequential: { readonly wallMs: TimeSummary; readonly tps: number };
  /** Sequential time / this executor's time of the same block: median of the repeats and its 95% bootstrap interval. */
  readonly speedup: MedianInterval;
  /** Calls with another status than `ok`, and transfers that returned false, which is how some contracts refuse. */
  readonly failedCalls: number;
  readonly executions: number;
  readonly aborts: number;
  /** aborts / executions. */
  readonly abortRate: number;
  readonly validations: number;
  readonly dependencyWaits: number;
  /** Of the measured executor, after the last block. */
  readonly stateHash: string;
  /** Whether receipts and write set of every measured block, and the state hash after every batch, were those of `sequential`. */
  readonly statesEqual: boolean;
  /** The first difference, where there is one. */
  readonly difference: string | null;
  /** The same transfers in a plain `Map<string, bigint>`; null where the workload is more than transfers. */
  readonly baseline: { readonly jsMap: { readonly tps: number; readonly ratio: number } } | null;
  readonly env: Environment;
}

export function buildReport(
  workload: Workload,
  settings: RunSettings,
  measurements: Measurements,
  stateHash: string,
): BenchmarkReport {
  const { name, params, blockSize } = workload;
  const { seed, executor, workers, repeats } = settings;
  const { sequentialMs, measuredMs, engineMs, executions, aborts, difference } = measurements;
  const wallMs = summarizeTimes(measuredMs);
  const sequentialWallMs = summarizeTimes(sequentialMs);
  const ratios = sequentialMs.map((ms, index) => ms / (measuredMs[index] as number));
  return {
    schema: 'blockstm.bench/1',
    workload: name,
    params,
    blockSize,
    seed,
    executor,
    // Sequential execution takes one, however many there are.
    workers: executor === 'sequential' ? 1 : workers,
    repeats,
    wallMs,
    engineMs: summarizeTimes(engineMs),
    tps: callsPerSecond(blockSize, wallMs.median),
    sequential: { wallMs: sequentialWallMs, tps: callsPerSecond(blockSize, sequentialWallMs.median) },
    speedup: bootstrapMedian(ratios, seed),
    failedCalls: measurements.failedCalls,
    executions,
    aborts,
    abortRate: executions === 0 ? 0 : aborts / executions,
    validations: measurements.validations,
    dependencyWaits: measurements.dependencyWaits,
    stateHash,
    statesEqual: difference === undefined,
    difference: difference ?? null,
    baseline: plainBaseline(blockSize, measurements),
    env: environment(),
  };
}

function plainBaseline(blockSize: number, { ledgerMs, sequentialMs }: Measurements): BenchmarkReport['baseline'] {
  if (ledgerMs.length === 0) return null;
  // Sequential's calls a second over the ledger's, which is the inverse of their times.
  const ratios = ledgerMs.map((ms, index) => ms / (sequentialMs[index] as number));
  return { jsMap: { tps: callsPerSecond(blockSize, median(ledgerMs)), ratio: median(ratios) } };
}

function callsPerSecond(calls: number, ms: number): number {
  return (calls / ms) * 1_000;
}
