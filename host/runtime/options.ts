import { availableParallelism } from 'node:os';
import { MisuseError } from './errors.js';
import type { ExecutorName, Limits, RuntimeOptions } from './types.js';

/** Options with every default filled in. */
export interface ResolvedOptions {
  readonly workers: number;
  readonly executor: ExecutorName;
  readonly limits: Limits;
}

const EXECUTORS: readonly ExecutorName[] = ['sequential', 'block-stm'];
const MAX_WORKERS = 256;

/** Default, and the allowed range. */
const LIMITS: Readonly<Record<keyof Limits, { readonly value: number; readonly min: number; readonly max: number }>> = {
  memoryMiB: { value: 1024, min: 16, max: 4095 },
  locations: { value: 1_048_576, min: 1024, max: 16_777_216 },
  transactions: { value: 262_144, min: 1, max: 16_777_216 },
  gas: { value: 100_000_000, min: 0, max: Number.MAX_SAFE_INTEGER },
};

/** Check the options and fill in the defaults. @throws MisuseError `ERR_OPTION` naming the option, what it was and what is allowed. */
export function resolveOptions(options: RuntimeOptions): ResolvedOptions {
  refuseUnknown('options', options, ['workers', 'executor', 'limits']);
  const executor = options.executor ?? 'block-stm';
  checkExecutor('executor', executor);
  const limits = options.limits ?? {};
  refuseUnknown('limits', limits, Object.keys(LIMITS));
  const limit = (name: keyof Limits): number => {
    const { value, min, max } = LIMITS[name];
    return wholeNumber(`limits.${name}`, limits[name] ?? value, min, max);
  };
  return {
    workers: wholeNumber('workers', options.workers ?? Math.min(availableParallelism(), MAX_WORKERS), 1, MAX_WORKERS),
    executor,
    limits: {
      memoryMiB: limit('memoryMiB'),
      locations: limit('locations'),
      transactions: limit('transactions'),
      gas: limit('gas'),
    },
  };
}

function checkExecutor(name: string, value: unknown): void {
  if (EXECUTORS.includes(value as ExecutorName)) return;
  throw new MisuseError(
    'ERR_OPTION',
    `${name}: expected ${EXECUTORS.map((one) => `"${one}"`).join(' or ')}, got ${show(value)}`,
  );
}

function wholeNumber(name: string, value: unknown, min: number, max: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max) return value;
  throw new MisuseError('ERR_OPTION', `${name}: expected a whole number from ${min} to ${max}, got ${show(value)}`);
}

/** A name that nobody reads is a mistake that would go unnoticed. @throws MisuseError `ERR_OPTION` */
export function refuseUnknown(what: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== 'object' || value === null) {
    throw new MisuseError('ERR_OPTION', `${what}: expected an object, got ${show(value)}`);
  }
  for (const name of Object.keys(value)) {
    if (!known.includes(name)) {
      throw new MisuseError('ERR_OPTION', `${what}: unknown option "${name}", known are ${known.join(', ')}`);
    }
  }
}

function show(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}
