import type { ParameterInterface, TypeExpression } from '../index.js';
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
    const type = inputs.find((input) => input.name === name)?.type ?? 'string';
    values.set(name, readText(text.slice(end + 1), type, name));
  }
  return Object.fromEntries(values);
}

/** What JSON has and a command line has not: true and false, null, arrays and objects. The other types are strings there too. */
function readText(text: string, type: TypeExpression, name: string): unknown {
  if (type === 'bool') return text === 'true' || text === 'false' ? text === 'true' : text;
  if (type.endsWith('?')) return text === 'null' ? null : readText(text, type.slice(0, -1), name);
  if (!type.endsWith('[]') && !/^[A-Z]/.test(type)) return text;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FileError(`error: ${name}: expected a ${type} as JSON: ${(cause as Error).message}`);
  }
}
