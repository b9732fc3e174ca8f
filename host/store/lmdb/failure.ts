import { BlockStmError, StoreError } from '../../runtime/errors.js';

/** What LMDB, or the file system, says, and what that is. LMDB's own codes are negative. */
const CODES: readonly (readonly [pattern: RegExp, code: string])[] = [
  [/ENOSPC|No space left|MDB_MAP_FULL|EFBIG|File too large|EDQUOT/i, 'ERR_STORE_FULL'],
  [/EACCES|EPERM|EROFS|Permission denied|Read-only|not permitted/i, 'ERR_STORE_READ_ONLY'],
  [/ENOENT|No such file/i, 'ERR_STORE_GONE'],
  // A transaction that has met a bad page says of every later read that it must end. Tables are opened alike always: what contradicts that is the file.
  [
    /MDB_INVALID|MDB_CORRUPTED|MDB_PAGE_NOTFOUND|MDB_PANIC|MDB_BAD_TXN|MDB_INCOMPATIBLE|not an LMDB file|page not found/i,
    'ERR_STORE_CORRUPT',
  ],
  [/MDB_VERSION_MISMATCH/i, 'ERR_STORE_VERSION'],
];

/** LMDB's words for a write of which the system took a part. */
export function isPartial(error: unknown): boolean {
  return error instanceof Error && /EIO|Input\/output error/i.test(error.message);
}

/** `error` as one of ours, saying what was being done. */
export function storeError(error: unknown, doing: string): BlockStmError {
  if (error instanceof BlockStmError) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = CODES.find(([pattern]) => pattern.test(`${code} ${message}`));
  return new StoreError(known?.[1] ?? 'ERR_STORE', `${doing}: ${message}`, { cause: error });
}
