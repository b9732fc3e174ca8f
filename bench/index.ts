/**
 * `blockstm/bench`: measure executors on reproducible workloads, and compare what two executions of a block gave.
 * Reached only through this subpath: an embedder of the runtime loads none of it.
 */
export { firstDifference } from './difference.js';
export type { Environment } from './environment.js';
export { type BenchmarkOptions, ROUNDS_DEFAULT, resolveOptions, type WorkloadName } from './options.js';
export { formatReport } from './report.js';
export type { BenchmarkReport } from './result.js';
export { type Progress, type RunSettings, runBenchmark } from './runner.js';
export { bootstrapMedian, type MedianInterval, median, type TimeSummary } from './statistics.js';
export { compute } from './workloads/compute.js';
export { mainnet } from './workloads/mainnet.js';
export { p2p } from './workloads/p2p.js';
export type { Workload, WorkloadCall, WorkloadContract } from './workloads/workload.js';
