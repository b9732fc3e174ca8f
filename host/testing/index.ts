/**
 * `blockstm/testing`: tests of contracts, with real Wasm, real gas and the real scheduler, in any test runner. The matchers for vitest are in
 * `blockstm/testing/matchers`.
 *
 * @module blockstm/testing
 */
export { Account, type AccountLike } from './account.js';
export { CallFailed } from './call-failed.js';
export { CallReceipt } from './call-receipt.js';
export { type CallParts, ContractCall } from './contract-call.js';
export type { ContractInput } from './contract-source.js';
export type { CounterExampleFiles } from './counter-example.js';
export type { AnnouncedEvent } from './events.js';
export type { HistoryEntry } from './history.js';
export type { Arguments, CalledName, Given, InitArguments, Methods, TypedMethods } from './methods.js';
export {
  assertParallelEqualsSequential,
  type CallGenerator,
  type ParallelOptions,
  type ParallelReport,
  type Setup,
} from './parallel-check.js';
export { type Difference, ParallelDifference } from './parallel-difference.js';
export type { ParallelSetting } from './parallel-setting.js';
export { Random } from './random.js';
export {
  Actor,
  type ChainSnapshot,
  type Rehearsal,
  type TestBlock,
  TestChain,
  type TestChainOptions,
  type TestDeployOptions,
  testChain,
} from './test-chain.js';
export { type CallMaker, type CallOptions, TestContract, type ViewOptions } from './test-contract.js';
