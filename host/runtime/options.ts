import { availableParallelism } from 'node:os';
import { oneOf, refuseUnknown, wholeNumber } from './option-check.js';
import { resolvePolicy } from './policy.js';
import type { ExecutorName, Limits, Policy, RuntimeOptions } from './types.js';

/** Options with every default filled in. */
export interface ResolvedOptions {
  readonly workers: number;
  readonly executor: ExecutorName;
  readonly limits: Limits;
  readonly policy: Policy;
}

const EXECUTORS: readonly ExecutorName[] = ['auto', 'sequential', 'block-stm'];
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
  refuseUnknown('options', options, ['workers', 'executor', 'limits', 'policy']);
  const executor = oneOf('executor', options.executor ?? 'auto', EXECUTORS);
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
    policy: resolvePolicy(options.policy ?? {}),
  };
}
