import type { Policy } from '../runtime/types.js';
import type { KernelExports } from './kernel.js';

/** A policy as the kernel takes it: bits, and calls in a run, 0 where that follows their cost. */
export interface PolicyWords {
  readonly bits: number;
  readonly grain: number;
}

export function policyWords(policy: Policy, kernel: KernelExports): PolicyWords {
  const { POLICY_VALUES, POLICY_ESTIMATES, POLICY_PARK, POLICY_DELTAS } = kernel;
  let bits = 0;
  if (policy.validate === 'value') bits |= POLICY_VALUES.value;
  if (policy.estimates) bits |= POLICY_ESTIMATES.value;
  if (policy.suspend === 'park') bits |= POLICY_PARK.value;
  if (policy.deltas) bits |= POLICY_DELTAS.value;
  return { bits, grain: policy.grain === 'auto' ? 0 : policy.grain };
}
