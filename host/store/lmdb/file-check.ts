import { open, truncate } from 'node:fs/promises';
import { StoreError } from '../../runtime/errors.js';
import { checked, type Tables } from './tables.js';

/**
 * LMDB maps its file and believes its first two pages: where the file is shorter than they say, reading what is missing ends the process. So this is looked at before.
 *
 * A file that is whole can be shorter, too: by pages that its last transaction took and gave back, such as those of a large value that was set and removed. So what is missing is put there as
 * zeros, and everything is read once: no table can lead to a page of zeros without being found out.
 *
 * ```text
 *   page    24 bytes of its own | 24 meta
 *   meta    0 magic u32 | 4 version u32 | 8 - u64 | 16 map size u64 | 24 free table, 48 bytes | 72 main table, 48 bytes | 120 last page u64 | 128 transaction u64
 *   table   0 page size u32 | ...
 * ```
 */
const MAGIC = 0xbeefc0de;
const META = 24;
const AT_PAGE_SIZE = META + 24;
const AT_LAST_PAGE = META + 120;
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
  let file: Awaited<ReturnType<typeof open>>;
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
  const lastPage = [first, second]
    .filter((head) => head.readUInt32LE(META) === MAGIC)
    .reduce(
      (last, head) => (head.readBigUInt64LE(AT_LAST_PAGE) > last ? head.readBigUInt64LE(AT_LAST_PAGE) : last),
      0n,
    );
  const needed = Number((lastPage + 1n) * BigInt(pageSize));
  if (size >= needed) return undefined;
  const short = { path, size, needed };
  if (needed - size > MISSING_MAX) throw tooShort(short);
  return short;
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

async function readHead(file: Awaited<ReturnType<typeof open>>, at: number): Promise<Buffer> {
  const head = Buffer.alloc(HEAD_BYTES);
  await file.read(head, 0, HEAD_BYTES, at);
  return head;
}

function damaged(path: string, how: string, cause?: unknown): StoreError {
  return new StoreError('ERR_STORE_CORRUPT', `${path} is damaged: ${how}`, { cause });
}
