import { MisuseError } from './errors.js';
import type { Block, BlockContext, Transaction } from './types.js';

const ADDRESS_BYTES = 32;
const MAX_WORD = (1n << 64n) - 1n;
const NO_SEED = new Uint8Array(ADDRESS_BYTES);

/** Check that a block has the shape of one. @throws MisuseError `ERR_ARGUMENT` naming the place. */
export function checkBlock(block: Block): void {
  if (typeof block !== 'object' || block === null || !Array.isArray(block.transactions)) {
    throw new MisuseError('ERR_ARGUMENT', 'block: expected { transactions: [...] }');
  }
  const { transactions } = block;
  for (let index = 0; index < transactions.length; index++) {
    const problem = problemOf(transactions[index]);
    if (problem !== undefined) throw new MisuseError('ERR_ARGUMENT', `transactions[${index}]${problem}`);
  }
}

/** @throws MisuseError `ERR_ARGUMENT` */
export function checkCall(call: Transaction): void {
  const problem = problemOf(call);
  if (problem !== undefined) throw new MisuseError('ERR_ARGUMENT', `call${problem}`);
}

function problemOf(transaction: Transaction | undefined): string | undefined {
  if (typeof transaction !== 'object' || transaction === null) return ': expected an object';
  if (!isAddress(transaction.sender)) return `.sender: ${expectedAddress}`;
  if (!isAddress(transaction.contract)) return `.contract: ${expectedAddress}`;
  if (typeof transaction.method !== 'string') return '.method: expected a string';
  if (!(transaction.input instanceof Uint8Array)) return '.input: expected a Uint8Array';
  return undefined;
}

const expectedAddress = `expected a Uint8Array of ${ADDRESS_BYTES} bytes`;

function isAddress(value: unknown): boolean {
  return value instanceof Uint8Array && value.length === ADDRESS_BYTES;
}

/** The context with defaults filled in. @throws MisuseError `ERR_ARGUMENT` */
export function resolveContext(context: Partial<BlockContext> | undefined, height: bigint): BlockContext {
  const seed = context?.seed ?? NO_SEED;
  if (!isAddress(seed)) throw new MisuseError('ERR_ARGUMENT', `context.seed: ${expectedAddress}`);
  return {
    height: word('height', context?.height ?? height),
    timestamp: word('timestamp', context?.timestamp ?? 0n),
    chainId: word('chainId', context?.chainId ?? 0n),
    seed,
  };
}

function word(name: string, value: unknown): bigint {
  if (typeof value === 'bigint' && value >= 0n && value <= MAX_WORD) return value;
  throw new MisuseError('ERR_ARGUMENT', `context.${name}: expected a bigint from 0 to 2^64 - 1, got ${String(value)}`);
}
