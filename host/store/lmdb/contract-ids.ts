import { StoreError } from '../../runtime/errors.js';
import type { StoredContract } from '../store.js';
import { storeError } from './failure.js';
import { checked, contractKey, type Tables } from './tables.js';

const ADDRESS_BYTES = 32;

/** The contracts by their id, which counts from 0 in the order of deployment. @throws StoreError `ERR_STORE_CORRUPT` */
export function readContracts({ path, contracts }: Tables): StoredContract[] {
  const found: StoredContract[] = [];
  try {
    for (const { key, value } of contracts.getRange({})) {
      const bytes = Buffer.from(checked(path, key, value));
      if (Buffer.compare(key, contractKey(found.length)) !== 0) {
        const message = `${path} is damaged: there is no contract ${found.length}, and one after it`;
        throw new StoreError('ERR_STORE_CORRUPT', message);
      }
      found.push({
        address: new Uint8Array(bytes.subarray(0, ADDRESS_BYTES)),
        codeHash: bytes.toString('hex', ADDRESS_BYTES),
      });
    }
  } catch (error) {
    throw storeError(error, `cannot read ${path}`);
  }
  return found;
}

/** The ids of contracts, by address in hex digits. @throws StoreError `ERR_STORE_CORRUPT` */
export function contractIds(tables: Tables): Map<string, number> {
  return new Map(readContracts(tables).map(({ address }, id) => [Buffer.from(address).toString('hex'), id]));
}
