import type { CallNames } from '../host/index.js';
import type { WorkloadCall } from './workloads/workload.js';

/** What the calls of a block are called: `call 12 (token.transfer)`. */
export function callNames(calls: readonly WorkloadCall[]): CallNames {
  return (index) => {
    const { contract, method } = calls[index] as WorkloadCall;
    return `call ${index} (${contract}.${method})`;
  };
}
