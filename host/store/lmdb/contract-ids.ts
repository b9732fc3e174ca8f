import { StoreError } from '../../runtime/errors.js';
import type { StoredContract } from '../store.js';
import { checked, type Tables } from './tables.js';

const ADDRESS_BYTES = 32;

/** The contracts by their id, which counts from 0 in the order of deployment. @throws StoreError `ERR_STORE_CORRUPT` */
export function readContracts({ contracts }: Tables): StoredContract[] {
  const found: StoredContract[] = [];
  for (const { key, value } of contracts.getRange({})) {
    const bytes = Buffer.from(checked(key, value));
    if (Buffer.from(key).readUInt32BE() !== found.length) {
      throw new StoreError('ERR_STORE_CORRUPT', `there is no contract ${found.length}, and one after it`);
    }
    found.push({
      address: new Uint8Array(bytes.subarray(0, ADDRESS_BYTES)),
      codeHash: bytes.toString('hex', ADDRESS_BYTES),
    });
  }
  return found;
}

/** The ids of contracts, by address in hex digits. @throws StoreError `ERR_STORE_CORRUPT` */
export function contractIds(tables: Tables): Map<string, number> {
  return new Map(readContracts(tables).map(({ address }, id) => [Buffer.from(address).toString('hex'), id]));
}
