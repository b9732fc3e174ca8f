import type { ValuePath } from '../contract/value-path.js';
import { FileError, JsonField } from './json-field.js';
import { locate } from './json-location.js';

/**
 * A value that was given on the command line, to be checked as one in a file is.
 * @param placeOf what messages call the value at a path: `--sender`, `key`.
 * @param writtenOf the JSON that the value at a path was given as, with the path within it; undefined for what was not given as JSON.
 */
export function argumentField(
  value: unknown,
  placeOf: (path: ValuePath) => string,
  writtenOf: (path: ValuePath) => { text: string; path: ValuePath } | undefined = () => undefined,
): JsonField {
  const origin = {
    error: (path: ValuePath, problem: string) => new FileError(`error: ${placeOf(path)}: ${problem}`),
    written: (path: ValuePath) => {
      const written = writtenOf(path);
      if (written === undefined) return '';
      const { start, end } = locate(written.text, written.path);
      return written.text.slice(start, end);
    },
  };
  return new JsonField(origin, value);
}
