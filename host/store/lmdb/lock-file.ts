import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** What LMDB needs for the readers that we ask for (tables.ts), and some more. */
const LOCK_BYTES = 72 << 10;
const BLOCK_BYTES = 512;

/**
 * LMDB maps its lock file without asking whether the disk has room for it: where it has none, the first access ends the process. So the room is taken before, by writing what is there
 * already. Nobody else has the directory open.
 */
export function reserveLockFile(directory: string): void {
  if (process.platform === 'win32') return;
  const file = openSync(join(directory, 'lock.mdb'), constants.O_RDWR | constants.O_CREAT, 0o664);
  try {
    if (fstatSync(file).blocks * BLOCK_BYTES >= LOCK_BYTES) return;
    const bytes = Buffer.alloc(LOCK_BYTES);
    readSync(file, bytes, 0, LOCK_BYTES, 0);
    for (let at = 0; at < LOCK_BYTES; ) at += writeSync(file, bytes, at, LOCK_BYTES - at, at);
  } finally {
    closeSync(file);
  }
}
