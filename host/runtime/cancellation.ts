import { AbortError } from './errors.js';
import type { ReceiptFeed } from './execution.js';
import type { BlockResult } from './types.js';

/** Rejects as soon as a block is cancelled that has not begun. */
export function abortable(turn: Promise<BlockResult>, signal: AbortSignal, feed: ReceiptFeed): Promise<BlockResult> {
  return new Promise((resolvePromise, reject) => {
    const cancel = (): void => {
      if (!feed.hasBegun) reject(cancelled(signal));
    };
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
    turn.then(resolvePromise, reject).finally(() => signal.removeEventListener('abort', cancel));
  });
}

export function cancelled(signal: AbortSignal): AbortError {
  return new AbortError('execute: the block was cancelled', { cause: signal.reason });
}
