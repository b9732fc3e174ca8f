import { nearestName } from '../contract/nearest-name.js';
import { MisuseError } from '../index.js';

/**
 * Refuse what is no object with options, and a name that nobody reads.
 * @param what - Whose options they are.
 * @throws MisuseError `ERR_OPTION`
 */
export function checkOptions(what: string, given: unknown, known: readonly string[]): void {
  if (typeof given !== 'object' || given === null) {
    throw new MisuseError('ERR_OPTION', `${what}: expected an object with options, found ${String(given)}`);
  }
  const name = Object.keys(given).find((each) => !known.includes(each));
  if (name === undefined) return;
  const nearest = nearestName(name, known);
  const meant = nearest === undefined ? '' : ` (did you mean "${nearest}"?)`;
  throw new MisuseError('ERR_OPTION', `${what}: unknown option "${name}"${meant}, known are ${known.join(', ')}`);
}
