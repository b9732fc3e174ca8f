/** The thread that writes a chain: it makes the canonical form of blocks, and commits them. The runtime's own thread has other things to do. */
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink/dist/esm/comlink.mjs';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import type { BlockHeader } from '../../runtime/chain.js';
import { StoreError } from '../../runtime/errors.js';
import { encodeHeader } from '../header.js';
import type { BlockRecord, Deployment } from '../record.js';
import { type SealedBlock, Sealer } from '../seal.js';
import type { StateEntry, StoredContract } from '../store.js';
import { CleanMark } from './clean-mark.js';
import { contractIds } from './contract-ids.js';
import { dataInode } from './data-inode.js';
import { writeError } from './disk-room.js';
import { readHead } from './headers.js';
import { StateLog } from './state-log.js';
import {
  blockKey,
  contractKey,
  type Environment,
  get,
  openTables,
  put,
  putInPlace,
  type Tables,
  text,
  word,
} from './tables.js';

/** Blocks taken away in one transaction. */
const PRUNED_AT_ONCE = 1000;

/** An error as it crosses to the other thread. */
export interface TransferredError {
  readonly code: string;
  readonly message: string;
}

/** The store as it was opened: it may be some time until the first write, and whoever has come in between is found out then. */
export interface WriterSetup {
  readonly environment: Environment;
  /** Of the data. */
  readonly inode: number | undefined;
  readonly head: BlockHeader | undefined;
  /** A snapshot was begun to be read in, and not finished. */
  readonly isRestoring: boolean;
}

/** What was asked for, or why it failed. */
export type Answer<Result> = { readonly result: Result } | { readonly error: TransferredError };

export class LmdbWriter {
  #environment: Environment | undefined;
  #mark: CleanMark | undefined;
  #tables: Tables | undefined;
  #file: number | undefined;
  #stateLog: StateLog | undefined;
  #ids = new Map<string, number>();
  #head: BlockHeader | undefined;
  /** This process has begun to read a snapshot in, or found one that another one left. */
  #isRestoring = false;
  /** Whether the mark of a clean close had to go, and is to be left again. */
  #hasBegunToWrite = false;
  /** Why it could not be opened. */
  #refusal: Answer<never> | undefined;
  readonly #sealer = new Sealer();

  /** Where this fails, so does all that is asked then. */
  open({ environment, inode, head, isRestoring }: WriterSetup): void {
    this.#environment = environment;
    this.#mark = new CleanMark(environment.path);
    this.#file = inode;
    this.#head = head;
    this.#isRestoring = isRestoring;
    const opened = this.#answer('open', () => {
      this.#refuseGone();
      this.#tables = openTables(environment);
      this.#refuseOthers(this.#tables);
      this.#dropUnfinished();
      this.#ids = contractIds(this.#tables);
      this.#stateLog = new StateLog(this.#tables);
      this.#applyLog();
    });
    if ('error' in opened) this.#refusal = opened;
  }

  /** Have the state show everything that was committed. */
  settle(): Answer<void> {
    return this.#answer('write', () => this.#applyLog());
  }

  #applyLog(): void {
    this.#log.apply(
      (address) => this.#ids.get(address) as number,
      (action) => this.#transaction(action),
    );
  }

  get #log(): StateLog {
    return this.#stateLog as StateLog;
  }

  /** All of them in one transaction. */
  commit(records: readonly BlockRecord[]): Answer<BlockHeader[]> {
    return this.#answer('write', () => {
      if (records.length === 0) return [];
      this.#dropUnfinished();
      // Before, and not after: what fails then keeps none of these blocks.
      if (this.#log.isFull) this.#applyLog();
      try {
        return this.#commit(records, this.#sealer.sealAll(records, this.#head));
      } finally {
        this.#sealer.reuse();
      }
    });
  }

  #commit(records: readonly BlockRecord[], sealed: readonly SealedBlock[]): BlockHeader[] {
    const ids = new Map(this.#ids);
    this.#transaction((tables) => {
      for (const [index, block] of sealed.entries()) {
        for (const deployment of (records[index] as BlockRecord).deployments) putDeployment(tables, ids, deployment);
        putBlock(tables, block);
        this.#log.put(block.header.height, block.writes);
      }
      put(tables.meta, text('head'), word((sealed.at(-1) as SealedBlock).header.height));
    });
    this.#ids = ids;
    this.#head = sealed.at(-1)?.header;
    for (const { header, writes } of sealed) this.#log.added(header.height, writes);
    return sealed.map(({ header }) => header);
  }

  /** Take away the blocks with a height below `height`, but for the head. */
  prune(height: bigint): Answer<number> {
    return this.#answer('prune', () => {
      this.#applyLog();
      const end = readHead(this.#tables as Tables)?.height ?? 0n;
      const last = height < end ? height : end;
      let pruned = 0;
      for (let isDone = false; !isDone; ) {
        this.#transaction(({ blocks }) => {
          const range = { end: blockKey(last, 'b').subarray(0, 8), limit: PRUNED_AT_ONCE * 3 };
          const keys = [...blocks.getKeys(range)].map((key) => Buffer.from(key));
          for (const key of keys) blocks.removeSync(key);
          // The block that a snapshot was made at has a header only, and was never kept.
          pruned += keys.filter((key) => key[8] === 'b'.charCodeAt(0)).length;
          isDone = keys.length < PRUNED_AT_ONCE * 3;
        });
      }
      return pruned;
    });
  }

  /** A snapshot is about to be read in. */
  beginRestore(contracts: readonly StoredContract[], codes: ReadonlyMap<string, Uint8Array>): Answer<void> {
    return this.#answer('restore', () => {
      this.#dropUnfinished();
      // Theirs from the commit on: what fails keeps none of them.
      const ids = new Map<string, number>();
      this.#transaction((tables) => {
        put(tables.meta, text('restoring'), new Uint8Array(0));
        for (const { address, codeHash } of contracts) {
          putDeployment(tables, ids, { address, codeHash, wasm: codes.get(codeHash) });
        }
      });
      this.#ids = ids;
      this.#isRestoring = true;
    });
  }

  restoreState(entries: readonly StateEntry[]): Answer<void> {
    return this.#answer('restore', () => {
      this.#transaction(({ state }) => {
        for (const { contract, key, value } of entries) put(state, this.#stateKey(contract, key), value);
      });
    });
  }

  endRestore(head: BlockHeader | undefined): Answer<void> {
    return this.#answer('restore', () => {
      this.#transaction(({ meta, blocks }) => {
        meta.removeSync(text('restoring'));
        if (head === undefined) return;
        put(meta, text('head'), word(head.height));
        put(blocks, blockKey(head.height, 'h'), encodeHeader(head));
      });
      this.#head = head;
      this.#isRestoring = false;
    });
  }

  /** The snapshot could not be read in to its end. */
  abandonRestore(): Answer<void> {
    return this.#answer('restore', () => {
      this.#dropUnfinished();
      this.#ids = contractIds(this.#tables as Tables);
    });
  }

  /**
   * What is there of a snapshot that was not finished goes: reading it failed, or the process died. Where that fails too, whatever comes next does it first: what is kept beside it would go with it.
   */
  #dropUnfinished(): void {
    if (!this.#isRestoring) return;
    this.#transaction(({ meta, state, contracts, codes }) => {
      for (const table of [state, contracts, codes]) table.clearSync();
      meta.removeSync(text('restoring'));
    });
    this.#isRestoring = false;
    this.#ids = new Map();
  }

  /** What fails here is done when the store is opened again. Who has written nothing leaves no mark. */
  async close(): Promise<void> {
    if (this.#hasBegunToWrite) {
      this.settle();
      this.#answer('close', () => this.#transaction(() => (this.#mark as CleanMark).leave()));
    }
    await this.#tables?.root.close();
  }

  #stateKey(contract: Uint8Array, key: Uint8Array): Uint8Array {
    const id = this.#ids.get(Buffer.from(contract).toString('hex')) as number;
    return Buffer.concat([contractKey(id), key]);
  }

  /** @throws StoreError, and then nothing of it is done. */
  #transaction(action: (tables: Tables) => void): void {
    const tables = this.#tables as Tables;
    this.#refuseGone();
    tables.root.transactionSync(() => {
      this.#refuseOthers(tables);
      this.#hasBegunToWrite = true;
      (this.#mark as CleanMark).remove();
      action(tables);
    });
    this.#refuseGone();
  }

  /** The lock of the directory does not reach into other containers: whoever has come in between is found out here, before anything of his is written over. */
  #refuseOthers(tables: Tables): void {
    const isRestoring = get(tables, tables.meta, text('restoring')) !== undefined;
    // The head of a snapshot that is read in is there when all of it is.
    if (isRestoring === this.#isRestoring && (isRestoring || readHead(tables)?.hash === this.#head?.hash)) return;
    throw new StoreError('ERR_STORE_LOCKED', `${tables.path} was written by another process`);
  }

  /** LMDB goes on writing into a file that has been removed, and says that all is well. */
  #refuseGone(): void {
    if (this.#inode() === this.#file) return;
    throw new StoreError('ERR_STORE_GONE', `${this.#environment?.path} was removed or replaced`);
  }

  #inode(): number | undefined {
    return dataInode(this.#environment?.path as string);
  }

  #answer<Result>(doing: string, action: () => Result): Answer<Result> {
    if (this.#refusal !== undefined) return this.#refusal;
    try {
      return { result: action() };
    } catch (error) {
      const { code, message } = writeError(error, `cannot ${doing}`, this.#environment?.path as string);
      return { error: { code, message } };
    }
  }
}

function putDeployment(
  tables: Tables,
  ids: Map<string, number>,
  { address, codeHash, wasm }: Omit<Deployment, 'isUpgrade'>,
): void {
  const name = Buffer.from(address).toString('hex');
  const id = ids.get(name) ?? ids.size;
  ids.set(name, id);
  put(tables.contracts, contractKey(id), Buffer.concat([address, Buffer.from(codeHash, 'hex')]));
  if (wasm !== undefined) put(tables.codes, Buffer.from(codeHash, 'hex'), wasm);
}

function putBlock({ blocks }: Tables, { header, body, receipts }: SealedBlock): void {
  put(blocks, blockKey(header.height, 'h'), encodeHeader(header));
  putInPlace(blocks, blockKey(header.height, 'b'), body);
  putInPlace(blocks, blockKey(header.height, 'r'), receipts);
}

if (parentPort === null) throw new Error('writer.js is started by the store, not by hand');
expose(new LmdbWriter(), nodeEndpoint(parentPort));
