import { MisuseError } from './errors.js';
import { refuseUnknown } from './option-schema.js';
import type { Block, BlockContext } from './types.js';

const SEED_BYTES = 32;
const MAX_WORD = (1n << 64n) - 1n;
const NO_SEED = new Uint8Array(SEED_BYTES);

/** `value`, which has the shape of a block; its transactions are checked when they are encoded. @throws MisuseError `ERR_ARGUMENT` */
export function checkBlock(value: unknown): Block {
  const block = value as Block;
  if (typeof block !== 'object' || block === null || !Array.isArray(block.transactions)) {
    throw new MisuseError('ERR_ARGUMENT', 'block: expected { transactions: [...] }');
  }
  refuseUnknown('block', block, ['transactions', 'context']);
  if (block.context !== undefined) checkContext(block.context);
  return block;
}

/** Its values are checked when it is resolved. @throws MisuseError `ERR_OPTION` for what is no object, and for a name that nobody reads. */
export function checkContext(context: unknown): void {
  refuseUnknown('context', context, ['height', 'timestamp', 'chainId', 'seed']);
}

/** The context with these defaults filled in. @throws MisuseError `ERR_ARGUMENT` */
export function resolveContext(
  context: Partial<BlockContext> | undefined,
  height: bigint,
  timestamp: bigint,
): BlockContext {
  const seed = context?.seed ?? NO_SEED;
  if (!(seed instanceof Uint8Array) || seed.length !== SEED_BYTES) {
    throw new MisuseError('ERR_ARGUMENT', `context.seed: expected a Uint8Array of ${SEED_BYTES} bytes`);
  }
  return {
    height: word('height', context?.height ?? height),
    timestamp: word('timestamp', context?.timestamp ?? timestamp),
    chainId: word('chainId', context?.chainId ?? 0n),
    // As checked: whoever it belongs to may change it, and its length, at any time.
    seed: Uint8Array.from({ length: SEED_BYTES }, (_, index) => seed[index] as number),
  };
}

function word(name: string, value: unknown): bigint {
  if (typeof value === 'bigint' && value >= 0n && value <= MAX_WORD) return value;
  throw new MisuseError(
    'ERR_ARGUMENT',
    `context.${name}: expected a bigint from 0 to 2^64 - 1, found ${String(value)}`,
  );
}
