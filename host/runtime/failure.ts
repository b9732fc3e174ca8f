import type { Receipt } from './types.js';

/** How a call ended that did not end `ok`: `reverted (revert: insufficient balance)`. */
export function describeFailure({ status, error }: Receipt): string {
  return error === undefined ? status : `${status} (${error.code}: ${error.message})`;
}
