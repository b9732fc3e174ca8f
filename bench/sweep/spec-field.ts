import type { ValuePath } from '../../host/contract/value-path.js';
import { type ParameterSchema, type ParameterValue, parameterProblem } from '../parameters.js';
import { suggestion } from '../suggestion.js';
import { PROBLEMS_NOTED_MAX, type SpecProblem } from './errors.js';

/**
 * A value of a spec with the path that leads to it. Where it is not what a method asks for, that is noted among the problems, which all fields of a spec share, and the method gives nothing back: so whatever else
 * is wrong is found too.
 */
export class SpecField {
  readonly value: unknown;
  readonly path: ValuePath;
  readonly #problems: SpecProblem[];

  constructor(value: unknown, problems: SpecProblem[], path: ValuePath = []) {
    this.value = value;
    this.path = path;
    this.#problems = problems;
  }

  /** A member that there need not be: then whatever it is asked for is a problem. */
  member(name: string | number, value: unknown): SpecField {
    return new SpecField(value, this.#problems, [...this.path, name]);
  }

  /** What is within it, for whoever says what is wrong there. */
  at(path: ValuePath): SpecField {
    return new SpecField(undefined, this.#problems, [...this.path, ...path]);
  }

  /** The members of an object that are there. @param known all that may be; `what` says in a message what they are. */
  members<Name extends string>(known: readonly Name[], what: string): Readonly<Partial<Record<Name, SpecField>>> {
    const { value } = this;
    const fields: Partial<Record<string, SpecField>> = {};
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      this.expected('an object');
      return fields as Partial<Record<Name, SpecField>>;
    }
    for (const [name, given] of Object.entries(value)) {
      const field = this.member(name, given);
      if ((known as readonly string[]).includes(name)) fields[name] = field;
      else field.wrong(`unknown ${what}, ${expectedName(name, known)}`, 'name');
    }
    return fields as Partial<Record<Name, SpecField>>;
  }

  /** The items of a list that is not empty. */
  items(): readonly SpecField[] {
    if (Array.isArray(this.value) && this.value.length > 0) {
      return this.value.map((item, index) => this.member(index, item));
    }
    this.expected('a list of at least one');
    return [];
  }

  /** The items of a list, or the one value that stands in place of a list. */
  oneOrMore(): readonly SpecField[] {
    return Array.isArray(this.value) ? this.items() : [this];
  }

  parameter(schema: ParameterSchema): ParameterValue | undefined {
    const value = this.value as ParameterValue;
    const problem = parameterProblem(schema, value);
    return problem === undefined ? value : this.expected(problem);
  }

  name<Name extends string>(known: readonly Name[]): Name | undefined {
    const { value } = this;
    if ((known as readonly unknown[]).includes(value)) return value as Name;
    const expected = `expected one of ${known.join(', ')}, found ${found(value)}`;
    return this.wrong(typeof value === 'string' ? `${expected}${suggestion(value, known)}` : expected);
  }

  flag(): boolean | undefined {
    const { value } = this;
    if (typeof value === 'boolean') return value;
    const nearest = typeof value === 'string' ? suggestion(value, ['true', 'false']) : '';
    return this.expected(`true or false${nearest}`);
  }

  expected(what: string): undefined {
    return this.wrong(`expected ${what}, found ${found(this.value)}`);
  }

  /** Note a problem. @returns nothing, for whoever has nothing else to give back. */
  wrong(message: string, part: SpecProblem['part'] = 'value'): undefined {
    if (this.#problems.length < PROBLEMS_NOTED_MAX) this.#problems.push({ path: this.path, part, message });
    return undefined;
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
