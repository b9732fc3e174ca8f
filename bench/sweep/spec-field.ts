import { type ParameterSchema, type ParameterValue, parameterProblem } from '../parameters.js';
import { suggestion } from '../suggestion.js';
import { SpecError, type SpecPath } from './errors.js';

/** A value of a spec with the path that leads to it. Every method throws a SpecError where the value is not what it asks for. */
export class SpecField {
  readonly value: unknown;
  readonly path: SpecPath;

  constructor(value: unknown, path: SpecPath = []) {
    this.value = value;
    this.path = path;
  }

  get present(): boolean {
    return this.value !== undefined;
  }

  /** The members of an object that are there. @param known all that may be; `what` says in a message what they are. */
  members<Name extends string>(known: readonly Name[], what: string): Readonly<Partial<Record<Name, SpecField>>> {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return this.expected('an object');
    const fields = Object.entries(value).map(
      ([name, member]) => [name, new SpecField(member, [...this.path, name])] as const,
    );
    for (const [name, field] of fields) {
      if (!(known as readonly string[]).includes(name)) field.fail(`unknown ${what}, ${expectedName(name, known)}`);
    }
    return Object.fromEntries(fields) as Partial<Record<Name, SpecField>>;
  }

  /** The items of a list that is not empty. */
  items(): readonly SpecField[] {
    if (!Array.isArray(this.value) || this.value.length === 0) return this.expected('a list of at least one');
    return this.value.map((item, index) => new SpecField(item, [...this.path, index]));
  }

  /** The items of a list, or the one value that stands in place of a list. */
  oneOrMore(): readonly SpecField[] {
    return Array.isArray(this.value) ? this.items() : [this];
  }

  parameter(schema: ParameterSchema): ParameterValue {
    const value = this.value as ParameterValue;
    const problem = parameterProblem(schema, value);
    return problem === undefined ? value : this.fail(`expected ${problem}, found ${found(value)}`);
  }

  name<Name extends string>(known: readonly Name[]): Name {
    const { value } = this;
    if ((known as readonly unknown[]).includes(value)) return value as Name;
    if (typeof value !== 'string') return this.expected(`one of ${known.join(', ')}`);
    return this.fail(`expected one of ${known.join(', ')}, found ${found(value)}${suggestion(value, known)}`);
  }

  flag(): boolean {
    return typeof this.value === 'boolean' ? this.value : this.expected('true or false');
  }

  expected(what: string): never {
    return this.fail(`expected ${what}, found ${found(this.value)}`);
  }

  fail(problem: string): never {
    throw new SpecError(this.path, problem);
  }
}

function expectedName(name: string, known: readonly string[]): string {
  return `expected ${known.length === 0 ? 'none' : known.join(', ')}${suggestion(name, known)}`;
}

/** A value as it may stand in a message: short, and without what a terminal would obey. */
function found(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
