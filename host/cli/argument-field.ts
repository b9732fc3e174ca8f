import { JsonField } from './json-field.js';
import type { Path } from './json-location.js';

/**
 * A value that was given on the command line, to be checked as one in a file is.
 * @param placeOf what messages call the value at a path: `--sender`, `key`.
 */
export function argumentField(value: unknown, placeOf: (path: Path) => string): JsonField {
  return new JsonField({ message: (path, problem) => `error: ${placeOf(path)}: ${problem}` }, value);
}
