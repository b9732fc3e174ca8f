import type { BenchmarkStatistics } from '../block-statistics.js';
import { type Estimate, estimate } from './estimate.js';
import type { RunRecord } from './run-log.js';
import { wastedGasShare } from './telemetry-columns.js';

/**
 * Telemetry over the runs of a cell: medians with intervals, and shares of all runs together. What `runs.csv` has under the same name is the same there, of each run; sums over blocks, which it has too, are divided here by what
 * the name says, so that runs of different sizes can be compared.
 */
export interface StatisticsSummary {
  /** By cause: those of estimates are no part of `abortRate`. */
  readonly abortsPerExecution: {
    readonly validation: Estimate;
    readonly estimate: Estimate;
    readonly cascade: Estimate;
  };
  /** `[n]`: share of the calls with n + 1 incarnations, over all runs. */
  readonly incarnationShares: readonly number[];
  readonly wastedMicrosPerCall: Estimate;
  readonly parkedMicrosPerCall: Estimate;
  readonly validationMicrosPerCall: Estimate;
  /** Gas of executions that were aborted, of all gas: 0 to 1. */
  readonly wastedGasShare: Estimate;
  readonly commitLatencyMicros: {
    readonly p50: Estimate;
    readonly p90: Estimate;
    readonly p99: Estimate;
    readonly p999: Estimate;
  };
  /** `speedup` / `attainableSpeedupWorkers` of `runs.csv`. */
  readonly efficiency: Estimate;
}

/** Null where no run had telemetry. */
export function summarizeTelemetry(runs: readonly RunRecord[], seed: number): StatisticsSummary | null {
  const its = runs.filter(({ report }) => report.statistics !== undefined);
  if (its.length === 0) return null;
  const statisticsOf = ({ report }: RunRecord): BenchmarkStatistics => report.statistics as BenchmarkStatistics;
  const of = (value: (statistics: BenchmarkStatistics) => number): Estimate =>
    estimate(its, (run) => value(statisticsOf(run)), seed) as Estimate;
  const ofCall = (value: (statistics: BenchmarkStatistics) => number): Estimate =>
    of((statistics) => value(statistics) / statistics.calls);
  const ofExecution = (cause: keyof BenchmarkStatistics['aborts']['byCause']): Estimate =>
    of(({ aborts, executions }) => aborts.byCause[cause] / executions);
  const latency = (quantile: keyof BenchmarkStatistics['commitLatencyMicros']): Estimate =>
    of(({ commitLatencyMicros }) => commitLatencyMicros[quantile]);
  return {
    abortsPerExecution: {
      validation: ofExecution('validation'),
      estimate: ofExecution('estimate'),
      cascade: ofExecution('cascade'),
    },
    incarnationShares: shares(its.map((run) => statisticsOf(run).incarnations)),
    wastedMicrosPerCall: ofCall(({ wastedMicros }) => wastedMicros),
    parkedMicrosPerCall: ofCall(({ parkedMicros }) => parkedMicros),
    validationMicrosPerCall: ofCall(({ validationMicros }) => validationMicros),
    wastedGasShare: of(wastedGasShare),
    commitLatencyMicros: { p50: latency('p50'), p90: latency('p90'), p99: latency('p99'), p999: latency('p999') },
    efficiency: of(({ efficiency }) => efficiency),
  };
}

function shares(histograms: readonly (readonly number[])[]): number[] {
  const length = Math.max(...histograms.map((histogram) => histogram.length));
  const counts = Array.from({ length }, (_, index) => sum(histograms.map((histogram) => histogram[index] ?? 0)));
  const total = sum(counts);
  return counts.map((count) => count / total);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
