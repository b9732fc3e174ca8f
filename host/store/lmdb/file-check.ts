import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { StoreError } from '../../runtime/errors.js';
import { checkShortFile, type ShortFile } from './short-file.js';

/**
 * LMDB maps its file and believes its first two pages, and its binding ends the process where the file cannot be opened, or is shorter than they say. So all of this is looked at before.
 *
 * ```text
 *   page    24 bytes of its own | 24 meta
 *   meta    0 magic u32 | 4 version u32 | 8 - u64 | 16 map size u64 | 24 free table, 48 bytes | 72 main table, 48 bytes | 120 last page u64 | 128 transaction u64
 *   table   0 page size u32, of the free table | ... | 40 root page u64, 2^64 - 1: empty
 * ```
 *
 * They are written in turns: page 0 by transactions with even numbers, page 1 by odd ones.
 */
const MAGIC = 0xbeefc0de;
const VERSION = 2;
const HEAD_BYTES = 256;
const AT_META = 24;
const AT_FREE_TABLE = 24;
const AT_MAIN_TABLE = 72;
const AT_ROOT = 40;
const AT_LAST_PAGE = 120;
const AT_TRANSACTION = 128;
const NO_PAGE = 2n ** 64n - 1n;
const LEAST_PAGE_BYTES = 512;
const MOST_PAGE_BYTES = 65_536;

/** What a data file says of itself. */
export interface FileCheck {
  /** Transactions that it has seen. */
  readonly transactions: bigint;
  /** Undefined for a file that is as long as it says. */
  readonly short: ShortFile | undefined;
}

/**
 * The file is made if there is none. No file, or an empty one, is a new store.
 * @throws StoreError `ERR_STORE_CORRUPT` for a file that is none of LMDB's, or not all of it; `ERR_STORE_VERSION`; what the file system throws.
 */
export async function checkFile(path: string): Promise<FileCheck> {
  await using file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o664);
  if ((await file.stat()).size === 0) return { transactions: 0n, short: undefined };
  const { transactions, pages, pageBytes, freePages } = await readMetas(file, path);
  // Asked after what they say: another process that writes now, in another container, writes pages first, and what speaks of them last.
  const { size } = await file.stat();
  const needed = Number(pages * BigInt(pageBytes));
  if (size >= needed) return { transactions, short: undefined };
  // Before the file is closed, and heard of if it fails.
  return { transactions, short: await checkShortFile(file, { path, size, needed, pageBytes, freePages }) };
}

/** What the first two pages say together. */
interface Metas {
  readonly transactions: bigint;
  /** Of the file. */
  readonly pages: bigint;
  readonly pageBytes: number;
  /** The root page of the table of free pages. */
  readonly freePages: bigint;
}

/** In one read, since another process may write them. It may do so within that read as well: what contradicts itself is damaged where it says the same again. */
async function readMetas(file: FileHandle, path: string): Promise<Metas> {
  const bytes = Buffer.alloc(MOST_PAGE_BYTES + HEAD_BYTES);
  let before: Buffer | undefined;
  for (;;) {
    await file.read(bytes, 0, bytes.length, 0);
    const first = bytes.subarray(AT_META, HEAD_BYTES);
    const second = bytes.subarray(first.readUInt32LE(AT_FREE_TABLE)).subarray(AT_META, HEAD_BYTES);
    try {
      return checkMetas(path, first, second);
    } catch (error) {
      const now = Buffer.concat([first, second]);
      if (before?.equals(now)) throw error;
      before = now;
    }
  }
}

/** @throws StoreError */
function checkMetas(path: string, first: Buffer, second: Buffer): Metas {
  if (first.readUInt32LE(0) !== MAGIC) throw damaged(path, 'it does not begin as a data file of LMDB');
  const version = first.readUInt32LE(4);
  if (version !== VERSION) {
    const message = `${path} has version ${version} of LMDB's format: this release reads version ${VERSION}`;
    throw new StoreError('ERR_STORE_VERSION', message);
  }
  const pageBytes = first.readUInt32LE(AT_FREE_TABLE);
  if (pageBytes < LEAST_PAGE_BYTES || pageBytes > MOST_PAGE_BYTES || (pageBytes & (pageBytes - 1)) !== 0) {
    throw damaged(path, `its pages cannot have ${pageBytes} bytes`);
  }
  const isLike = [0, 4, AT_FREE_TABLE].every((at) => second.readUInt32LE(at) === first.readUInt32LE(at));
  if (!isLike) throw damaged(path, 'its first two pages contradict each other');
  const [even, odd] = [first, second].map((meta) => meta.readBigUInt64LE(AT_TRANSACTION)) as [bigint, bigint];
  const isNew = even === 0n && odd === 0n;
  if (!isNew && (even % 2n !== 0n || (even !== odd + 1n && odd !== even + 1n))) {
    throw damaged(path, `its last two transactions cannot be ${even} and ${odd}`);
  }
  const lasts = [first, second].map((meta) => lastPage(path, meta));
  return {
    transactions: even > odd ? even : odd,
    pages: lasts.reduce((a, b) => (a > b ? a : b)) + 1n,
    pageBytes,
    freePages: (even > odd ? first : second).readBigUInt64LE(AT_FREE_TABLE + AT_ROOT),
  };
}

/** The number of the last page that `meta` knows of. */
function lastPage(path: string, meta: Buffer): bigint {
  const last = meta.readBigUInt64LE(AT_LAST_PAGE);
  for (const table of [AT_FREE_TABLE, AT_MAIN_TABLE]) {
    const root = meta.readBigUInt64LE(table + AT_ROOT);
    if (root > last && root !== NO_PAGE) throw damaged(path, `page ${root} of its ${last + 1n} is missing`);
  }
  return last;
}

function damaged(path: string, how: string): StoreError {
  return new StoreError('ERR_STORE_CORRUPT', `${path} is damaged: ${how}`);
}
