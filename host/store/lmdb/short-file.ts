import { type FileHandle, truncate } from 'node:fs/promises';
import { StoreError } from '../../runtime/errors.js';
import { checked, type Tables } from './tables.js';

/**
 * A data file of LMDB that is shorter than its first pages say. It is whole where it lacks free pages only: those that its last transactions took and gave back, such as the pages of a large value
 * that was set and removed, are never written. Where it lacks any other, reading that page would end the process.
 *
 * So what is missing is put there as zeros, and everything is read once: no table can lead to a page of zeros without being found out. The table of free pages, which only LMDB itself can read, is
 * looked at before.
 *
 * ```text
 *   page    18 flags u16: 1 branch, 2 leaf | 20 nodes times two u16 | 24 where each node is, less 24, u16
 *   node    low u16, high u16, flags u16, key length u16 | key | value; of a branch the first three are a page
 * ```
 */
export interface ShortFile {
  readonly path: string;
  readonly size: number;
  /** What it should have, in bytes. */
  readonly needed: number;
  readonly pageBytes: number;
  /** The root page of the table of free pages. */
  readonly freePages: bigint;
}

/** No transaction takes and gives back more. */
const MISSING_MAX = 1 << 30;
/** Root of an empty table. */
const NO_PAGE = 2n ** 64n - 1n;
const PAGE_HEAD = 24;
const BRANCH = 1;
const NODE_HEAD = 8;
/** Flag of a node whose value is on pages of its own: number of the first u64, - u64, how many u64. */
const IS_LARGE = 1;

/** @returns `short`. @throws StoreError `ERR_STORE_CORRUPT` where it lacks too much, or some of the table of free pages. */
export async function checkShortFile(file: FileHandle, short: ShortFile): Promise<ShortFile> {
  // What is no page of LMDB's may lead out of itself.
  const isWhole = await hasFreePages(file, short).catch(() => false);
  if (short.needed - short.size > MISSING_MAX || !isWhole) throw tooShort(short);
  return short;
}

/** Whether all of the table of free pages is there. */
async function hasFreePages(file: FileHandle, { size, pageBytes, freePages }: ShortFile): Promise<boolean> {
  const isWithin = (page: bigint, count: bigint): boolean => (page + count) * BigInt(pageBytes) <= size;
  const numbers = freePages === NO_PAGE ? [] : [freePages];
  for (const number of numbers) {
    // More than there are in the file: damage leads in circles.
    if (!isWithin(number, 1n) || !isWithin(0n, BigInt(numbers.length))) return false;
    const page = Buffer.alloc(pageBytes);
    await file.read(page, 0, pageBytes, Number(number) * pageBytes);
    for (let index = 0; index < page.readUInt16LE(20) / 2; index++) {
      const node = page.readUInt16LE(PAGE_HEAD + index * 2) + PAGE_HEAD;
      const value = node + NODE_HEAD + page.readUInt16LE(node + 6);
      if ((page.readUInt16LE(18) & BRANCH) !== 0) numbers.push(BigInt(page.readUIntLE(node, 6)));
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
  const message = `${path} is damaged: it has ${size} bytes, and its own tables speak of ${needed}`;
  return new StoreError('ERR_STORE_CORRUPT', message, { cause });
}
