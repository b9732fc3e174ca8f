import { oneOf, refuseUnknown, wholeNumber } from './option-check.js';
import type { Policy } from './types.js';

/** A policy's names, in the order in which they are printed. */
export const POLICY_NAMES = ['validate', 'grain', 'estimates', 'suspend', 'deltas'] as const;

const MAX_GRAIN = 1024;

/** Check a policy and fill in the defaults. @throws MisuseError `ERR_OPTION` */
export function resolvePolicy(policy: Partial<Policy>): Policy {
  refuseUnknown('policy', policy, POLICY_NAMES);
  const { validate = 'value', grain = 'auto', estimates = true, suspend = 'park', deltas = true } = policy;
  return {
    validate: oneOf('policy.validate', validate, ['version', 'value']),
    grain: grain === 'auto' ? grain : wholeNumber('policy.grain', grain, 1, MAX_GRAIN),
    estimates: oneOf('policy.estimates', estimates, [true, false]),
    suspend: oneOf('policy.suspend', suspend, ['park', 'abort']),
    deltas: oneOf('policy.deltas', deltas, [true, false]),
  };
}
