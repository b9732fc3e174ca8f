/**
 * What keeps a chain: its state, its blocks and the code of its contracts. `lmdbStore` is one, `memoryStore` another; `storeConformance` says whether yours is.
 *
 * A runtime takes possession of a store by `open` and gives it up by `close`. In between it calls `commit`, one call at a time, with every block that it has
 * committed in memory, in order; reading goes on beside that. Bytes handed out are the reader's own; bytes taken are not changed by either side.
 */
import type { BlockHeader } from '../runtime/chain.js';
import type { BlockRecord } from './record.js';

/** A contract as the chain knows it. */
export interface StoredContract {
  /** 32 bytes. */
  readonly address: Uint8Array;
  /** 64 hex digits. */
  readonly codeHash: string;
}

/** What a chain is at its head. */
export interface StoredChain {
  /** Undefined for a chain without a block. */
  readonly head: BlockHeader | undefined;
  /** In the order of their deployment, with the code that they have now. */
  readonly contracts: readonly StoredContract[];
}

/** A block as it is kept: its header, and the canonical bytes that the header's hashes are of (host/store/body.ts, receipts.ts). */
export interface StoredBlock {
  readonly header: BlockHeader;
  readonly body: Uint8Array;
  readonly receipts: Uint8Array;
}

/** One value of the state. */
export interface StateEntry {
  readonly contract: Uint8Array;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Figures of a store, as `blockstm state stats` shows them. */
export interface StoreStatistics {
  readonly entries: number;
  readonly contracts: number;
  /** On disk or in memory. */
  readonly bytes: number;
}

/** The lowest and the highest of the blocks that are kept. */
export interface StoreHeights {
  readonly first: bigint;
  readonly last: bigint;
}

/** How each thread of a runtime reads the state: an ES module that exports `openReader(data: unknown): StoreReader | Promise<StoreReader>`. */
export interface StoreReaderSource {
  /** URL of the module. */
  readonly module: string;
  /** Given to `openReader`; must survive a structured clone. */
  readonly data: unknown;
}

/**
 * Reads the state as of some commit, not before the last one that was done at the last `settle`, nor after the last `refresh`: the runtime asks for nothing that has changed in
 * between. Synchronous: a contract waits for it. Throws a StoreError where what it finds is damaged.
 */
export interface StoreReader {
  refresh(): void;
  /** Undefined where the store knows of no such contract. */
  contract(address: Uint8Array): ContractState | undefined;
  /** When a runtime is closed, on its own thread; its workers just end. */
  close?(): void | Promise<void>;
}

export interface ContractState {
  /** The value at `key`, valid until the next `get` of this reader; undefined where there is none. Keeps neither argument nor result. */
  get(key: Uint8Array): Uint8Array | undefined;
}

/** A store at one moment: what is committed later does not show. To be closed. */
export interface StoreView {
  readonly chain: StoredChain;
  /** Ascending by contract address and then by key bytes. */
  state(): AsyncIterable<StateEntry>;
  close(): void;
}

export interface Store {
  /** What the runtime's threads read by, asked for when the store is open. Undefined: the runtime reads all of the state when it starts, and has it in memory. */
  readonly reader: StoreReaderSource | undefined;
  /** @throws StoreError; MisuseError `ERR_ARGUMENT` where it is open already. What is asked of a store that is not open rejects with a MisuseError `ERR_CLOSED`. */
  open(): Promise<StoredChain>;
  /**
   * Keep blocks, whole and all of them or none. Resolves to their headers when they outlast the process and the machine.
   * @throws StoreError, after which none of them is kept.
   */
  commit(records: readonly BlockRecord[]): Promise<readonly BlockHeader[]>;
  /** Resolves when views and readers show everything that was committed: a commit need not wait for that. The runtime lets nothing leave its memory before. @throws StoreError */
  settle(): Promise<void>;
  /** Undefined where it is not kept, whatever number it is. @throws StoreError */
  block(height: bigint): Promise<StoredBlock | undefined>;
  /** Undefined where no block is kept. @throws StoreError */
  heights(): Promise<StoreHeights | undefined>;
  /** The Wasm of a contract of the chain, as it was deployed. @throws StoreError */
  code(hash: string): Promise<Uint8Array>;
  view(): Promise<StoreView>;
  /** Forget the blocks below `height`, down to none but the head. Returns how many. */
  prune(height: bigint): Promise<number>;
  /**
   * Become the chain of a snapshot, if there is none yet. The iterator gives the state in the order of `StoreView.state`. Where it throws, or the process dies, the store
   * has none of it. The block that the snapshot was made at is then the head, and is not kept: only its header is.
   * @throws StoreError, what the iterator throws; MisuseError `ERR_ARGUMENT` where there is a block already.
   */
  restore(chain: StoredChain, codes: ReadonlyMap<string, Uint8Array>, state: AsyncIterable<StateEntry>): Promise<void>;
  /** Of the state as it is when it is settled. @throws StoreError */
  statistics(): Promise<StoreStatistics>;
  /** Resolves when everything committed is kept and nothing is held any more. Idempotent. The store can be opened again. */
  close(): Promise<void>;
}
