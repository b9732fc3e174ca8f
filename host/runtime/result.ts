import type { ExecutedBlock } from '../engine/executed-block.js';
import { TapedTelemetry } from '../trace/telemetry.js';
import type { BlockTelemetry } from '../trace/types.js';
import type { Backtraces } from './backtraces.js';
import type { BlockHeader } from './chain.js';
import type { Contracts } from './contracts.js';
import { MisuseError } from './errors.js';
import { LazyReceipts } from './receipts.js';
import type { BlockResult, BlockStatistics, ExecutorName, Policy, Receipts, WriteSetEntry } from './types.js';
import { decodeWriteSet } from './write-set.js';

/** What a block is executed with. */
export interface ExecutionOptions {
  readonly executor: ExecutorName;
  readonly policy: Policy;
}

/** What `execute` gives: everything in it stays valid while later blocks run. */
export class ExecutedBlockResult implements BlockResult {
  readonly height: bigint;
  readonly receipts: Receipts;
  readonly stats: BlockStatistics;
  readonly stateHash: () => Promise<string>;
  readonly #block: ExecutedBlock;
  readonly #contracts: Contracts;
  readonly #policy: Policy;
  /** Of deployments and upgrades, when the block was executed. */
  readonly #deployed: number;
  readonly #durable: (() => Promise<BlockHeader>) | undefined;
  #writeSet: readonly WriteSetEntry[] | undefined;
  #telemetry: BlockTelemetry | undefined;

  constructor(
    block: ExecutedBlock,
    contracts: Contracts,
    height: bigint,
    { executor, policy }: ExecutionOptions,
    durable: (() => Promise<BlockHeader>) | undefined,
    stateHash: () => Promise<string>,
    backtraces: Backtraces | undefined,
  ) {
    this.#block = block;
    this.#contracts = contracts;
    this.#policy = policy;
    this.#deployed = contracts.count;
    this.#durable = durable;
    this.height = height;
    this.receipts = new LazyReceipts(block, contracts, backtraces);
    this.stateHash = stateHash;
    const {
      decision,
      workers,
      executingWorkers,
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
      executingWorkers,
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

  get durable(): Promise<BlockHeader> {
    if (this.#durable !== undefined) return this.#durable();
    throw new MisuseError('ERR_NO_STORE', 'durable: the block was executed without a store, or in a fork');
  }

  /** Resolves when the block is durable, or at once if it is not to be. @throws StoreError */
  async settled(): Promise<BlockHeader | undefined> {
    return this.#durable?.();
  }

  get telemetry(): BlockTelemetry | undefined {
    const { tape, availableWorkers } = this.#block;
    if (tape === undefined) return undefined;
    const contracts = this.#contracts;
    const deployed = this.#deployed;
    const book = {
      addressOf: (index: number) => contracts.addressOf(index),
      layoutOf: (address: Uint8Array) => contracts.layoutOf(address, deployed),
      layouts: () => contracts.all().map(({ layout }) => layout),
    };
    const { executor, decision } = this.stats;
    const { receipts } = this;
    const course = { executor, decision, policy: this.#policy, receiptOf: (index: number) => receipts.get(index) };
    this.#telemetry ??= new TapedTelemetry(tape, receipts.length, availableWorkers, book, course);
    return this.#telemetry;
  }

  get writeSet(): readonly WriteSetEntry[] {
    this.#writeSet ??= decodeWriteSet(this.#block, this.#contracts);
    return this.#writeSet;
  }
}
