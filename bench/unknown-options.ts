import { MisuseError } from '../host/index.js';
import { OptionError } from './option-error.js';
import { suggestion } from './suggestion.js';

/** Refuse what is no object with options, and a name that nobody reads. @throws OptionError with the nearest that is known; MisuseError `ERR_OPTION`. */
export function refuseUnknownOptions(options: unknown, known: readonly string[]): void {
  if (typeof options !== 'object' || options === null) {
    throw new MisuseError('ERR_OPTION', `expected an object with options, found ${String(options)}`);
  }
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const meant = suggestion(unknown, known);
  throw new OptionError([unknown], `unknown option, known are ${known.join(', ')}${meant}`);
}
