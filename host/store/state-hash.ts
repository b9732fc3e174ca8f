import { StateDigest } from '../engine/state-digest.js';
import type { WriteSetEntry } from '../runtime/types.js';
import type { StateEntry } from './store.js';

type Place = Pick<StateEntry, 'contract' | 'key'>;

/**
 * The digest of a state, see ../engine/state-digest.ts: 64 hex digits.
 * @param state ascending.
 * @param differences values that are other than there; undefined: not there.
 */
export async function hashState(
  state: AsyncIterable<StateEntry>,
  differences: readonly WriteSetEntry[],
): Promise<string> {
  const digest = new StateDigest();
  const add = ({ contract, key, value }: WriteSetEntry): void => {
    if (value !== undefined) digest.add(contract, key, value);
  };
  const waiting = [...differences].sort(compare).reverse();
  for await (const entry of state) {
    for (let next = waiting.at(-1); next !== undefined && compare(next, entry) < 0; next = waiting.at(-1)) {
      add(next);
      waiting.pop();
    }
    const other = waiting.at(-1);
    if (other === undefined || compare(other, entry) !== 0) add(entry);
    else add(waiting.pop() as WriteSetEntry);
  }
  for (const rest of waiting.reverse()) add(rest);
  return digest.end();
}

function compare(a: Place, b: Place): number {
  return Buffer.compare(a.contract, b.contract) || Buffer.compare(a.key, b.key);
}
