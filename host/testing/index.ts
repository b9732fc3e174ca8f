/**
 * `blockstm/testing`: tests of contracts, with real Wasm, real gas and the real scheduler, in any test runner. The matchers for vitest are in
 * `blockstm/testing/matchers`.
 *
 * @module blockstm/testing
 */
export { Account, type AccountLike } from './account.js';
export { Actor } from './actor.js';
export { CallFailed } from './call-failed.js';
export { CallReceipt } from './call-receipt.js';
export type {
  Rehearsal,
  TestBlock,
  TestChainOptions,
  TestDeployOptions,
  TestUpgradeOptions,
} from './chain-options.js';
export type { ChainSnapshot } from './chain-position.js';
export { type CallParts, ContractCall } from './contract-call.js';
export type { ContractInput, FileUrl } from './contract-source.js';
export type { CounterExampleFiles } from './counter-example.js';
export type { AnnouncedEvent } from './events.js';
export type { HistoryEntry } from './history.js';
export type { Arguments, FirstArguments, Given, Methods, TypedMethods } from './methods.js';
export {
  assertParallelEqualsSequential,
  type CallGenerator,
  type ParallelOptions,
  type Setup,
} from './parallel-check.js';
export { type Difference, ParallelDifference } from './parallel-difference.js';
export type { ParallelReport } from './parallel-report.js';
export type { ParallelSetting } from './parallel-setting.js';
export { Random } from './random.js';
export { TestChain, testChain } from './test-chain.js';
export { type CallMaker, type CallOptions, TestContract, type ViewOptions } from './test-contract.js';
export { CallNotMade } from './unmade-calls.js';
