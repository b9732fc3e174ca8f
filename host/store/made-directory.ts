import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a directory, with those around it that are not there: all of them, or none. Not as `recursive` of Node has it, which never ends where the system says of a directory that is there that it
 * is not, as Linux does below /proc.
 * @returns those that were made, the innermost first.
 * @throws what the system says.
 */
export function makeDirectory(directory: string): readonly string[] {
  const path = resolve(directory);
  try {
    return makeOne(path);
  } catch (cause) {
    const around = dirname(path);
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT' || around === path) throw cause;
    const made = makeDirectory(around);
    try {
      return [...makeOne(path), ...made];
    } catch (again) {
      removeMade(made);
      throw again;
    }
  }
}

/** Takes directories away again that were made, as `makeDirectory` gives them; not what somebody has put something into. */
export function removeMade(made: readonly string[]): void {
  for (const directory of made) {
    try {
      rmdirSync(directory);
    } catch {}
  }
}

function makeOne(path: string): string[] {
  try {
    mkdirSync(path);
    return [path];
  } catch (cause) {
    if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return [];
    throw cause;
  }
}
