import type { ParameterInterface } from '../index.js';
import { FileError } from './json-field.js';

/**
 * The arguments of a call, given as `name=value`, as a block file has them in `"args"`: whoever reads those checks these too.
 * @throws FileError for what is not `name=value`, and for a name that is given twice.
 */
export function readArguments(
  texts: readonly string[],
  inputs: readonly ParameterInterface[],
): Readonly<Record<string, unknown>> {
  const values = new Map<string, unknown>();
  for (const text of texts) {
    const end = text.indexOf('=');
    if (end < 1) throw new FileError(`error: ${text}: expected an argument as name=value`);
    const name = text.slice(0, end);
    if (values.has(name)) throw new FileError(`error: ${name}: given twice`);
    const isBool = inputs.some((input) => input.name === name && input.type === 'bool');
    values.set(name, isBool ? boolOrText(text.slice(end + 1)) : text.slice(end + 1));
  }
  return Object.fromEntries(values);
}

/** All that JSON has and a command line has not: the other types are strings there too. */
function boolOrText(text: string): boolean | string {
  return text === 'true' || text === 'false' ? text === 'true' : text;
}
