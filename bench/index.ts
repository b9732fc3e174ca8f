/**
 * `blockstm/bench`: measure executors on reproducible workloads, and compare what two executions of a block gave.
 * Reached only through this subpath: an embedder of the runtime loads none of it.
 *
 * @module blockstm/bench
 */
export type { ValuePath } from '../host/contract/value-path.js';
export type { StepCosts, ThreadCosts } from '../host/stepper/index.js';
export type { BenchmarkStatistics } from './block-statistics.js';
export { type BlockOutcome, firstDifference } from './difference.js';
export type { Environment } from './environment.js';
export type { MainnetTransaction, MainnetTransfer } from './mainnet/transaction.js';
export type { Modes } from './measurements.js';
export { OptionError, type OptionSpelling } from './option-error.js';
export { optionName } from './option-name.js';
export { type BenchmarkOptions, RUN_PARAMETERS, resolveOptions } from './options.js';
export {
  type ChoiceSchema,
  formatRange,
  formatValue,
  type NumericSchema,
  type ParameterSchema,
  type ParameterSchemas,
  type ParameterValue,
  type ParameterValues,
} from './parameters.js';
export { formatSweepReport, reportSweep, type SweepReport, type SweepReportOptions } from './plots/sweep-report.js';
export { formatReport } from './report.js';
export { PUBLISHED, type Published, type PublishedCell, type PublishedFigures } from './reproduction/published.js';
export {
  type ReproducedCell,
  type ReproducedFigures,
  type ReproductionOptions,
  type ReproductionReport,
  reproduce,
} from './reproduction/reproduction.js';
export { formatReproduction } from './reproduction/reproduction-text.js';
export type { BenchmarkReport, SimulationReport, YardstickReport } from './result.js';
export { type Measured, type Progress, type RunSettings, runBenchmark } from './runner.js';
export {
  type CostTable,
  CostTableError,
  type CostTableProblem,
  type HostCosts,
  type MeasuredBy,
  parseCosts,
  readCosts,
  shippedCosts,
} from './simulation/cost-table.js';
export { formatCosts } from './simulation/measure/costs-text.js';
export {
  MEASURE_PARAMETERS,
  type MeasuredTable,
  type MeasureOptions,
  measureCosts,
} from './simulation/measure/measure-costs.js';
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
export type { BlockCommands } from './sweep/block-commands.js';
export {
  type BlockExport,
  EXPORT_PARAMETERS,
  type ExportOptions,
  exportBlock,
  formatExport,
} from './sweep/block-export.js';
export type { BlockHashes } from './sweep/block-hashes.js';
export type { BuildIdentity } from './sweep/build-identity.js';
export type { Cgroup } from './sweep/cgroup.js';
export { mismatchPath, type SweepMismatch } from './sweep/counter-example.js';
export { SpecError, type SpecProblem, SweepError, type SweepErrorCode } from './sweep/errors.js';
export type { Estimate } from './sweep/estimate.js';
export type { Machine } from './sweep/machine.js';
export type { SweepManifest } from './sweep/manifest.js';
export type { ProcessIdentity } from './sweep/process-identity.js';
export type { FailureRecord, RunRecord } from './sweep/run-log.js';
export type { SessionRecord } from './sweep/session.js';
export { type OneOrMore, resolveSweep, type Sweep, type SweepSpec } from './sweep/spec.js';
export type { StatisticsSummary } from './sweep/statistics-summary.js';
export type { CellSummary, SweepRecords, SweepSummary } from './sweep/summary.js';
export { runSweep, type SweepOutcome } from './sweep/sweep.js';
export type { SweepCell } from './sweep/sweep-cell.js';
export { type SweptSoFar, sweptSoFar } from './sweep/sweep-directory.js';
export { formatPlan, formatSweep, planSweep, type SweepPlan } from './sweep/sweep-text.js';
export type { TaskListener } from './task-listener.js';
export { formatWorkloads, type WorkloadList, workloadList } from './workload-list.js';
export { abaSameValue } from './workloads/aba-samevalue.js';
export { type AmmParameters, amm, type Venue } from './workloads/amm.js';
export { type AuctionParameters, auction } from './workloads/auction.js';
export { type ChainParameters, chain } from './workloads/chain.js';
export { type ComputeParameters, compute } from './workloads/compute.js';
export { type CounterParameters, counter } from './workloads/counter.js';
export { type DriftParameters, drift } from './workloads/drift.js';
export { type Erc20ClustersParameters, erc20Clusters } from './workloads/erc20-clusters.js';
export { type HotspotParameters, hotspot } from './workloads/hotspot.js';
export { type HybridParameters, hybrid } from './workloads/hybrid.js';
export { type LendingParameters, lending } from './workloads/lending.js';
export { type MainnetParameters, mainnet } from './workloads/mainnet.js';
export { type NftMintParameters, nftMint } from './workloads/nft-mint.js';
export { p2p } from './workloads/p2p.js';
export { WORKLOADS } from './workloads/registry.js';
export { type SmallbankParameters, smallbank } from './workloads/smallbank.js';
export type { TransferParameters } from './workloads/transfers.js';
export type {
  Workload,
  WorkloadArgument,
  WorkloadCall,
  WorkloadContract,
  WorkloadDefinition,
} from './workloads/workload.js';
export { type YcsbParameters, ycsb } from './workloads/ycsb.js';
