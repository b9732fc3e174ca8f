import type { Branch } from '../index.js';
import type { History } from './history.js';
import type { TestChain } from './test-chain.js';

declare const snapshotOf: unique symbol;

/** A state to come back to, see `TestChain.snapshot`. */
export interface ChainSnapshot {
  readonly [snapshotOf]: TestChain;
}

/** Where a chain is. */
export interface Position {
  readonly branch: Branch;
  readonly time: bigint;
  readonly history: History | undefined;
  /** Names of contracts, each of which means that contract. */
  readonly contractNames: ReadonlySet<string>;
}

export class KeptPosition implements Position {
  declare readonly [snapshotOf]: TestChain;
  readonly chain: TestChain;
  readonly branch: Branch;
  readonly time: bigint;
  readonly history: History | undefined;
  readonly contractNames: ReadonlySet<string>;

  constructor(chain: TestChain, { branch, time, history, contractNames }: Position) {
    this.chain = chain;
    this.branch = branch;
    this.time = time;
    this.history = history;
    this.contractNames = contractNames;
  }
}
