import { accessSync, constants, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { FileError } from './json-field.js';

/**
 * @param outputs what is to be written, by the option that says so.
 * @param inputs what the command reads.
 * @throws FileError where an option names a file that the command reads, or that of another option.
 */
export function refuseOverwriting(
  outputs: Readonly<Record<string, string | undefined>>,
  inputs: readonly (string | undefined)[],
): void {
  const taken = new Map(inputs.flatMap((path) => (path === undefined ? [] : [[resolve(path), path]])));
  for (const [name, path] of Object.entries(outputs)) {
    if (path === undefined) continue;
    const other = taken.get(resolve(path));
    if (other !== undefined) throw new FileError(`error: --${name} ${path} would overwrite ${other}`);
    taken.set(resolve(path), path);
  }
}

/**
 * Before what takes minutes or hours, and not after it.
 * @param how whether what is there is written over, or a draft beside it takes its place.
 * @throws FileError where `file`, which `option` names, cannot be written so.
 */
export function refuseUnwritable(option: string, file: string, how: 'in place' | 'by a draft'): void {
  if (file === '') throw new FileError(`error: ${option}: expected the name of a file, found ""`);
  try {
    const known = statSync(file, { throwIfNoEntry: false });
    if (known?.isDirectory()) throw new Error('it is a directory');
    const directory = dirname(file);
    if (!statSync(directory).isDirectory()) throw new Error(`${directory} is no directory`);
    accessSync(known !== undefined && how === 'in place' ? file : directory, constants.W_OK);
  } catch (cause) {
    throw new FileError(`error: cannot write ${file}: ${(cause as Error).message}`);
  }
}
