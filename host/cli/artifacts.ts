import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeDirectory, removeMade } from '../store/made-directory.js';
import { FileError } from './json-field.js';

/** Files that belong together. */
export interface Artifact {
  readonly name: string;
  readonly content: string | Uint8Array;
}

/**
 * Removes files of these names from a directory.
 * @returns the paths of those that were there.
 * @throws FileError
 */
export async function removeArtifacts(directory: string, names: readonly string[]): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const path of names.map((name) => join(directory, name))) {
    try {
      await rm(path);
      removed.push(path);
    } catch (cause) {
      const { code, message } = cause as NodeJS.ErrnoException;
      if (code !== 'ENOENT' && code !== 'ENOTDIR') throw new FileError(`error: cannot remove ${path}: ${message}`);
    }
  }
  return removed;
}

/**
 * Writes files into a directory, which is made where it is not there, in place of what they are called now: all of them, or none.
 * @throws FileError
 */
export async function writeArtifacts(directory: string, artifacts: readonly Artifact[]): Promise<void> {
  const paths = artifacts.map(({ name }) => ({
    final: join(directory, name),
    draft: join(directory, `.${name}.${process.pid}`),
  }));
  let made: readonly string[] = [];
  try {
    made = makeDirectory(directory);
    for (const [index, { content }] of artifacts.entries())
      await writeFile((paths[index] as { draft: string }).draft, content);
    for (const { final, draft } of paths) await rename(draft, final);
  } catch (cause) {
    for (const { draft } of paths) await rm(draft, { force: true }).catch(() => {});
    removeMade(made);
    throw new FileError(`error: cannot write to ${directory}: ${(cause as Error).message}`);
  }
}
