import type { BenchmarkReport } from '../result.js';
import { type Estimate, estimate } from './estimate.js';
import type { RunRecord } from './run-log.js';

/** The part of a run's telemetry that a sweep sums up: `statistics` of a BenchmarkReport, which is there where telemetry was on. */
export interface RunStatistics {
  readonly executions: number;
  readonly aborts: {
    readonly total: number;
    readonly byCause: { readonly validation: number; readonly estimate: number; readonly cascade: number };
  };
  /** `[n]`: calls with n + 1 incarnations. */
  readonly incarnations: readonly number[];
  readonly wastedGas: number;
  readonly wastedMicros: number;
  readonly parkedMicros: number;
  readonly validationMicros: number;
  readonly commitLatencyMicros: {
    readonly p50: number;
    readonly p90: number;
    readonly p99: number;
    readonly p999: number;
  };
  /** Measured speed-up / attainable speed-up. */
  readonly efficiency: number;
}

/** Telemetry over the runs of a cell: medians with intervals, and shares of all runs together. Micros are of a call, latencies of a commit. */
export interface StatisticsSummary {
  /** Aborts of an execution, by cause. */
  readonly abortCauses: { readonly validation: Estimate; readonly estimate: Estimate; readonly cascade: Estimate };
  /** `[n]`: share of the calls with n + 1 incarnations. */
  readonly incarnations: readonly number[];
  readonly wastedMicros: Estimate;
  readonly parkedMicros: Estimate;
  readonly validationMicros: Estimate;
  /** Gas of executions that were aborted, of a call. */
  readonly wastedGas: Estimate;
  readonly commitLatencyMicros: {
    readonly p50: Estimate;
    readonly p90: Estimate;
    readonly p99: Estimate;
    readonly p999: Estimate;
  };
  readonly efficiency: Estimate;
}

/** Null where no run had telemetry. */
export function summarizeStatistics(runs: readonly RunRecord[], seed: number): StatisticsSummary | null {
  const all = runs.map(({ report }) => statisticsOf(report)).filter((each) => each !== undefined);
  if (all.length === 0) return null;
  const of = (value: (statistics: RunStatistics) => number): Estimate => estimate(all.map(value), seed) as Estimate;
  const ofCall = (value: (statistics: RunStatistics) => number): Estimate =>
    of((statistics) => value(statistics) / sum(statistics.incarnations));
  const ofExecution = (cause: keyof RunStatistics['aborts']['byCause']): Estimate =>
    of(({ aborts, executions }) => aborts.byCause[cause] / executions);
  const latency = (quantile: keyof RunStatistics['commitLatencyMicros']): Estimate =>
    of(({ commitLatencyMicros }) => commitLatencyMicros[quantile]);
  return {
    abortCauses: {
      validation: ofExecution('validation'),
      estimate: ofExecution('estimate'),
      cascade: ofExecution('cascade'),
    },
    incarnations: shares(all.map(({ incarnations }) => incarnations)),
    wastedMicros: ofCall(({ wastedMicros }) => wastedMicros),
    parkedMicros: ofCall(({ parkedMicros }) => parkedMicros),
    validationMicros: ofCall(({ validationMicros }) => validationMicros),
    wastedGas: ofCall(({ wastedGas }) => wastedGas),
    commitLatencyMicros: { p50: latency('p50'), p90: latency('p90'), p99: latency('p99'), p999: latency('p999') },
    efficiency: of(({ efficiency }) => efficiency),
  };
}

function statisticsOf(report: BenchmarkReport & { readonly statistics?: RunStatistics }): RunStatistics | undefined {
  return report.statistics;
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
