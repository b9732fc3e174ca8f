/**
 * A chain in a directory, by LMDB. Needs the package `lmdb` installed.
 *
 * @module blockstm/store/lmdb
 */
import { MisuseError } from '../../runtime/errors.js';
import type { Store } from '../store.js';
import { LmdbStore } from './lmdb-store.js';

export interface LmdbStoreOptions {
  /** Whether `open` compares the data file with the checksum that the last `close` left, which reads all of it. Default true. */
  readonly verify?: boolean;
  /** What the data can grow to, in GiB, 1 to 65,536: address space is reserved for it, and nothing else. Default 256. */
  readonly mapGiB?: number;
}

const DEFAULT_MAP_GIB = 256;
const MAP_GIB_MAX = 65_536;

/**
 * A store in `directory`, which is made if there is none. One process has it at a time.
 * @throws MisuseError `ERR_OPTION`
 */
export function lmdbStore(directory: string, options: LmdbStoreOptions = {}): Store {
  if (typeof options !== 'object' || options === null)
    throw new MisuseError('ERR_OPTION', `lmdbStore: expected an object, found ${String(options)}`);
  const { verify = true, mapGiB = DEFAULT_MAP_GIB, ...unknown } = options;
  if (typeof directory !== 'string' || directory === '') {
    throw new MisuseError('ERR_OPTION', 'lmdbStore: expected the path of a directory');
  }
  const [name] = Object.keys(unknown);
  if (name !== undefined)
    throw new MisuseError('ERR_OPTION', `lmdbStore: unknown option "${name}", known are verify, mapGiB`);
  if (typeof verify !== 'boolean')
    throw new MisuseError('ERR_OPTION', `verify: expected true or false, found ${verify}`);
  if (!Number.isInteger(mapGiB) || mapGiB < 1 || mapGiB > MAP_GIB_MAX) {
    throw new MisuseError('ERR_OPTION', `mapGiB: expected a whole number from 1 to ${MAP_GIB_MAX}, found ${mapGiB}`);
  }
  return new LmdbStore(directory, verify, mapGiB * 2 ** 30);
}
