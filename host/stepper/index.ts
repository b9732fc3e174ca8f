export { tableMiB } from '../engine/table-size.js';
export type { Costs, StepCosts, ThreadCosts } from './costs.js';
export {
  SIMULATED_MIB_MAX,
  type SimulatedBlock,
  type SimulatedContract,
  SimulatedRuntime,
  type SimulatedRuntimeOptions,
} from './simulated-runtime.js';
