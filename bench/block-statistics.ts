import type { AddressNames, BlockStatisticsReport, BlockTelemetry } from '../host/index.js';
import { ContendedKeys } from './contended-keys.js';
import { median } from './statistics.js';

/** Statistics of measured blocks, with what only a comparison can tell. */
export interface BenchmarkStatistics extends BlockStatisticsReport {
  /** Over `sequential`, as it was measured: the median of `BenchmarkReport.speedup`. */
  readonly speedup: number;
  /** speedup / attainable.workers. */
  readonly efficiency: number;
}

/** Contended keys are counted apart. */
type Keys = Pick<BlockStatisticsReport, 'contendedKeys' | 'rootKeys'>;
type OwnStatistics = Omit<BlockStatisticsReport, keyof Keys>;

/** The statistics of blocks, one after the other. */
export class StatisticsLog {
  readonly #reports: OwnStatistics[] = [];
  readonly #contended = new ContendedKeys();
  readonly #roots = new ContendedKeys();

  add(telemetry: BlockTelemetry, addresses: AddressNames): void {
    const all = { contendedKeysMax: Number.POSITIVE_INFINITY };
    const { contendedKeys, rootKeys, ...report } = telemetry.statistics(addresses, all);
    this.#contended.add(contendedKeys);
    this.#roots.add(rootKeys);
    this.#reports.push(report);
  }

  /** Of all of them in one; undefined where there was none. */
  summary(speedup: number): BenchmarkStatistics | undefined {
    const keys = { contendedKeys: this.#contended.most(), rootKeys: this.#roots.most() };
    return this.#reports.length === 0 ? undefined : summarizeStatistics(this.#reports, keys, speedup);
  }
}

/**
 * The statistics of all measured blocks in one report. Counts, gas, times and chain lengths are added up; latencies and what the dependencies allow are medians of the blocks'; the critical path and the
 * longest chain are the largest of any block, as `workers` is.
 */
function summarizeStatistics(reports: readonly OwnStatistics[], keys: Keys, speedup: number): BenchmarkStatistics {
  const sum = (of: (report: OwnStatistics) => number): number =>
    reports.reduce((total, report) => total + of(report), 0);
  const largest = (of: (report: OwnStatistics) => number): number => Math.max(...reports.map(of));
  const middle = (of: (report: OwnStatistics) => number): number => median(reports.map(of));
  const dearest = reports.reduce((most, each) => (each.criticalPath.gas > most.criticalPath.gas ? each : most));
  const attainable = {
    unlimited: middle((each) => each.attainable.unlimited),
    workers: middle((each) => each.attainable.workers),
  };
  const [usedMicros, spanMicros] = [sum((each) => each.usedMicros), sum((each) => each.spanMicros)];
  return {
    schema: 'blockstm.statistics/1',
    calls: sum((each) => each.calls),
    // Of the blocks that `auto` executed sequentially it is one.
    workers: largest((each) => each.workers),
    availableWorkers: largest((each) => each.availableWorkers),
    executions: sum((each) => each.executions),
    aborts: {
      total: sum((each) => each.aborts.total),
      byCause: {
        validation: sum((each) => each.aborts.byCause.validation),
        estimate: sum((each) => each.aborts.byCause.estimate),
        cascade: sum((each) => each.aborts.byCause.cascade),
      },
    },
    incarnations: addUp(reports.map((each) => each.incarnations)),
    usedGas: sum((each) => each.usedGas),
    wastedGas: sum((each) => each.wastedGas),
    wastedMicros: sum((each) => each.wastedMicros),
    usedMicros,
    parkedMicros: sum((each) => each.parkedMicros),
    suspendedMicros: sum((each) => each.suspendedMicros),
    validationMicros: sum((each) => each.validationMicros),
    spanMicros,
    commitLatencyMicros: {
      p50: middle((each) => each.commitLatencyMicros.p50),
      p90: middle((each) => each.commitLatencyMicros.p90),
      p99: middle((each) => each.commitLatencyMicros.p99),
      p999: middle((each) => each.commitLatencyMicros.p999),
    },
    ...keys,
    chainLengths: addUp(reports.map((each) => each.chainLengths)),
    longestChain: largest((each) => each.longestChain),
    criticalPath: dearest.criticalPath,
    attainable,
    busyWorkers: usedMicros / spanMicros,
    speedup,
    efficiency: speedup / attainable.workers,
  };
}

/** Position by position. */
function addUp(lists: readonly (readonly number[])[]): number[] {
  const length = Math.max(...lists.map((list) => list.length));
  return Array.from({ length }, (_, at) => lists.reduce((total, list) => total + (list[at] ?? 0), 0));
}
