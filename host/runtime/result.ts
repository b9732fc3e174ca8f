import type { ExecutedBlock } from '../engine/engine.js';
import type { Contracts } from './contracts.js';
import { LazyReceipts } from './receipts.js';
import type { BlockResult, BlockStatistics, ExecutorName, Receipts, WriteSetEntry } from './types.js';
import { decodeWriteSet } from './write-set.js';

/** What `execute` gives: everything in it stays valid while later blocks run. */
export class ExecutedBlockResult implements BlockResult {
  readonly height: bigint;
  readonly receipts: Receipts;
  readonly stats: BlockStatistics;
  readonly stateHash: () => Promise<string>;
  readonly #block: ExecutedBlock;
  readonly #contracts: Contracts;
  #writeSet: readonly WriteSetEntry[] | undefined;

  constructor(
    block: ExecutedBlock,
    contracts: Contracts,
    height: bigint,
    executor: ExecutorName,
    stateHash: () => Promise<string>,
  ) {
    this.#block = block;
    this.#contracts = contracts;
    this.height = height;
    this.receipts = new LazyReceipts(block, contracts);
    this.stateHash = stateHash;
    const {
      decision,
      workers,
      executions,
      aborts,
      validations,
      dependencyWaits,
      gasUsed,
      blockBytes,
      stateBytes,
      wallMs,
    } = block;
    this.stats = {
      executor,
      decision,
      workers,
      executions,
      aborts,
      validations,
      dependencyWaits,
      gasUsed,
      blockBytes,
      stateBytes,
      wallMs,
    };
  }

  get writeSet(): readonly WriteSetEntry[] {
    this.#writeSet ??= decodeWriteSet(this.#block, this.#contracts);
    return this.#writeSet;
  }
}
