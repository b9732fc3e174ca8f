import * as v from 'valibot';
import { nearestName } from '../contract/nearest-name.js';
import { MisuseError } from './errors.js';

/** A whole number from `min` to `max`. */
export function wholeNumber(min: number, max: number) {
  // Made when it is said: whoever imports the package would wait for Intl.
  const allowed = () => `a whole number ${range(min, max)}`;
  return v.pipe(v.number(allowed), v.integer(allowed), v.minValue(min, allowed), v.maxValue(max, allowed));
}

/** One of some strings, or true or false: a message has the one that was most likely meant. */
export function oneOf<const Choice extends string | boolean>(choices: readonly Choice[]) {
  return v.picklist<readonly (string & Choice)[], (issue: v.PicklistIssue) => string>(
    choices as unknown as readonly (string & Choice)[],
    ({ input }) => `${choices.map(show).join(' or ')}${meant(input, choices)}`,
  ) as unknown as v.GenericSchema<Choice>;
}

/** `word`, or a whole number from `min` to `max`. */
export function wordOrNumber<const Word extends string>(word: Word, min: number, max: number) {
  const isAllowed = (value: unknown): boolean =>
    value === word || (Number.isInteger(value) && (value as number) >= min && (value as number) <= max);
  return v.custom<Word | number>(
    isAllowed,
    ({ input }) => `${show(word)} or a whole number ${range(min, max)}${meant(input, [word])}`,
  );
}

/** `from 1 to 1,024` */
function range(min: number, max: number): string {
  return `from ${min.toLocaleString('en-US')} to ${max.toLocaleString('en-US')}`;
}

/** ` (did you mean "park"?)`, or nothing where no choice is near. */
function meant(input: unknown, choices: readonly (string | boolean)[]): string {
  if (typeof input !== 'string') return '';
  const nearest = nearestName(input, choices.map(String));
  const choice = choices.find((each) => String(each) === nearest);
  return choice === undefined ? '' : ` (did you mean ${show(choice)}?)`;
}

/** A function, or an object with these functions. */
export function functions<Shape>(...names: readonly string[]) {
  const has = (value: unknown): boolean =>
    names.every((name) => typeof (value as Record<string, unknown> | null)?.[name] === 'function');
  return v.custom<Shape>(has, `an object with the methods ${names.join(', ')}`);
}

/** 32 bytes. */
export const anAddress = v.custom<Uint8Array>(
  (value) => value instanceof Uint8Array && value.length === 32,
  'the 32 bytes of an address',
);

/** Of a call. */
export const aGasLimit = wholeNumber(0, Number.MAX_SAFE_INTEGER);

export function aFunction<Shape>() {
  return v.custom<Shape>((value) => typeof value === 'function', 'a function');
}

/** An object with these members and no others: a name that nobody reads is a mistake that would go unnoticed. */
export function options<const Entries extends v.ObjectEntries>(entries: Entries) {
  return v.strictObject(entries);
}

/**
 * `value`, as `schema` gives it back. The messages of schemas made here say what is expected.
 * @throws MisuseError `ERR_OPTION` naming the option, its value and what is allowed.
 */
export function resolve<Schema extends v.GenericSchema>(
  what: string,
  schema: Schema,
  value: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  throw new MisuseError('ERR_OPTION', describe(what, schema, result.issues[0]));
}

/** Of an object whose values are checked elsewhere: what is none, and a name that nobody reads. @throws MisuseError `ERR_OPTION` */
export function refuseUnknown(what: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== 'object' || value === null) {
    throw new MisuseError('ERR_OPTION', `${what}: expected an object, found ${show(value)}`);
  }
  const name = Object.keys(value).find((each) => !known.includes(each));
  if (name !== undefined) throw new MisuseError('ERR_OPTION', unknownName(what, name, known));
}

function unknownName(what: string, name: string | undefined, known: readonly string[]): string {
  return `${what}: unknown option "${name}", known are ${known.join(', ')}`;
}

function describe(what: string, schema: v.GenericSchema, issue: v.BaseIssue<unknown>): string {
  const path = issue.path?.map(({ key }) => String(key)) ?? [];
  if (issue.type === 'strict_object' && issue.expected === 'never') {
    const name = path.pop();
    return unknownName(join(what, path), name, namesAt(schema, path));
  }
  const expected = issue.type === 'strict_object' ? 'an object' : issue.message;
  return `${join(what, path)}: expected ${expected}, found ${show(issue.input)}`;
}

/** Options of the outermost object are called by their own name. */
function join(what: string, path: readonly string[]): string {
  if (path.length === 0) return what;
  return what === 'options' ? path.join('.') : [what, ...path].join('.');
}

function namesAt(schema: v.GenericSchema, path: readonly string[]): string[] {
  let at = schema as unknown as { entries?: Record<string, unknown>; wrapped?: unknown };
  for (const name of ['', ...path]) {
    if (name !== '') at = at.entries?.[name] as typeof at;
    while (at.wrapped !== undefined) at = at.wrapped as typeof at;
  }
  return Object.keys(at.entries ?? {});
}

function show(value: unknown): string {
  if (typeof value === 'string') return `"${value}"`;
  return typeof value === 'object' && value !== null ? 'an object' : String(value);
}
