import { readFileSync } from 'node:fs';
import { pathText, type ValuePath } from '../../host/contract/value-path.js';
import { MisuseError } from '../../host/index.js';
import type { Costs } from '../../host/stepper/index.js';
import { OptionError } from '../option-error.js';
import { packagePath } from '../package.js';
import { formatValue } from '../parameters.js';
import type { MedianInterval } from '../statistics.js';
import { suggestion } from '../suggestion.js';
import { unknownMethods } from './known-methods.js';

/** What the host does of a block, in nanoseconds: the virtual clock counts it beside the workers' time. */
export interface HostCosts {
  /** Of every block. */
  readonly block: number;
  /** Of each call: the copies of what it is and of what it left. */
  readonly call: number;
  /** End to end: to encode a call, and to read its receipt. */
  readonly encode: number;
  readonly read: number;
}

/** What everything takes by the virtual clock, measured on some machine. Schema: schemas/costs.schema.json. */
export interface CostTable extends Costs {
  readonly schema: 'blockstm.costs/1';
  /** The machine that it was measured on. */
  readonly machine: string;
  /** Paths of the numbers that no measurement gave, but a fit or a guess: `steps.claim`. */
  readonly assumed: readonly string[];
  /** How `measureCosts` measured it: what it is worth. Nothing is computed from it. */
  readonly measured?: MeasuredBy;
  /** Nanoseconds for each gas, of the methods that are not named. */
  readonly nanosPerGas: number;
  /** The same by contract and method: `token.transfer`. */
  readonly methods: Readonly<Record<string, number>>;
  readonly host: HostCosts;
}

export interface MeasuredBy {
  /** By ISO 8601. */
  readonly begun: string;
  /** Programs that wanted a core then, as the system averages it over a minute: they are in the figures. */
  readonly load: number;
  /** By what steps on one thread were multiplied, for the lines that move between the cores of two, by the middle; null where no two threads met: then nothing was. */
  readonly lines: MedianInterval | null;
  /** For this and the next see `MEASURE_PARAMETERS`. */
  readonly repeats: number;
  readonly blockSize: number;
}

/** The numbers that a part of a table must have. */
const PARTS = {
  steps: ['claim', 'execute', 'publish', 'validate', 'abort', 'unwind', 'poll'],
  threads: ['start', 'startNext', 'wake', 'change', 'slice', 'join'],
  host: ['block', 'call', 'encode', 'read'],
} as const;

const NUMBERS = ['jitter', 'nanosPerGas', 'methods', ...Object.keys(PARTS)];
const FIELDS = ['$schema', 'schema', 'machine', 'assumed', 'measured', ...NUMBERS];

/** The file of the table that comes with the package. */
export const SHIPPED_COSTS = packagePath('bench', 'data', 'costs.json');
/** A second: no step takes as long, and by a clock of so many of them a nanosecond would be lost in rounding. */
const NANOS_MAX = 1e9;
/** Of one gas: a call takes thousands. */
const GAS_MAX = 1e6;
/** What is some: without polls time would stand still, and slices are counted out one by one. */
const LEAST: Readonly<Record<string, number>> = { 'steps.poll': 1, 'threads.slice': 10_000 };

/** The table that comes with the package. */
export function shippedCosts(): CostTable {
  return readCosts(SHIPPED_COSTS);
}

/** The table in a file. @throws OptionError with the file, the place in it, what was found and what is allowed. */
export function readCosts(file: string): CostTable {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new OptionError(['costTable'], `${file} cannot be read: ${(cause as Error).message}`, cause);
  }
  try {
    return parseCosts(JSON.parse(text));
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof CostTableError)) throw cause;
    throw new OptionError(['costTable'], `${file}: ${cause.message}`, cause);
  }
}

/** One thing in a cost table that is not as it has to be. */
export interface CostTableProblem {
  /** The names that lead to it. */
  readonly path: ValuePath;
  /** Whether it is the value at the path that is wrong, or the name that the path ends with. */
  readonly part: 'value' | 'name';
  /** Without the path, for whoever can show the place itself. */
  readonly message: string;
}

/** A cost table is not as it has to be. Code: `ERR_OPTION`. The message has a line for each problem, which begins with the path: `steps.poll: …`. */
export class CostTableError extends MisuseError {
  readonly problems: readonly CostTableProblem[];

  /** @param table what has it, as a message calls it. */
  constructor(problems: readonly CostTableProblem[], table = '') {
    const place = (path: ValuePath): string => pathText(path, table) || 'the table';
    super('ERR_OPTION', problems.map(({ path, message }) => `${place(path)}: ${message}`).join('\n'));
    this.problems = problems;
  }
}

/** @param table what has it, as a message calls it: `costTable`. @throws CostTableError with all that is wrong: each with the place, what was found and what is allowed. */
export function parseCosts(value: unknown, table = ''): CostTable {
  const problems: CostTableProblem[] = [];
  const wrong = (path: ValuePath, found: unknown, allowed: string): void => {
    const message = `expected ${allowed}, found ${JSON.stringify(found) ?? 'nothing'}`;
    problems.push({ path, part: 'value', message });
  };
  const objectAt = (path: ValuePath, found: unknown): Readonly<Record<string, unknown>> | undefined => {
    if (typeof found === 'object' && found !== null && !Array.isArray(found)) return found as Record<string, unknown>;
    wrong(path, found, 'an object');
    return undefined;
  };
  const nanosAt = (path: ValuePath, found: unknown, least: number, most: number): void => {
    if (typeof found === 'number' && found >= least && found <= most) return;
    wrong(path, found, `nanoseconds, ${formatValue(least)} to ${formatValue(most)}`);
  };
  const refuseOthers = (path: ValuePath, object: object, names: readonly string[]): void => {
    for (const name of Object.keys(object).filter((each) => !names.includes(each))) {
      const message = `unknown field, expected ${names.join(', ')}${suggestion(name, names)}`;
      problems.push({ path: [...path, name], part: 'name', message });
    }
  };
  const fields = objectAt([], value);
  if (fields === undefined) throw new CostTableError(problems, table);
  const { schema, machine, assumed, jitter } = fields;
  // First of all: what is of another schema has the rest for another reason.
  if (schema !== 'blockstm.costs/1') wrong(['schema'], schema, '"blockstm.costs/1"');
  refuseOthers([], fields, FIELDS);
  if (fields.measured !== undefined) objectAt(['measured'], fields.measured);
  if (typeof machine !== 'string') wrong(['machine'], machine, 'the name of a machine');
  if (!Array.isArray(assumed) || assumed.some((path) => !isNumberOf(path)))
    wrong(['assumed'], assumed, 'a list of paths of numbers: ["jitter", "steps.claim"]');
  const methods = objectAt(['methods'], fields.methods) ?? {};
  for (const [name, nanos] of Object.entries(methods)) nanosAt(['methods', name], nanos, 0, GAS_MAX);
  problems.push(...unknownMethods(methods as CostTable['methods']));
  nanosAt(['nanosPerGas'], fields.nanosPerGas, 0, GAS_MAX);
  if (typeof jitter !== 'number' || !(jitter >= 0 && jitter <= 1)) wrong(['jitter'], jitter, 'a number from 0 to 1');
  for (const [part, names] of Object.entries(PARTS)) {
    const numbers = objectAt([part], fields[part]);
    if (numbers === undefined) continue;
    refuseOthers([part], numbers, names);
    for (const name of names) nanosAt([part, name], numbers[name], LEAST[`${part}.${name}`] ?? 0, NANOS_MAX);
  }
  if (problems.length > 0) throw new CostTableError(problems, table);
  return value as CostTable;
}

function isNumberOf(path: unknown): boolean {
  if (path === 'jitter' || path === 'nanosPerGas') return true;
  return Object.entries(PARTS).some(([part, names]) => names.some((name) => path === `${part}.${name}`));
}
