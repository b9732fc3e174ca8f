/**
 * A chain in one LMDB environment, of these tables. Every value ends with the CRC-32 of its key and itself, so that damage is told and not taken for data.
 *
 * ```text
 *   meta        "format"                            version u32
 *               "head"                              height u64 of the last block
 *               "restoring"                         while a snapshot is being read in
 *   contracts   id u32                              address, 32 bytes | code hash, 32 bytes        ids count from 0 in the order of deployment
 *   codes       code hash, 32 bytes                 Wasm
 *   blocks      height u64 | "h", "b", "r" or "w"   header | body | receipts | writes              see ../header.ts, body.ts, receipts.ts, writes.ts
 *   state       contract id u32 | storage key       value; what blocks with a "w" have written is to come, see state-log.ts
 * ```
 *
 * Integers in keys are big-endian, so that keys ascend with them; in values little-endian.
 */
import { type Database, open, type RootDatabase } from 'lmdb';
import { MAX_KEY_LENGTH } from '../../engine/storage-limits.js';
import { StoreError } from '../../runtime/errors.js';
import { checksum } from '../checksum.js';
import { writeError } from './disk-room.js';
import { storeError } from './failure.js';

export const FORMAT_VERSION = 1;
const CHECKSUM_BYTES = 4;
/** Of any table: the state's, of a contract's id and a key of its storage. */
export const LARGEST_KEY = 4 + MAX_KEY_LENGTH;

export type Table = Database<Uint8Array, Uint8Array>;

export interface Tables {
  /** The directory, for messages. */
  readonly path: string;
  readonly root: RootDatabase<Uint8Array, Uint8Array>;
  readonly meta: Table;
  readonly contracts: Table;
  readonly codes: Table;
  readonly blocks: Table;
  readonly state: Table;
}

/** What every thread that opens the environment must say alike. */
export interface Environment {
  readonly path: string;
  /** Address space for the data, in bytes: what it can grow to. */
  readonly mapSize: number;
}

const TABLE = { encoding: 'binary', keyEncoding: 'binary', cache: false } as const;
/** Named tables, and room. */
const MAX_TABLES = 8;
/** 256 workers, a host and a writer for each of some runtimes. */
const MAX_READERS = 1024;

/** @throws StoreError */
export function openTables({ path, mapSize }: Environment): Tables {
  try {
    const root = open<Uint8Array, Uint8Array>({
      ...TABLE,
      path,
      mapSize,
      maxDbs: MAX_TABLES,
      maxReaders: MAX_READERS,
      noSubdir: false,
      // A commit is on disk when it returns.
      overlappingSync: false,
      // Reads are all over the place: what lies beside a page is not needed soon.
      ...{ noReadAhead: true },
    });
    const table = (name: string): Table => root.openDB<Uint8Array, Uint8Array>({ ...TABLE, name });
    return {
      path,
      root,
      meta: table('meta'),
      contracts: table('contracts'),
      codes: table('codes'),
      blocks: table('blocks'),
      state: table('state'),
    };
  } catch (error) {
    throw writeError(error, 'cannot open', path);
  }
}

/** Write `value` with its checksum. Within a transaction. */
export function put(table: Table, key: Uint8Array, value: Uint8Array): void {
  const stored = Buffer.allocUnsafe(value.length + CHECKSUM_BYTES);
  stored.set(value);
  stored.writeUInt32LE(checksum(key, value), value.length);
  table.putSync(key, stored);
}

/** The same of a large value, without a copy: `value` has room for its checksum after it. */
export function putInPlace(table: Table, key: Uint8Array, value: Uint8Array): void {
  const stored = Buffer.from(value.buffer, value.byteOffset, value.length + CHECKSUM_BYTES);
  stored.writeUInt32LE(checksum(key, value), value.length);
  table.putSync(key, stored);
}

/** The value at `key`, a copy; undefined where there is none. @throws StoreError */
export function get({ path }: Tables, table: Table, key: Uint8Array): Uint8Array | undefined {
  const value = view(path, table, key);
  return value === undefined ? undefined : new Uint8Array(value);
}

/** The value at `key`, valid until the next is read; undefined where there is none. @throws StoreError */
export function view(path: string, table: Table, key: Uint8Array): Uint8Array | undefined {
  let stored: Uint8Array | undefined;
  try {
    stored = table.getBinaryFast(key);
  } catch (error) {
    throw storeError(error, `cannot read ${path}`);
  }
  return stored === undefined ? undefined : checked(path, key, stored);
}

/** The value in `stored`, which was found at `key`, without a copy. @throws StoreError `ERR_STORE_CORRUPT` */
export function checked(path: string, key: Uint8Array, stored: Uint8Array): Uint8Array {
  const length = stored.length - CHECKSUM_BYTES;
  if (length >= 0) {
    const value = stored.subarray(0, length);
    const sum =
      (stored[length] as number) | ((stored[length + 1] as number) << 8) | ((stored[length + 2] as number) << 16);
    if (checksum(key, value) === (sum | ((stored[length + 3] as number) << 24)) >>> 0) return value;
  }
  const name = Buffer.from(key.subarray(0, LARGEST_KEY)).toString('hex');
  throw new StoreError('ERR_STORE_CORRUPT', `${path} is damaged: the value of key 0x${name}`);
}

export function text(name: string): Uint8Array {
  return Buffer.from(name);
}

export function contractKey(id: number): Uint8Array {
  const key = Buffer.alloc(4);
  key.writeUInt32BE(id);
  return key;
}

/** `part`: "h" header, "b" body, "r" receipts, "w" writes that are not in `state` yet. */
export function blockKey(height: bigint, part: 'h' | 'b' | 'r' | 'w'): Uint8Array {
  const key = Buffer.alloc(9);
  key.writeBigUInt64BE(height);
  key.write(part, 8);
  return key;
}

export function word(value: bigint): Uint8Array {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes;
}
