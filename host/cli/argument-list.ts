import { isStructName } from '../contract/type.js';
import { pathText, type ValuePath } from '../contract/value-path.js';
import type { ParameterInterface, TypeExpression } from '../index.js';
import { argumentField } from './argument-field.js';
import { FileError, JsonField } from './json-field.js';

/** The arguments of a call, as a block file has them in `"args"`. */
export interface ArgumentList {
  readonly values: Readonly<Record<string, unknown>>;
  /** The text of each that was given as JSON. */
  readonly json: ReadonlyMap<string, string>;
}

/**
 * The arguments of a call, given as `name=value`: whoever reads those of a block file checks these too.
 * @throws FileError for what is not `name=value`, for a name that is given twice, and for an array or a struct that is not JSON.
 */
export function readArguments(texts: readonly string[], inputs: readonly ParameterInterface[]): ArgumentList {
  const values = new Map<string, unknown>();
  const json = new Map<string, string>();
  for (const argument of texts) {
    const end = argument.indexOf('=');
    if (end < 1) throw new FileError(`error: ${shortened(argument)}: expected an argument as name=value`);
    const name = argument.slice(0, end);
    const text = argument.slice(end + 1);
    if (values.has(name)) throw new FileError(`error: ${shortened(name)}: given twice`);
    const type = inputs.find((input) => input.name === name)?.type ?? 'string';
    if (isJsonType(type)) json.set(name, text);
    values.set(name, typedValue(name, text, type));
  }
  return { values: Object.fromEntries(values), json };
}

/** What JSON has and a command line has not: true and false, null, arrays and objects. The other types are strings there too. */
function typedValue(name: string, text: string, type: TypeExpression): unknown {
  if (type.endsWith('?') && text === 'null') return null;
  if (isJsonType(type)) return parse(name, text);
  // So that "null" can be told from null.
  if (type === 'string?' && /^".*"$/s.test(text)) return parse(name, text);
  if (type === 'bool') return text === 'true' || text === 'false' ? text === 'true' : text;
  return text;
}

/** Whether values of a type are given as JSON: arrays and structs are. */
function isJsonType(type: TypeExpression): boolean {
  const inner = type.replace(/\?$/, '');
  return inner.endsWith('[]') || isStructName(inner);
}

function parse(name: string, text: string): unknown {
  try {
    return JsonField.parse({ file: name, firstLine: 1, text }).value;
  } catch (cause) {
    if (!(cause instanceof FileError)) throw cause;
    const { message, column } = cause.problems[0] ?? {};
    throw new FileError(`error: ${name}: ${message}, at character ${column} of ${shortened(text)}`);
  }
}

/** A field of what the command line gives for a call: messages call an argument, and what is in it, by its name. */
export function callField(call: object, { json }: ArgumentList, places: ReadonlyMap<unknown, string>): JsonField {
  const placeOf = (path: ValuePath): string => {
    if (path.length > 1) return pathText(path.slice(1));
    const name = path.at(-1);
    return places.get(name) ?? String(name);
  };
  return argumentField(call, placeOf, (path) => {
    const text = json.get(String(path[1]));
    return text === undefined ? undefined : { text, path: path.slice(2) };
  });
}

function shortened(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
