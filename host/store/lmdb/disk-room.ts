import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { BlockStmError } from '../../runtime/errors.js';
import { isPartial, storeError } from './failure.js';

const PROBE_BYTES = 64 << 10;

/** What LMDB says of the data in `directory`, as an error of ours. */
export function writeError(error: unknown, doing: string, directory: string): BlockStmError {
  return storeError(isPartial(error) ? (whyNoRoom(directory) ?? error) : error, `${doing} ${directory}`);
}

/**
 * Why the data in `directory` cannot grow; undefined where they can. Where the system takes a part of a write, as it does before a disk is full or a file has the largest size allowed,
 * LMDB says "Input/output error", and asks no more. Whoever writes the rest is told.
 */
function whyNoRoom(directory: string): unknown {
  const path = join(directory, 'probe');
  try {
    const start = statSync(join(directory, 'data.mdb')).size;
    const file = openSync(path, 'w');
    try {
      const bytes = Buffer.alloc(PROBE_BYTES);
      for (let at = 0; at < PROBE_BYTES; ) at += writeSync(file, bytes, at, PROBE_BYTES - at, start + at);
    } finally {
      closeSync(file);
    }
    return undefined;
  } catch (error) {
    return error;
  } finally {
    rmSync(path, { force: true });
  }
}

/** Of a new chain there must be room for the first pages. @throws what the file system throws */
export function refuseFull(directory: string): void {
  if (statSync(join(directory, 'data.mdb')).size > 0) return;
  const why = whyNoRoom(directory);
  if (why !== undefined) throw why;
}
