import { availableParallelism } from 'node:os';
import * as v from 'valibot';
import type { Store } from '../store/store.js';
import { aFunction, functions, oneOf, options, resolve, wholeNumber } from './option-schema.js';
import { policySchema } from './policy.js';
import type { Clock, Logger, RuntimeOptions } from './runtime-interface.js';
import type { ExecutorName, Limits, Policy } from './types.js';

/** Options with every default filled in. */
export interface ResolvedOptions {
  readonly workers: number;
  readonly executor: ExecutorName;
  readonly limits: Limits;
  readonly policy: Policy;
  readonly store: Store | undefined;
  readonly pending: number;
  readonly retries: number;
  readonly logger: Logger | undefined;
  readonly clock: Clock | undefined;
  readonly backtraces: boolean;
  readonly telemetry: boolean;
}

const MAX_WORKERS = 256;

/** Whatever has the methods of one. */
export const storeSchema = functions<Store>(
  'open',
  'commit',
  'settle',
  'block',
  'heights',
  'code',
  'view',
  'prune',
  'restore',
  'statistics',
  'close',
);

const runtimeSchema = options({
  workers: v.optional(wholeNumber(1, MAX_WORKERS), () => Math.min(availableParallelism(), MAX_WORKERS)),
  executor: v.optional(oneOf(['auto', 'sequential', 'block-stm']), 'auto'),
  limits: v.optional(
    options({
      memoryMiB: v.optional(wholeNumber(16, 4095), 1024),
      locations: v.optional(wholeNumber(1024, 16_777_216), 1_048_576),
      transactions: v.optional(wholeNumber(1, 16_777_216), 262_144),
      gas: v.optional(wholeNumber(0, Number.MAX_SAFE_INTEGER), 100_000_000),
      heapMiB: v.optional(wholeNumber(8, 65_536)),
    }),
    {},
  ),
  policy: v.optional(policySchema, {}),
  store: v.optional(storeSchema),
  pending: v.optional(wholeNumber(0, 1024), 4),
  retries: v.optional(wholeNumber(0, 16), 1),
  logger: v.optional(functions<Logger>('debug', 'info', 'warn', 'error')),
  clock: v.optional(aFunction<Clock>()),
  backtraces: v.optional(oneOf([true, false]), false),
  telemetry: v.optional(oneOf([true, false]), false),
});

/** Check the options and fill in the defaults. @throws MisuseError `ERR_OPTION` naming the option, what it was and what is allowed. */
export function resolveOptions(given: RuntimeOptions): ResolvedOptions {
  const { store, logger, clock, ...rest } = resolve('options', runtimeSchema, given);
  return { ...rest, store, logger, clock };
}
