import { resolve } from 'node:path';
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
