import { InvalidArgumentError, Option } from 'commander';
import type { ExecutorName, Limits } from '../index.js';
import { FileError } from './json-field.js';

const EXECUTORS = ['auto', 'sequential', 'block-stm'] satisfies ExecutorName[];
const U64_MAX = 2n ** 64n - 1n;

/** `--executor`, of the commands that execute blocks. */
export function executorOption(byDefault: ExecutorName): Option {
  return new Option('--executor <name>', 'how blocks are executed').choices(EXECUTORS).default(byDefault);
}

/** `--verbose`, of every command; `main` reads it. */
export function verboseOption(): Option {
  return new Option('--verbose', 'show the stack trace of an error');
}

/** Parses the argument of an option that is a whole number; whoever takes the number says which ones it can be. */
export function wholeNumber(text: string): number {
  const value = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isSafeInteger(value)) return value;
  throw new InvalidArgumentError('Expected a whole number.');
}

/** `--from` and `--to`: heights of blocks. */
export function heightOption(flags: string, description: string): Option {
  return new Option(flags, description).argParser(height);
}

/** `--timestamp`, of the commands that make a block. */
export function timestampOption(): Option {
  return new Option(
    '--timestamp <seconds>',
    'Unix time that the block has (default: that of the block before; 0 without one)',
  ).argParser(timestamp);
}

function timestamp(text: string): bigint {
  if (/^[0-9]{1,20}$/.test(text) && BigInt(text) <= U64_MAX) return BigInt(text);
  throw new InvalidArgumentError('Expected whole seconds since 1970.');
}

function height(text: string): bigint {
  if (/^[0-9]{1,20}$/.test(text) && BigInt(text) <= U64_MAX) return BigInt(text);
  throw new InvalidArgumentError('Expected the height of a block: a whole number.');
}

/** @throws FileError where there is no block from `from` to `to`, of a chain that ends with `head`. */
export function refuseNoBlocks(from: bigint | undefined, to: bigint | undefined, head: bigint): void {
  const last = to === undefined || to > head ? head : to;
  if (from !== undefined && from > last) throw new FileError(`error: --from ${from}: expected at most ${last}`);
}

/** Parses the argument of an option that is a number without sign, whole or with a decimal point. */
export function decimalNumber(text: string): number {
  if (/^[0-9]+(\.[0-9]+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Expected a number.');
}

/** Parses the argument of an option that is on or off. */
export function onOrOff(text: string): boolean {
  if (text === 'on' || text === 'off') return text === 'on';
  throw new InvalidArgumentError('Expected on or off.');
}

/** Adds one `--limit name=value` to those before it; the runtime says which names and values there are. */
export function collectLimit(text: string, limits: Partial<Limits> = {}): Partial<Limits> {
  const [, name, value] = /^([a-zA-Z]+)=([0-9]+)$/.exec(text) ?? [];
  if (name === undefined) throw new InvalidArgumentError('Expected a name and a whole number: locations=4000000.');
  return { ...limits, [name]: Number(value) };
}
