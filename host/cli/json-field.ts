import { pathText, type ValuePath } from '../contract/value-path.js';
import { excerpt, locate, type Part, type Place } from './json-location.js';
import { findRepeats, type RepeatedName } from './json-repeats.js';
import { findSyntaxProblem } from './json-syntax.js';
import { expectedName } from './nearest-name.js';
import { plural } from './quantity.js';

/**
 * What a person wrote is wrong: a file, or a command. Of a file the message reads like a compiler's: file, line, column, field, what and where.
 */
export class FileError extends Error {
  /** Each thing that is wrong, for who reads it by program. */
  readonly problems: readonly InputProblem[];
  /** Of a file that the runtime has a code for, that code. */
  readonly code: string;

  constructor(
    message: string,
    problems: readonly InputProblem[] = [{ message: message.replace(/^error: /, '') }],
    code = 'ERR_INPUT',
  ) {
    super(message);
    this.name = 'FileError';
    this.problems = problems;
    this.code = code;
  }
}

/** Further ones are only counted. */
const ERRORS_SHOWN_MAX = 10;

/** Several errors, at least one, as one: the first ten in full, for a person; a program has all (`problems`). @param isCutOff whether there are more than these */
export function allErrors(errors: readonly FileError[], code?: string, isCutOff = false): FileError {
  const shown = errors.slice(0, ERRORS_SHOWN_MAX).map(({ message }) => message);
  const rest = errors.length - shown.length;
  const [least, which] = isCutOff ? ['at least ', 'the first'] : ['', 'all'];
  if (rest > 0) shown.push(`and ${least}${plural(rest, 'more error')}: --json has ${which} ${errors.length}`);
  return new FileError(
    shown.join('\n'),
    errors.flatMap(({ problems }) => problems),
    code,
  );
}

/** For errors of one file, in the order of their places. */
export function byPlace({ problems: [left] }: FileError, { problems: [right] }: FileError): number {
  return (left?.line ?? 0) - (right?.line ?? 0) || (left?.column ?? 0) - (right?.column ?? 0);
}

/** One thing that is wrong with what a person wrote; with its place, where that is in a file. */
export interface InputProblem {
  readonly message: string;
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
}

/** A JSON text: a whole file, or one line of it. */
export interface JsonText {
  readonly file: string;
  /** Where the text starts in its file, from 1. */
  readonly firstLine: number;
  readonly text: string;
}

/** Where values come from: who knows that can say where one stands. */
export interface FieldOrigin {
  /** An error about the value at a path, or about its name. */
  error(path: ValuePath, problem: string, part: Part): FileError;
  /** The value as it was written, where JavaScript may have rounded it. */
  written?(path: ValuePath): string;
}

/**
 * A value that somebody wrote, in a JSON text or on the command line, together with the path that leads to it, so that whoever finds it wrong can say where it is.
 * Every method throws a FileError where the value is not what it asks for.
 */
export class JsonField {
  readonly value: unknown;
  readonly #origin: FieldOrigin;
  readonly #path: ValuePath;

  constructor(origin: FieldOrigin, value: unknown, path: ValuePath = []) {
    this.#origin = origin;
    this.#path = path;
    this.value = value;
  }

  /** @throws FileError where it is not JSON, or has an object with a name twice. */
  static parse(source: JsonText): JsonField {
    const { root, repeats } = JsonField.parseAll(source);
    if (repeats.length > 0) throw allErrors(repeats);
    return root;
  }

  /** For who shows all that is wrong: with an error for each name that an object has twice. @throws FileError where it is not JSON. */
  static parseAll(source: JsonText): { readonly root: JsonField; readonly repeats: readonly FileError[] } {
    let value: unknown;
    try {
      value = JSON.parse(source.text);
    } catch (cause) {
      throw syntaxError(source, (cause as Error).message);
    }
    const repeats = findRepeats(source.text).map((repeat) => repeatError(source, repeat));
    return { root: new JsonField(new TextOrigin(source), value), repeats };
  }

  /** Whether there is a value: a member that an object does not have is a field too, so that it can be asked for. */
  get present(): boolean {
    return this.value !== undefined;
  }

  /** A member of an object. @param known every name the object may have: any other is likely a slip of the pen. */
  members<Name extends string>(known: readonly Name[]): Readonly<Record<Name, JsonField>> {
    const object = this.#object();
    for (const name of Object.keys(object)) {
      if ((known as readonly string[]).includes(name)) continue;
      throw this.#member(name, object[name]).error(`unknown name, ${expectedName(name, known)}`, 'name');
    }
    // A prototype's members (`constructor`) are not the file's.
    const field = (name: Name): JsonField => this.#member(name, Object.hasOwn(object, name) ? object[name] : undefined);
    return Object.fromEntries(known.map((name) => [name, field(name)])) as Record<Name, JsonField>;
  }

  /** What stands at a path from here, which somebody else has found wrong: there may be nothing. */
  at(path: ValuePath): JsonField {
    let value = this.value;
    for (const key of path) value = (value as Readonly<Record<string | number, unknown>> | undefined)?.[key];
    return new JsonField(this.#origin, value, [...this.#path, ...path]);
  }

  items(): readonly JsonField[] {
    if (!Array.isArray(this.value)) return this.expected('an array');
    return this.value.map((item, index) => this.#member(index, item));
  }

  /** A string that is not empty. */
  text(): string {
    return typeof this.value === 'string' && this.value !== '' ? this.value : this.expected('a string');
  }

  /** A whole number from `min` to `max`: a JSON number that is exact, or a decimal string. */
  integer(min: bigint, max: bigint): bigint {
    const value = wholeNumber(this.value);
    if (value !== undefined && value >= min && value <= max) return value;
    const hint =
      typeof this.value === 'number' && !Number.isSafeInteger(this.value) ? ' (as a string beyond 2^53)' : '';
    return this.expected(`a whole number from ${min} to ${max}${hint}`);
  }

  /** `"0x"` and hexadecimal digits, two a byte. */
  bytes(): Uint8Array {
    const { value } = this;
    if (typeof value === 'string' && /^0x([0-9a-fA-F]{2})*$/.test(value)) return Buffer.from(value.slice(2), 'hex');
    return this.expected('bytes ("0x" and an even number of hex digits)');
  }

  expected(what: string): never {
    // A number that JavaScript rounds is shown as it was written.
    const rounded = typeof this.value === 'number' && !Number.isSafeInteger(this.value);
    return this.fail(
      `expected ${what}, found ${(rounded && this.#origin.written?.(this.#path)) || describe(this.value)}`,
    );
  }

  fail(problem: string): never {
    throw this.error(problem);
  }

  error(problem: string, part: Part = 'value'): FileError {
    return this.#origin.error(this.#path, problem, part);
  }

  #object(): Readonly<Record<string, unknown>> {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.expected('an object');
    return value as Record<string, unknown>;
  }

  #member(key: string | number, value: unknown): JsonField {
    return new JsonField(this.#origin, value, [...this.#path, key]);
  }
}

class TextOrigin implements FieldOrigin {
  readonly #source: JsonText;

  constructor(source: JsonText) {
    this.#source = source;
  }

  error(path: ValuePath, problem: string, part: Part): FileError {
    return placedError(this.#source, locate(this.#source.text, path, part), named(path, problem));
  }

  written(path: ValuePath): string {
    const { start, end } = locate(this.#source.text, path);
    return this.#source.text.slice(start, end);
  }
}

function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
  // The length, which is that of 256 bits, keeps a hostile file from making a number that takes minutes to read.
  if (typeof value === 'string' && /^-?[0-9]{1,78}$/.test(value)) return BigInt(value);
  return undefined;
}

function syntaxError(source: JsonText, problem: string): FileError {
  const { offset, expected } = findSyntaxProblem(source.text) ?? { offset: 0, expected: undefined };
  const said = expected === undefined ? problem : `expected ${expected}`;
  return placedError(source, { start: offset, end: offset + 1 }, `not JSON: ${said}`);
}

function repeatError(source: JsonText, { path, first, again }: RepeatedName): FileError {
  const { line, column } = excerpt(source, first);
  return placedError(source, again, named(path, `the object has this name already, at ${line}:${column}`));
}

function named(path: ValuePath, problem: string): string {
  return path.length === 0 ? problem : `${pathText(path)}: ${problem}`;
}

function placedError(source: JsonText, place: Place, message: string): FileError {
  const { file } = source;
  const { line, column, lines } = excerpt(source, place);
  return new FileError(`${file}:${line}:${column}: error: ${message}\n${lines}`, [{ message, file, line, column }]);
}

function describe(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
