import type { BenchmarkStatistics } from '../block-statistics.js';

/** What `runs.csv` has of a run's telemetry: counts, gas and micros are sums over its blocks, latencies and attainable speed-ups medians, chain and path the largest of any block. */
const COLUMNS: Readonly<Record<string, (statistics: BenchmarkStatistics) => number>> = {
  abortsValidation: ({ aborts }) => aborts.byCause.validation,
  abortsEstimate: ({ aborts }) => aborts.byCause.estimate,
  abortsCascade: ({ aborts }) => aborts.byCause.cascade,
  incarnationsMax: ({ incarnations }) => incarnations.length,
  usedGas: ({ usedGas }) => usedGas,
  wastedGas: ({ wastedGas }) => wastedGas,
  wastedGasShare,
  usedMicros: ({ usedMicros }) => usedMicros,
  wastedMicros: ({ wastedMicros }) => wastedMicros,
  validationMicros: ({ validationMicros }) => validationMicros,
  parkedMicros: ({ parkedMicros }) => parkedMicros,
  suspendedMicros: ({ suspendedMicros }) => suspendedMicros,
  spanMicros: ({ spanMicros }) => spanMicros,
  commitLatencyP50Micros: ({ commitLatencyMicros }) => commitLatencyMicros.p50,
  commitLatencyP90Micros: ({ commitLatencyMicros }) => commitLatencyMicros.p90,
  commitLatencyP99Micros: ({ commitLatencyMicros }) => commitLatencyMicros.p99,
  commitLatencyP999Micros: ({ commitLatencyMicros }) => commitLatencyMicros.p999,
  longestChain: ({ longestChain }) => longestChain,
  criticalPathGas: ({ criticalPath }) => criticalPath.gas,
  attainableSpeedup: ({ attainable }) => attainable.unlimited,
  attainableSpeedupWorkers: ({ attainable }) => attainable.workers,
  efficiency: ({ efficiency }) => efficiency,
};

/** Gas of executions that were aborted, of all gas: 0 to 1. */
export function wastedGasShare({ usedGas, wastedGas }: BenchmarkStatistics): number {
  return wastedGas / Math.max(1, usedGas + wastedGas);
}

/** The columns are always there: of a run without telemetry their values are undefined. */
export function telemetryColumns(
  statistics: BenchmarkStatistics | undefined,
): Readonly<Record<string, number | undefined>> {
  return Object.fromEntries(
    Object.entries(COLUMNS).map(([name, of]) => [name, statistics === undefined ? undefined : of(statistics)]),
  );
}
