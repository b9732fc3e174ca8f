import { type FileHandle, open, truncate } from 'node:fs/promises';
import { StoreError } from '../../runtime/errors.js';
import { checked, type Tables } from './tables.js';

/**
 * LMDB maps its file and believes its first two pages: where the file is shorter than they say, reading what is missing ends the process. So this is looked at before.
 *
 * A file that is whole can be shorter, too: by pages that its last transaction took and gave back, such as those of a large value that was set and removed. So what is missing is put there as
 * zeros, and everything is read once: no table can lead to a page of zeros without being found out. But the table of free pages, which only LMDB itself can read, is looked at here.
 *
 * ```text
 *   page    24 bytes of its own | 24 meta
 *   meta    0 magic u32 | 4 version u32 | 8 - u64 | 16 map size u64 | 24 free table, 48 bytes | 72 main table, 48 bytes | 120 last page u64 | 128 transaction u64
 *   table   0 page size u32 | ... | 40 root page u64, 2^64 - 1: empty
 *   node    its place in the page, less 24, is among the u16 at 24 | low u16, high u16, flags u16, key length u16 | key | value
 *   page    18 flags u16: 1 branch, 2 leaf | 20 nodes times two u16
 * ```
 */
const MAGIC = 0xbeefc0de;
const META = 24;
const AT_PAGE_SIZE = META + 24;
const AT_FREE_ROOT = META + 64;
const AT_LAST_PAGE = META + 120;
const AT_TRANSACTION = META + 128;
const PAGE_HEAD = 24;
const BRANCH = 1;
const NODE_HEAD = 8;
/** Flag of a node whose value is on pages of its own: number of the first u64, - u64, how many u64. */
const IS_LARGE = 1;
const NO_PAGE = 2n ** 64n - 1n;
const HEAD_BYTES = 256;
/** No transaction takes and gives back more. */
const MISSING_MAX = 1 << 30;

/** A data file that ends before it should. */
export interface ShortFile {
  readonly path: string;
  readonly size: number;
  readonly needed: number;
}

/** @returns undefined for one that does not. @throws StoreError `ERR_STORE_CORRUPT` for a file that is none of LMDB's. No file, or an empty one, is a new store. */
export async function findShortFile(path: string): Promise<ShortFile | undefined> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
  await using closing = file;
  const { size } = await closing.stat();
  if (size === 0) return undefined;
  const first = await readHead(closing, 0);
  if (first.readUInt32LE(META) !== MAGIC) throw damaged(path, 'it does not begin as a data file of LMDB');
  const pageSize = first.readUInt32LE(AT_PAGE_SIZE);
  const second = await readHead(closing, pageSize);
  const metas = [first, second].filter((head) => head.readUInt32LE(META) === MAGIC);
  const lastPage = metas.map((head) => head.readBigUInt64LE(AT_LAST_PAGE)).reduce((a, b) => (a > b ? a : b));
  const needed = Number((lastPage + 1n) * BigInt(pageSize));
  if (size >= needed) return undefined;
  const short = { path, size, needed };
  const newest = metas.reduce((a, b) =>
    a.readBigUInt64LE(AT_TRANSACTION) > b.readBigUInt64LE(AT_TRANSACTION) ? a : b,
  );
  const root = newest.readBigUInt64LE(AT_FREE_ROOT);
  // What is no page of LMDB's may lead out of itself.
  const isWhole = await hasFreePages(closing, root, BigInt(pageSize), BigInt(size)).catch(() => false);
  if (needed - size > MISSING_MAX || !isWhole) throw tooShort(short);
  return short;
}

/** Whether the table of free pages that begins at page `root` is all within the file's `size`. */
async function hasFreePages(file: FileHandle, root: bigint, pageSize: bigint, size: bigint): Promise<boolean> {
  const isWithin = (page: bigint, count: bigint): boolean => (page + count) * pageSize <= size;
  const pages = root === NO_PAGE ? [] : [root];
  for (const number of pages) {
    // More than there are in the file: damage leads in circles.
    if (!isWithin(number, 1n) || !isWithin(0n, BigInt(pages.length))) return false;
    const page = Buffer.alloc(Number(pageSize));
    await file.read(page, 0, page.length, Number(number * pageSize));
    for (let index = 0; index < page.readUInt16LE(20) / 2; index++) {
      const node = page.readUInt16LE(PAGE_HEAD + index * 2) + PAGE_HEAD;
      const value = node + NODE_HEAD + page.readUInt16LE(node + 6);
      if ((page.readUInt16LE(18) & BRANCH) !== 0) pages.push(BigInt(page.readUIntLE(node, 6)));
      else if ((page.readUInt16LE(node + 4) & IS_LARGE) !== 0) {
        if (!isWithin(page.readBigUInt64LE(value), page.readBigUInt64LE(value + 16))) return false;
      }
    }
  }
  return true;
}

/**
 * Open the tables of a file that is too short.
 * @throws StoreError `ERR_STORE_CORRUPT` where something is missing that is needed; then the file is as it was.
 */
export async function openShortFile(short: ShortFile, openTables: () => Tables): Promise<Tables> {
  await truncate(short.path, short.needed);
  let tables: Tables | undefined;
  try {
    tables = openTables();
    readAll(tables);
    return tables;
  } catch (cause) {
    await tables?.root.close();
    await truncate(short.path, short.size);
    throw tooShort(short, cause);
  }
}

function readAll({ path, meta, contracts, codes, blocks, state }: Tables): void {
  for (const table of [meta, contracts, codes, blocks, state]) {
    for (const { key, value } of table.getRange({})) checked(path, key, value);
  }
}

function tooShort({ path, size, needed }: ShortFile, cause?: unknown): StoreError {
  return damaged(path, `it has ${size} bytes, and its own tables speak of ${needed}`, cause);
}

async function readHead(file: FileHandle, at: number): Promise<Buffer> {
  const head = Buffer.alloc(HEAD_BYTES);
  await file.read(head, 0, HEAD_BYTES, at);
  return head;
}

function damaged(path: string, how: string, cause?: unknown): StoreError {
  return new StoreError('ERR_STORE_CORRUPT', `${path} is damaged: ${how}`, { cause });
}
