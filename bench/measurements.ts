import type { BlockResult, BlockStatistics } from '../host/index.js';
import { StatisticsLog } from './block-statistics.js';
import type { WorkloadCall } from './workloads/workload.js';

/** Blocks by their `stats.decision.mode`; `yielded` are those of `block-stm` that went on sequentially. */
export interface Modes {
  sequential: number;
  'block-stm': number;
  yielded: number;
}

/** What a run measured: times in milliseconds by repeat, counters summed over the repeats. */
export interface Measurements {
  readonly sequentialMs: number[];
  readonly measuredMs: number[];
  /** The measured executor's own `stats.wallMs`. */
  readonly engineMs: number[];
  /** Of the yardsticks; both empty where the workload is more than transfers. */
  readonly jsMapMs: number[];
  readonly ledgerLimitMs: number[];
  /** The measured executor's `stats.executingWorkers`. */
  readonly executingWorkers: number[];
  failedCalls: number;
  executions: number;
  aborts: number;
  validations: number;
  dependencyWaits: number;
  /** Blocks by what the executor did with them. */
  modes: Modes;
  /** The largest `stats.blockBytes` of the measured executor. */
  blockBytesMax: number;
  /** Of each measured block, where they were asked for. */
  readonly statistics: StatisticsLog;
  /** The first difference from `sequential`, of any block, and the index of that block. */
  difference: string | undefined;
  differentBlock: number | undefined;
}

export function emptyMeasurements(): Measurements {
  return {
    sequentialMs: [],
    measuredMs: [],
    engineMs: [],
    jsMapMs: [],
    ledgerLimitMs: [],
    executingWorkers: [],
    failedCalls: 0,
    executions: 0,
    aborts: 0,
    validations: 0,
    dependencyWaits: 0,
    modes: { sequential: 0, 'block-stm': 0, yielded: 0 },
    blockBytesMax: 0,
    statistics: new StatisticsLog(),
    difference: undefined,
    differentBlock: undefined,
  };
}

/** Counters of the measured executor, of one block. */
type BlockCounters = Pick<
  BlockStatistics,
  'executingWorkers' | 'executions' | 'aborts' | 'validations' | 'dependencyWaits' | 'decision' | 'blockBytes'
>;

/** Add what one measured block counted; its times are added apart, since who measures says which they are. */
export function addCounters(measurements: Measurements, block: BlockCounters, failedCalls: number): void {
  measurements.executingWorkers.push(block.executingWorkers);
  measurements.failedCalls += failedCalls;
  measurements.executions += block.executions;
  measurements.aborts += block.aborts;
  measurements.validations += block.validations;
  measurements.dependencyWaits += block.dependencyWaits;
  measurements.modes[block.decision.mode]++;
  if (block.decision.sequentialFrom !== undefined) measurements.modes.yielded++;
  measurements.blockBytesMax = Math.max(measurements.blockBytesMax, block.blockBytes);
}

/** Calls that did not do what they were made for: those with another status than `ok`, and transfers that returned false. */
export function countFailed(calls: readonly WorkloadCall[], { receipts }: BlockResult): number {
  let failed = 0;
  for (const { index, status, output } of receipts) {
    const refused = calls[index]?.method === 'transfer' && output[0] === 0;
    if (status !== 'ok' || refused) failed++;
  }
  return failed;
}
