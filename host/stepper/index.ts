export type { Costs, StepCosts, ThreadCosts } from './costs.js';
export {
  type SimulatedBlock,
  type SimulatedContract,
  SimulatedRuntime,
  type SimulatedRuntimeOptions,
} from './simulated-runtime.js';
