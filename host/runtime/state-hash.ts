import { createHash } from 'node:crypto';
import type { Contract } from './types.js';

/**
 * The hash of a state: SHA-256 over the digest of what is stored (../engine/state-digest.ts), then address and code hash of each contract,
 * ascending by address. 64 hex digits. So an upgrade is another state, also where it stores nothing.
 */
export function stateHash(stored: string, contracts: readonly Pick<Contract, 'address' | 'codeHash'>[]): string {
  const hash = createHash('sha256').update(stored, 'hex');
  for (const { address, codeHash } of contracts.toSorted((a, b) => Buffer.compare(a.address, b.address))) {
    hash.update(address).update(codeHash, 'hex');
  }
  return hash.digest('hex');
}
