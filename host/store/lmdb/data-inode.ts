import { statSync } from 'node:fs';
import { join } from 'node:path';

/** What tells the data in `directory` from those of another chain that has come there; undefined where there are none. */
export function dataInode(directory: string): number | undefined {
  return statSync(join(directory, 'data.mdb'), { throwIfNoEntry: false })?.ino;
}
