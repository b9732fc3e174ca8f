import type { BlockContext, Receipts, WriteSetEntry } from '../runtime/types.js';

/** What became of a block that virtual workers have executed. */
export interface SteppedOutcome {
  readonly receipts: Receipts;
  readonly writeSet: readonly WriteSetEntry[];
  /** Workers that executed anything. */
  readonly executingWorkers: number;
  /** Counters, summed over the workers. */
  readonly executions: number;
  readonly aborts: number;
  readonly validations: number;
  readonly dependencyWaits: number;
  /** Gas of the calls as they committed. */
  readonly gasUsed: number;
  /** Shared memory that the block took. */
  readonly blockBytes: number;
}

/** How a block is to be executed. */
export interface SteppedSetup {
  /** The contract that calls go to where none are deployed. */
  readonly contract?: number | undefined;
  /** What the contracts are told of the block. Default: zeros. */
  readonly context?: BlockContext;
  /** See `policyWords`. */
  readonly policy: { readonly bits: number; readonly grain: number };
  /** Workers that take part, the first ones. */
  readonly participants: number;
  readonly mode: 'sequential' | 'block-stm';
}
