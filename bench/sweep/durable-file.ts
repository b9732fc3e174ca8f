import { closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileError } from './errors.js';
import { hasProcess } from './process-identity.js';

/**
 * Put `content` in place of what a file has: whoever looks, also after a power failure, finds the one or the other.
 * @throws SweepError; then the file has what it had.
 */
export function replaceFile(path: string, content: string | Uint8Array): void {
  const draft = join(dirname(path), `.${basename(path)}.${process.pid}`);
  try {
    const file = openSync(draft, 'w');
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(draft, path);
    syncDirectory(dirname(path));
  } catch (error) {
    rmSync(draft, { force: true });
    throw fileError(error, `cannot write ${path}`);
  }
}

/** Remove what `replaceFile` has left in a directory where its process was killed. */
export function removeDrafts(directory: string): void {
  for (const name of readdirSync(directory)) {
    const writer = Number(/^\..+\.(\d+)$/.exec(name)?.[1] ?? process.pid);
    if (writer !== process.pid && !hasProcess(writer)) rmSync(join(directory, name), { force: true });
  }
}

/** Make the names in a directory durable. Windows cannot open one, and needs not. */
export function syncDirectory(path: string): void {
  if (process.platform === 'win32') return;
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
