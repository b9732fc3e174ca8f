/// <reference lib="esnext.disposable" preserve="true" />

import type { ClientTypes, ContractClient } from '../contract/client.js';
import type { Store } from '../store/store.js';
import type { BlockHeader, ChainBlock } from './chain.js';
import type { TypedChainEvent, TypedContract, TypedEventFilter } from './typed.js';
import type {
  Block,
  BlockResult,
  Contract,
  ContractEvent,
  DeployedContract,
  DeployOptions,
  EncodedBlock,
  Execution,
  ExecutorName,
  Limits,
  Policy,
  Receipt,
  Transaction,
  UpgradeOptions,
} from './types.js';

/** Where a runtime tells what it does: any logger that has these, as pino's does. */
export interface Logger {
  debug(about: object, message: string): void;
  info(about: object, message: string): void;
  warn(about: object, message: string): void;
  error(about: object, message: string): void;
}

/** Unix time in milliseconds, as `Date.now` gives it. */
export type Clock = () => number;

export interface RuntimeOptions {
  /** Worker threads, 1 to 256. Default: the machine's available parallelism. */
  readonly workers?: number;
  /** Default `auto`. */
  readonly executor?: ExecutorName;
  readonly limits?: Partial<Limits>;
  readonly policy?: Partial<Policy>;
  /** Where the chain is kept. The runtime opens it, and closes it. Default: the state is in memory only, and the past is not kept. */
  readonly store?: Store;
  /** Blocks that may be not yet durable when another one begins, 0 to 1,024: `execute` waits while there are more. Default 4. */
  readonly pending?: number;
  /** How often a block is executed again on fresh workers after one of them has died, 0 to 16. Then `execute` rejects with a WorkerError. Default 1. */
  readonly retries?: number;
  readonly logger?: Logger;
  /** Gives blocks that name no timestamp theirs, in whole seconds. Default: 0, since a runtime never reads a clock of its own accord. */
  readonly clock?: Clock;
  /**
   * Whether the receipts of calls that failed say where: `error.position` and `error.backtrace`. It takes some microseconds for each call that fails, and nothing for the others;
   * no result depends on it. Of a block the first 1,024 failed calls have them. Default false.
   */
  readonly backtraces?: boolean;
  /**
   * Whether workers write down what they do, for `BlockResult.telemetry`. It takes some nanoseconds and bytes of shared memory for each call and each key that it uses; no result depends on it. Default false.
   */
  readonly telemetry?: boolean;
}

export interface ExecuteOptions {
  /** Cancels the block, whether it waits or runs: `execute` rejects with an AbortError, and nothing has changed. It is too late once the block has been committed in memory. */
  readonly signal?: AbortSignal;
}

/** What a fork can do, and a runtime too. */
export interface Branch extends AsyncDisposable {
  /** The height of the last executed block; 0 before the first. */
  readonly height: bigint;
  /**
   * Check, instrument and install a contract's Wasm: a block of its own, without calls but that of the contract's `init` method, if it has one. With a store, it is durable when the
   * promise resolves.
   * @throws ContractCodeError `ERR_CHECK` with every finding of `check`; MisuseError for a taken or malformed address, and for arguments that `init` needs; FirstCallError with the receipt
   * of `init` where that does not end `ok`; StoreError. Then there is no contract and no block.
   */
  deploy(wasm: Uint8Array, options?: DeployOptions): Promise<DeployedContract>;
  /**
   * Give the contract at `address` other code: a block of its own. It keeps its address and its state; views, blocks that were encoded before and calls of other contracts go to
   * the new code from then on. Who may do this is for the program to decide: no contract can. Durable as `deploy` is.
   * @throws ContractCodeError; FirstCallError `ERR_MIGRATE`; MisuseError `ERR_LAYOUT` where the new code would not find, or would misread, what is stored.
   */
  upgrade(address: Uint8Array, wasm: Uint8Array, options?: UpgradeOptions): Promise<DeployedContract>;
  /** The contract at an address; undefined where there is none. */
  contract(address: Uint8Array): Contract | undefined;
  /**
   * The contract at an address, with the types of a client.
   * @throws MisuseError `ERR_INTERFACE` naming the first difference where it is not what the client is for; `ERR_ARGUMENT` where there is no contract.
   */
  contract<Types extends ClientTypes>(client: ContractClient<Types>, address: Uint8Array): TypedContract<Types>;
  /**
   * Execute a block and commit it whole. Calls made at once queue, in order. The transactions and their bytes must not be
   * changed before the promise settles; those of an encoded block may be.
   * @throws CapacityError, WorkerError, MisuseError, StoreError, AbortError; then no state has changed.
   */
  execute(block: Block | EncodedBlock, options?: ExecuteOptions): Execution;
  /**
   * Do ahead what `execute` does first with a block: check it and lay it out for the workers. Does not queue, so that the next block can be encoded
   * while one is executed. Once the promise has resolved the block is all copied; before, its transactions must not be changed.
   * @throws CapacityError `limits.transactions`, `limits.memoryMiB`; MisuseError naming the transaction.
   */
  encodeBlock(block: Block): Promise<EncodedBlock>;
  /** Run one call against the last committed state and drop its writes. Queues behind the blocks before it. */
  view(call: Transaction): Promise<Receipt>;
  /**
   * SHA-256 over the committed state, 64 hex digits: over the digest of what is stored, then for each contract, ascending by address, address and
   * code hash (32 bytes each). That digest is SHA-256 too: for each location, ascending by contract address and then by key bytes,
   * address, u32 key length, key, u32 value length, value (lengths little-endian).
   */
  stateHash(): Promise<string>;
  /**
   * A branch of its own that begins with the state as it is now: what is executed there does not show here, nor the other way round, and nothing of it is ever durable. It takes
   * no time and no memory at first; then memory for what differs. It shares the workers: where blocks of several branches alternate, what differs is written back and forth.
   */
  fork(): Branch;
  /**
   * Idempotent. A fork is dropped; a runtime is stopped: a running block is dropped (its `execute` rejects), what was executed is made durable, workers end.
   * @throws StoreError where blocks that were executed could not be made durable, and neither `durable` nor a later `execute` has said so; then too everything is closed.
   */
  close(): Promise<void>;
}

/** Which blocks are executed again, and how. */
export interface ReplayOptions {
  /** The first block whose header is compared. Default: the first that is kept. */
  readonly from?: bigint;
  /** The last one. Default: the head. */
  readonly to?: bigint;
  /** Default `sequential`. */
  readonly executor?: ExecutorName;
  /** A snapshot to begin with, where the first blocks are not kept. */
  readonly snapshot?: string;
  /** Where the state is meanwhile: a new store that nobody needs afterwards. Default `memoryStore()`: the state has to fit into the memory. */
  readonly store?: Store;
  /** Called after each block that was executed. */
  readonly progress?: (height: bigint) => void;
}

/** A block that, executed again, gave another header. */
export interface ReplayDifference {
  readonly height: bigint;
  readonly expected: BlockHeader;
  readonly actual: BlockHeader;
}

export interface Replay {
  /** Blocks whose headers were compared. */
  readonly blocks: number;
  /** The first that differed; the rest were not executed. */
  readonly difference: ReplayDifference | undefined;
}

/** An event as `subscribe` gives it. */
export interface ChainEvent extends ContractEvent {
  readonly height: bigint;
  /** TxIndex of the call that announced it. */
  readonly index: number;
}

export interface EventFilter {
  /** Only of the contract at this address. */
  readonly contract?: Uint8Array;
  /** Only those with this topic; a string means its UTF-8 bytes. */
  readonly topic?: Uint8Array | string;
}

/** What a runtime and its forks have done since it was created. Counters only go up. */
export interface Metrics {
  readonly height: bigint;
  /** Of the last block that is durable; that of the last block without a store. */
  readonly durableHeight: bigint;
  /** Blocks executed and committed, with those that only deploy. */
  readonly blocks: number;
  /** Blocks that were rejected; those that were cancelled are not. */
  readonly rejectedBlocks: number;
  readonly calls: number;
  readonly failedCalls: number;
  readonly executions: number;
  readonly aborts: number;
  readonly gasUsed: number;
  /** Time that blocks ran on the workers, in milliseconds. */
  readonly executionMs: number;
  readonly views: number;
  /** Blocks executed and not yet durable. */
  readonly pendingBlocks: number;
  /** How often all of the state has left shared memory, to be read from the store again. */
  readonly evictions: number;
  /** Shared memory that the state takes. */
  readonly stateBytes: number;
}

/** Executes blocks of a chain, and keeps it where it has a store. What is said to need a store throws MisuseError `ERR_NO_STORE` without. */
export interface Runtime extends Branch {
  readonly workers: number;
  readonly executor: ExecutorName;
  /** Of the last block that is durable; undefined before the first. Needs a store. */
  readonly head: BlockHeader | undefined;
  /** A block that is durable; undefined where none of that height is kept. Needs a store. @throws StoreError */
  block(height: bigint): Promise<ChainBlock | undefined>;
  /** The receipt of one call. Undefined where it is not kept. Needs a store. @throws StoreError */
  receipt(height: bigint, index: number): Promise<Receipt | undefined>;
  /** Durable blocks from height `from` to `to`: by default all that are kept. Needs a store. @throws StoreError */
  blocks(from?: bigint, to?: bigint): AsyncIterable<ChainBlock>;
  /** Execute durable blocks again, on a runtime of their own, and compare headers. Needs a store. @throws MisuseError `ERR_ARGUMENT` where what comes before is not kept. */
  replay(options?: ReplayOptions): Promise<Replay>;
  /** Write the durable state to a file, with the code of the contracts; the runtime goes on meanwhile. Needs a store. Resolves to the header of its last block. @throws StoreError */
  snapshot(file: string): Promise<BlockHeader | undefined>;
  /** Begin with the chain of a snapshot. Only before the first block, and with a store. @throws StoreError where the file is damaged; then nothing has changed. */
  restore(file: string): Promise<BlockHeader | undefined>;
  /** Forget blocks below `height`, at most the head's; never the head, and nothing of the state. They cannot be had again. Resolves to how many. Needs a store. */
  prune(height: bigint): Promise<number>;
  /** Blocks as they are executed, from now on. Who falls 1,024 behind meets a CapacityError. Ends when the runtime is closed. */
  subscribe(what: 'blocks'): AsyncIterableIterator<BlockResult>;
  /** Events as they are announced, likewise. */
  subscribe(what: 'events', filter?: EventFilter): AsyncIterableIterator<ChainEvent>;
  /** Those of a typed contract, decoded. Any that its interface does not describe is left out. */
  subscribe<Types extends ClientTypes>(
    what: 'events',
    filter: TypedEventFilter<Types>,
  ): AsyncIterableIterator<TypedChainEvent<Types>>;
  metrics(): Metrics;
}
