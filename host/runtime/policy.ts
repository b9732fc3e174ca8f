import * as v from 'valibot';
import { oneOf, options, resolve, wordOrNumber } from './option-schema.js';
import type { Policy } from './types.js';

const MAX_GRAIN = 1024;

export const policySchema = options({
  validate: v.optional(oneOf(['version', 'value']), 'value'),
  grain: v.optional(wordOrNumber('auto', 1, MAX_GRAIN), 'auto'),
  estimates: v.optional(oneOf([true, false]), true),
  suspend: v.optional(oneOf(['park', 'abort']), 'park'),
  deltas: v.optional(oneOf([true, false]), true),
});

/** A policy's names, in the order in which they are printed. */
export const POLICY_NAMES = ['validate', 'grain', 'estimates', 'suspend', 'deltas'] as const;

/** Check a policy and fill in the defaults. @throws MisuseError `ERR_OPTION` */
export function resolvePolicy(policy: Partial<Policy>): Policy {
  return resolve('policy', policySchema, policy);
}
