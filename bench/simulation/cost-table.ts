import { readFileSync } from 'node:fs';
import { MisuseError } from '../../host/index.js';
import type { Costs } from '../../host/stepper/index.js';
import { packagePath } from '../package.js';
import { formatValue } from '../parameters.js';

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
  /** Nanoseconds for each gas, of the methods that are not named. */
  readonly nanosPerGas: number;
  /** The same by contract and method: `token.transfer`. */
  readonly methods: Readonly<Record<string, number>>;
  readonly host: HostCosts;
}

/** The numbers that a part of a table must have. */
const PARTS = {
  steps: ['claim', 'execute', 'publish', 'validate', 'abort', 'unwind', 'poll'],
  threads: ['start', 'startNext', 'wake', 'change', 'slice', 'join'],
  host: ['block', 'call', 'encode', 'read'],
} as const;

/** A second: no step takes as long, and by a clock of so many of them a nanosecond would be lost in rounding. */
const NANOS_MAX = 1e9;
/** Of one gas: a call takes thousands. */
const GAS_MAX = 1e6;
/** What is some: without polls time would stand still, and slices are counted out one by one. */
const LEAST: Readonly<Record<string, number>> = { 'steps.poll': 1, 'threads.slice': 10_000 };

/** The file of the table that comes with the package. */
export const SHIPPED_COSTS = packagePath('bench', 'data', 'costs.json');

/** The table that comes with the package. */
export function shippedCosts(): CostTable {
  return readCosts(SHIPPED_COSTS);
}

/** The table in a file. @throws MisuseError `ERR_OPTION` with the file, the place in it, what was found and what is allowed. */
export function readCosts(file: string): CostTable {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new MisuseError('ERR_OPTION', `--cost-table: ${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  try {
    return parseCosts(JSON.parse(text));
  } catch (cause) {
    throw new MisuseError('ERR_OPTION', `--cost-table: ${file}: ${(cause as Error).message}`, { cause });
  }
}

/** @throws MisuseError `ERR_OPTION` with the place, what was found and what is allowed. */
export function parseCosts(value: unknown): CostTable {
  const table = objectAt('the table', value);
  refuseOthers('', table, [
    '$schema',
    'schema',
    'machine',
    'assumed',
    'jitter',
    'nanosPerGas',
    'methods',
    ...Object.keys(PARTS),
  ]);
  if (table.schema !== 'blockstm.costs/1') throw wrong('schema', table.schema, '"blockstm.costs/1"');
  if (typeof table.machine !== 'string') throw wrong('machine', table.machine, 'the name of a machine');
  const { assumed } = table;
  if (!Array.isArray(assumed) || assumed.some((path) => !isNumberOf(path)))
    throw wrong('assumed', assumed, 'a list of paths of numbers: ["jitter", "steps.claim"]');
  const methods = objectAt('methods', table.methods);
  for (const [name, nanos] of Object.entries(methods)) nanosAt(`methods["${name}"]`, nanos, 0, GAS_MAX);
  nanosAt('nanosPerGas', table.nanosPerGas, 0, GAS_MAX);
  const { jitter } = table;
  if (typeof jitter !== 'number' || !(jitter >= 0 && jitter <= 1))
    throw wrong('jitter', jitter, 'a number from 0 to 1');
  for (const [part, names] of Object.entries(PARTS)) {
    const numbers = objectAt(part, table[part]);
    refuseOthers(`${part}.`, numbers, names);
    for (const name of names) {
      const path = `${part}.${name}`;
      nanosAt(path, numbers[name], LEAST[path] ?? 0, NANOS_MAX);
    }
  }
  return value as CostTable;
}

function isNumberOf(path: unknown): boolean {
  if (path === 'jitter' || path === 'nanosPerGas') return true;
  return Object.entries(PARTS).some(([part, names]) => names.some((name) => path === `${part}.${name}`));
}

function objectAt(path: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrong(path, value, 'an object');
}

function nanosAt(path: string, value: unknown, least: number, most: number): void {
  if (typeof value === 'number' && value >= least && value <= most) return;
  throw wrong(path, value, `nanoseconds, ${formatValue(least)} to ${formatValue(most)}`);
}

function refuseOthers(prefix: string, object: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  for (const name of Object.keys(object)) {
    if (!names.includes(name)) throw wrong(`${prefix}${name}`, object[name], `no such field, but ${names.join(', ')}`);
  }
}

function wrong(path: string, found: unknown, allowed: string): MisuseError {
  return new MisuseError('ERR_OPTION', `${path}: expected ${allowed}, found ${JSON.stringify(found) ?? 'nothing'}`);
}
