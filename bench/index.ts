/**
 * `blockstm/bench`: measure executors on reproducible workloads, and compare what two executions of a block gave.
 * Reached only through this subpath: an embedder of the runtime loads none of it.
 *
 * @module blockstm/bench
 */
export { type BlockOutcome, firstDifference } from './difference.js';
export type { Environment } from './environment.js';
export type { MainnetTransaction, MainnetTransfer } from './mainnet/transaction.js';
export { type BenchmarkOptions, RUN_PARAMETERS, resolveOptions } from './options.js';
export {
  type ChoiceSchema,
  formatRange,
  formatValue,
  type NumericSchema,
  optionName,
  type ParameterSchema,
  type ParameterSchemas,
  type ParameterValue,
  type ParameterValues,
} from './parameters.js';
export { formatReport } from './report.js';
export { PUBLISHED, type Published, type PublishedCell, type PublishedFigures } from './reproduction/published.js';
export {
  formatReproduction,
  type ReproducedCell,
  type ReproducedFigures,
  type ReproductionOptions,
  type ReproductionReport,
  reproduce,
} from './reproduction/reproduction.js';
export type { BenchmarkReport, Modes, SimulationReport, YardstickReport } from './result.js';
export { type Measured, type Progress, type RunSettings, runBenchmark } from './runner.js';
export { type CostTable, type HostCosts, parseCosts, readCosts, shippedCosts } from './simulation/cost-table.js';
export { resolveSimulation, SIMULATION_PARAMETERS, type SimulationOptions } from './simulation/options.js';
export { runSimulation, type SimulationSettings } from './simulation/simulation.js';
export {
  formatValidation,
  type ValidatedCell,
  type ValidationError,
  type ValidationOptions,
  type ValidationReport,
  validateSimulation,
} from './simulation/validation.js';
export { bootstrapMedian, type MedianInterval, median, type TimeSummary } from './statistics.js';
export type { Cell } from './suite/cell.js';
export { formatSuite, runSuite, type SuiteOptions, type SuiteReport } from './suite/suite.js';
export { SUITES } from './suite/suites.js';
export { formatWorkloads, type WorkloadList, workloadList } from './workload-list.js';
export { abaSameValue } from './workloads/aba-samevalue.js';
export { type ChainParameters, chain } from './workloads/chain.js';
export { type ComputeParameters, compute } from './workloads/compute.js';
export { type CounterParameters, counter } from './workloads/counter.js';
export { type HotspotParameters, hotspot } from './workloads/hotspot.js';
export { type MainnetParameters, mainnet } from './workloads/mainnet.js';
export { p2p } from './workloads/p2p.js';
export { WORKLOADS } from './workloads/registry.js';
export type { TransferParameters } from './workloads/transfers.js';
export type { Workload, WorkloadCall, WorkloadContract, WorkloadDefinition } from './workloads/workload.js';
