import { type ExecutorName, type Policy, resolvePolicy } from '../host/index.js';
import type { BenchmarkStatistics } from './block-statistics.js';
import { type Environment, environment } from './environment.js';
import type { Measurements, Modes } from './measurements.js';
import type { ParameterValues } from './parameters.js';
import type { Measured, RunSettings } from './runner.js';
import { bootstrapMedian, type MedianInterval, median, summarizeTimes, type TimeSummary } from './statistics.js';
import type { Workload } from './workloads/workload.js';

/** What a yardstick makes of the same transfers. */
export interface YardstickReport {
  /** Calls a second at its median time. */
  readonly tps: number;
  /** Sequential's calls a second over the yardstick's: median of the repeats. */
  readonly ratio: number;
}

/** What a virtual clock went by. */
export interface SimulationReport {
  /** Cores that the virtual workers ran on. */
  readonly cores: number;
  /** The machine that the cost table was measured on. */
  readonly costs: string;
  /** How often a method was run again, for the sake of a read that was ahead of its time; summed over the repeats. */
  readonly replays: number;
}

/**
 * The result of a benchmark; `--json` prints it as one line. Times are in milliseconds and those of one block; counters are
 * sums over all repeats; `tps` is calls a second at the median time.
 */
export interface BenchmarkReport {
  readonly schema: 'blockstm.bench/1';
  readonly workload: string;
  readonly params: ParameterValues;
  readonly blockSize: number;
  readonly seed: number;
  readonly executor: ExecutorName;
  readonly workers: number;
  /** Workers that executed anything in a block: median of the repeats. Where it is 1 of several, the others began when all had been executed, and nothing could be aborted. */
  readonly executingWorkers: number;
  /** Of the executor, every default filled in. */
  readonly policy: Policy;
  readonly repeats: number;
  /** Calls executed before them, see `RunSettings.warmUp`. */
  readonly warmUp: number;
  /** What the times are of. */
  readonly measured: Measured;
  /** Whether times are those of a virtual clock (`blockstm simulate`). */
  readonly simulated: boolean;
  /** How, where they are. */
  readonly simulation?: SimulationReport;
  /** From `runtime.execute(block)` on: until its result, or with `end-to-end` until every receipt has been read. */
  readonly wallMs: TimeSummary;
  /** The part of it between the start of the workers and the last commit, as `stats.wallMs` reports it. */
  readonly engineMs: TimeSummary;
  readonly tps: number;
  readonly sequential: { readonly wallMs: TimeSummary; readonly tps: number };
  /** Sequential time / this executor's time of the same block: median of the repeats and its 95% bootstrap interval. */
  readonly speedup: MedianInterval;
  /** This executor's time less the sequential one's of the same block, in microseconds: median of the repeats. */
  readonly overheadMicros: number;
  /** Calls with another status than `ok`, and transfers that returned false, which is how some contracts refuse. */
  readonly failedCalls: number;
  readonly executions: number;
  readonly aborts: number;
  /** aborts / executions. */
  readonly abortRate: number;
  readonly validations: number;
  readonly dependencyWaits: number;
  readonly modes: Modes;
  /** Shared memory that the largest block took (`stats.blockBytes`), divided by its calls. */
  readonly blockBytesPerCall: number;
  /** Of the measured executor, after the last block. */
  readonly stateHash: string;
  /** Whether receipts and write set of every measured block, and the state hash after every batch, were those of `sequential`. */
  readonly statesEqual: boolean;
  /** The first difference, where there is one. */
  readonly difference: string | null;
  /** The index of the block that it is in. */
  readonly differentBlock: number | null;
  /** Where the workers' time and gas went, and what the dependencies allow, over all measured blocks. Only with the option `stats`. */
  readonly statistics?: BenchmarkStatistics;
  /** The same transfers in a plain `Map<string, bigint>` and in hand-written Wasm; null where the workload is more than transfers. */
  readonly baseline: { readonly jsMap: YardstickReport; readonly ledgerLimit: YardstickReport } | null;
  readonly env: Environment;
}

export function buildReport(
  workload: Workload,
  settings: RunSettings,
  measurements: Measurements,
  stateHash: string,
): BenchmarkReport {
  const { name, params, blockSize } = workload;
  const { seed, executor, workers, repeats, warmUp, policy = {}, measured = 'execute' } = settings;
  const { sequentialMs, measuredMs, engineMs, executions, aborts, difference } = measurements;
  const wallMs = summarizeTimes(measuredMs);
  const sequentialWallMs = summarizeTimes(sequentialMs);
  const ratios = sequentialMs.map((ms, index) => ms / (measuredMs[index] as number));
  const speedup = bootstrapMedian(ratios, seed);
  const statistics = measurements.statistics.summary(speedup.median);
  const overheads = sequentialMs.map((ms, index) => ((measuredMs[index] as number) - ms) * 1_000);
  return {
    schema: 'blockstm.bench/1',
    workload: name,
    params,
    blockSize,
    seed,
    executor,
    // Sequential execution takes one, however many there are.
    workers: executor === 'sequential' ? 1 : workers,
    executingWorkers: median(measurements.executingWorkers),
    policy: resolvePolicy(policy),
    repeats,
    warmUp,
    measured,
    simulated: false,
    wallMs,
    engineMs: summarizeTimes(engineMs),
    tps: callsPerSecond(blockSize, wallMs.median),
    sequential: { wallMs: sequentialWallMs, tps: callsPerSecond(blockSize, sequentialWallMs.median) },
    speedup,
    overheadMicros: median(overheads),
    failedCalls: measurements.failedCalls,
    executions,
    aborts,
    abortRate: executions === 0 ? 0 : aborts / executions,
    validations: measurements.validations,
    dependencyWaits: measurements.dependencyWaits,
    modes: measurements.modes,
    blockBytesPerCall: measurements.blockBytesMax / blockSize,
    stateHash,
    statesEqual: difference === undefined,
    difference: difference ?? null,
    differentBlock: measurements.differentBlock ?? null,
    ...(statistics !== undefined && { statistics }),
    baseline: plainBaseline(blockSize, measurements),
    env: environment(),
  };
}

function plainBaseline(blockSize: number, measurements: Measurements): BenchmarkReport['baseline'] {
  const { jsMapMs, ledgerLimitMs, sequentialMs } = measurements;
  if (jsMapMs.length === 0) return null;
  const yardstick = (times: readonly number[]): YardstickReport => {
    // Sequential's calls a second over the yardstick's, which is the inverse of their times.
    const ratios = times.map((ms, index) => ms / (sequentialMs[index] as number));
    return { tps: callsPerSecond(blockSize, median(times)), ratio: median(ratios) };
  };
  return { jsMap: yardstick(jsMapMs), ledgerLimit: yardstick(ledgerLimitMs) };
}

function callsPerSecond(calls: number, ms: number): number {
  return (calls / ms) * 1_000;
}
