import type { Policy, RuntimeOptions } from '../index.js';

/** How a block is executed in parallel. */
export interface ParallelSetting {
  readonly workers: number;
  readonly policy: Partial<Policy>;
}

/** Few and many workers; runs of one call, of few, of many, and by their cost; every value of every flag. */
const DEFAULT_SETTINGS: readonly ParallelSetting[] = [
  { workers: 2, policy: {} },
  { workers: 4, policy: { grain: 1 } },
  { workers: 8, policy: { grain: 3, validate: 'version' } },
  { workers: 3, policy: { grain: 16, deltas: false } },
  { workers: 4, policy: { grain: 1, suspend: 'abort', validate: 'version' } },
  { workers: 2, policy: { grain: 1, estimates: false, deltas: false } },
];

/** Every one of `workers` with every one of `policies`; what is not given is that of the default settings. */
export function parallelSettings(
  workers: readonly number[] | undefined,
  policies: readonly Partial<Policy>[] | undefined,
): readonly ParallelSetting[] {
  if (workers === undefined && policies === undefined) return DEFAULT_SETTINGS;
  const counts = workers ?? [...new Set(DEFAULT_SETTINGS.map((setting) => setting.workers))];
  const flags = policies ?? DEFAULT_SETTINGS.map(({ policy }) => policy);
  return counts.flatMap((count) => flags.map((policy) => ({ workers: count, policy })));
}

export function runtimeOptions({ workers, policy }: ParallelSetting): RuntimeOptions {
  return { executor: 'block-stm', workers, policy };
}

/** `4 workers, {"grain":1}` */
export function describeSetting({ workers, policy }: ParallelSetting): string {
  return `${workers} worker${workers === 1 ? '' : 's'}, policy ${JSON.stringify(policy)}`;
}
