import { open } from 'node:fs/promises';
import { StoreError } from '../../runtime/errors.js';

/**
 * LMDB maps its file and believes its first two pages: where the file is shorter than they say, reading ends the process. So this is looked at before.
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

/** @throws StoreError `ERR_STORE_CORRUPT` for a file that is none of LMDB's, or not all of it. No file, or an empty one, is a new store. */
export async function refuseDamaged(path: string): Promise<void> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw cause;
  }
  await using closing = file;
  const { size } = await closing.stat();
  if (size === 0) return;
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
  const needed = (lastPage + 1n) * BigInt(pageSize);
  if (BigInt(size) < needed) throw damaged(path, `it has ${size} bytes, and its own tables speak of ${needed}`);
}

async function readHead(file: Awaited<ReturnType<typeof open>>, at: number): Promise<Buffer> {
  const head = Buffer.alloc(HEAD_BYTES);
  await file.read(head, 0, HEAD_BYTES, at);
  return head;
}

function damaged(path: string, how: string): StoreError {
  return new StoreError('ERR_STORE_CORRUPT', `${path} is damaged: ${how}`);
}
