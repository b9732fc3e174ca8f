import { createHash } from 'node:crypto';
import type { WriteSetEntry } from '../runtime/types.js';
import type { StateEntry } from './store.js';

type Place = Pick<StateEntry, 'contract' | 'key'>;

/**
 * SHA-256 over a state: for each location, ascending by contract address and then by key bytes: address, u32 key length, key, u32 value length, value; lengths little-endian. 64 hex
 * digits.
 * @param state ascending.
 * @param differences values that are other than there; undefined: not there.
 */
export async function hashState(
  state: AsyncIterable<StateEntry>,
  differences: readonly WriteSetEntry[],
): Promise<string> {
  const hash = createHash('sha256');
  const lengths = Buffer.alloc(4);
  const add = ({ contract, key, value }: WriteSetEntry): void => {
    if (value === undefined) return;
    hash.update(contract);
    for (const part of [key, value]) {
      lengths.writeUInt32LE(part.length);
      hash.update(lengths).update(part);
    }
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
  return hash.digest('hex');
}

function compare(a: Place, b: Place): number {
  return Buffer.compare(a.contract, b.contract) || Buffer.compare(a.key, b.key);
}
