import { type FunctionType, I32, I64 } from './module.js';

type Signature = Pick<FunctionType, 'parameters' | 'results'>;

function signature(parameters: readonly number[], ...results: number[]): Signature {
  return { parameters, results };
}

/** The module that contracts import from. */
export const CONTRACT_MODULE = 'blockstm';
/** Where what the rewrite needs is imported from: a contract cannot. */
export const WORKER_MODULE = 'blockstm.worker';

/** The contract interface, version 1 (assembly/sdk/README.md): all that a contract can import. */
export const CONTRACT_IMPORTS: ReadonlyMap<string, Signature> = new Map([
  ['push', signature([I64])],
  ['push4', signature([I64, I64, I64, I64])],
  ['lookup', signature([I32], I32)],
  ['read', signature([I32], I32)],
  ['has', signature([I32], I32)],
  ['write', signature([I32, I32])],
  ['remove', signature([I32])],
  ['add', signature([I32, I64, I64], I32)],
  ['subtract', signature([I32, I64, I64], I32)],
  ['take', signature([], I64)],
  ['input', signature([], I32)],
  ['output', signature([I32])],
  ['sender', signature([])],
  ['self', signature([])],
  ['height', signature([], I64)],
  ['timestamp', signature([], I64)],
  ['chainId', signature([], I64)],
  ['seed', signature([])],
  ['event', signature([I32, I32])],
  ['revert', signature([I32])],
  ['reject', signature([I32])],
  ['readonly', signature([])],
  ['hash', signature([I32, I32])],
  ['verify', signature([I32], I32)],
]);
