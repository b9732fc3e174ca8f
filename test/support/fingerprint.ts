import { createHash } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Who opens a data file of LMDB, to read it too, notes so there. */
const LOCK_FILE = 'lock.mdb';

/** What is in a directory: each path in it, with a hash of the file there. Links are not followed. */
export async function fingerprint(directory: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const path of (await readdir(directory, { recursive: true })).sort()) {
    if (path.endsWith(LOCK_FILE) || path.includes('node_modules/')) continue;
    const file = join(directory, path);
    const isFile = (await lstat(file)).isFile();
    found[path] = isFile
      ? createHash('sha256')
          .update(await readFile(file))
          .digest('hex')
      : '';
  }
  return found;
}
