import type { WorkloadCall } from './workloads/workload.js';

/** Calls at most in a block that brings the state to where a measured one starts. */
export const PREPARATION_BLOCK_SIZE = 50_000;

/** What comes before a block of a workload, in blocks of at most `PREPARATION_BLOCK_SIZE` calls. */
export function* preparationBlocks(preparation: readonly WorkloadCall[]): Generator<readonly WorkloadCall[]> {
  for (let from = 0; from < preparation.length; from += PREPARATION_BLOCK_SIZE) {
    yield preparation.slice(from, from + PREPARATION_BLOCK_SIZE);
  }
}
