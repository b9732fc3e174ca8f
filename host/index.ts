/**
 * blockstm: ordered blocks of smart-contract calls, run in parallel, with the result of running them one by one.
 *
 * @module blockstm
 */

export {
  type AddressInput,
  type BytesInput,
  type ClientTypes,
  type ContractClient,
  defineClient,
  type IntegerInput,
  type MethodTypes,
} from './contract/client.js';
export {
  decodeInput,
  decodeOutput,
  decodeValues,
  encodeInput,
  encodeOutput,
  encodeValue,
  type StructValue,
  type Value,
} from './contract/codec.js';
export * from './contract/event-codec.js';
export type {
  ContractInterface,
  EventFieldInterface,
  EventInterface,
  FieldInterface,
  MethodInterface,
  MethodKind,
  ParameterInterface,
  StructInterface,
  TypeExpression,
} from './contract/interface.js';
export type { StorageField, StorageKind, StorageLayout } from './contract/layout.js';
export * from './contract/storage-codec.js';
export type * from './runtime/chain.js';
export { check, instrument } from './runtime/contract-code.js';
export {
  AbortError,
  BlockStmError,
  CapacityError,
  ContractCodeError,
  FirstCallError,
  InvariantError,
  MisuseError,
  StoreError,
  ViewError,
  WorkerError,
} from './runtime/errors.js';
export { resolvePolicy } from './runtime/policy.js';
export { createRuntime } from './runtime/runtime.js';
export type * from './runtime/runtime-interface.js';
export type * from './runtime/typed.js';
export type * from './runtime/types.js';
export { memoryStore } from './store/memory.js';
export type * from './store/record.js';
export { type SealedBlock, Sealer } from './store/seal.js';
export type * from './store/store.js';
export type { EncodedWrites } from './store/writes.js';
export { dependencyDot } from './trace/dot.js';
export { locationText } from './trace/location-names.js';
export { digitShortener } from './trace/short-digits.js';
export type * from './trace/types.js';
export type { CheckOptions } from './wasm/check.js';
export type { Finding, FindingCode, SourcePosition } from './wasm/finding.js';
export { DYNAMIC_GAS, GAS_SCHEDULE_VERSION, INSTRUCTION_GAS, KERNEL_GAS } from './wasm/gas-schedule.js';
export { CODE_LIMITS, type CodeLimits } from './wasm/limits.js';
