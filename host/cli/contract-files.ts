import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { FileError } from './json-field.js';

/** Where a project has its contracts: each `.ts` file right in it is one. */
export const SOURCES = 'contracts';

/** @throws FileError where there is none. */
export async function contractsIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory).catch((cause: NodeJS.ErrnoException) => {
    throw new FileError(`error: cannot read ${directory}: ${cause.message}`);
  });
  // Clients are there where --out says so.
  const files = names.filter((name) => name.endsWith('.ts') && !/\.(d|client)\.ts$/.test(name)).sort();
  if (files.length === 0) throw new FileError(`error: there is no contract in ${directory}: expected .ts files`);
  return files.map((name) => join(directory, name));
}
