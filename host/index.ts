/**
 * blockstm: ordered blocks of smart-contract calls, run in parallel, with the result of running them one by one.
 *
 * @module
 */

export type { Value } from './contract/codec.js';
export { decodeInput, decodeOutput, encodeInput } from './contract/codec.js';
export type { ContractInterface, MethodInterface, ParameterInterface, ValueType } from './contract/interface.js';
export {
  BlockStmError,
  CapacityError,
  ContractCodeError,
  InvariantError,
  MisuseError,
  WorkerError,
} from './runtime/errors.js';
export { createRuntime } from './runtime/runtime.js';
export type * from './runtime/types.js';
