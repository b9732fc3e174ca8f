import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from './json-field.js';
import { systemReason } from './system-reason.js';

/** Where a project has its contracts: each `.ts` file right in it is one. */
export const SOURCES = 'contracts';

/** Where `blockstm build` writes to unless told otherwise, and tests import clients from. */
export const OUT = 'build';

/** @throws FileError where there is none. */
export async function contractsIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((cause: NodeJS.ErrnoException) => {
    const hint = cause.code === 'ENOENT' ? '; not a project? blockstm init makes one' : '';
    throw new FileError(`error: cannot read ${directory}: ${systemReason(cause)}${hint}`);
  });
  // Clients are there where --out says so.
  const files = names.filter((name) => name.endsWith('.ts') && !/\.(d|client)\.ts$/.test(name)).sort();
  if (files.length === 0) throw new FileError(`error: there is no contract in ${directory}: expected .ts files`);
  return files.map((name) => join(directory, name));
}
