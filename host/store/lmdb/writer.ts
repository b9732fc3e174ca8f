/** The thread that writes a chain: it makes the canonical form of blocks, and commits them. The runtime's own thread has other things to do. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink/dist/esm/comlink.mjs';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import type { BlockHeader } from '../../runtime/chain.js';
import { StoreError } from '../../runtime/errors.js';
import { encodeHeader, NO_PARENT } from '../header.js';
import type { BlockRecord, Deployment } from '../record.js';
import { type SealedBlock, Sealer } from '../seal.js';
import type { StateEntry, StoredContract } from '../store.js';
import { REMOVED, WRITE_HEAD_BYTES } from '../writes.js';
import { contractIds } from './contract-ids.js';
import { writeError } from './disk-room.js';
import { readHead } from './headers.js';
import { blockKey, contractKey, type Environment, get, openTables, put, type Tables, text, word } from './tables.js';

const ADDRESS_BYTES = 32;
/** Blocks taken away in one transaction. */
const PRUNED_AT_ONCE = 1000;

/** An error as it crosses to the other thread. */
export interface TransferredError {
  readonly code: string;
  readonly message: string;
}

/** What was asked for, or why it failed. */
export type Answer<Result> = { readonly result: Result } | { readonly error: TransferredError };

export class LmdbWriter {
  #environment: Environment | undefined;
  #tables: Tables | undefined;
  #file: number | undefined;
  #ids = new Map<string, number>();
  #parentHash = NO_PARENT;
  readonly #sealer = new Sealer();

  open(environment: Environment): Answer<void> {
    return this.#answer('open', () => {
      this.#environment = environment;
      this.#tables = openTables(environment);
      this.#file = this.#inode();
      // The process died while a snapshot was read in.
      if (get(this.#tables, this.#tables.meta, text('restoring')) !== undefined) this.#dropRestored();
      this.#ids = contractIds(this.#tables);
      this.#parentHash = readHead(this.#tables)?.hash ?? NO_PARENT;
    });
  }

  /** All of them in one transaction. */
  commit(records: readonly BlockRecord[]): Answer<BlockHeader[]> {
    return this.#answer('write', () => {
      const sealed: SealedBlock[] = [];
      let parentHash = this.#parentHash;
      for (const record of records) {
        const block = this.#sealer.seal(record, parentHash);
        parentHash = block.header.hash;
        sealed.push(block);
      }
      const ids = new Map(this.#ids);
      this.#transaction((tables) => {
        for (const [index, block] of sealed.entries()) {
          for (const deployment of (records[index] as BlockRecord).deployments) putDeployment(tables, ids, deployment);
          putBlock(tables, ids, block);
        }
      });
      this.#ids = ids;
      this.#parentHash = parentHash;
      return sealed.map(({ header }) => header);
    });
  }

  /** Take away the blocks with a height below `height`, but for the head. */
  prune(height: bigint): Answer<number> {
    return this.#answer('prune', () => {
      const end = readHead(this.#tables as Tables)?.height ?? 0n;
      const last = height < end ? height : end;
      let pruned = 0;
      for (let isDone = false; !isDone; ) {
        this.#transaction(({ blocks }) => {
          const range = { end: blockKey(last, 'b').subarray(0, 8), limit: PRUNED_AT_ONCE * 3 };
          const keys = [...blocks.getKeys(range)].map((key) => Buffer.from(key));
          for (const key of keys) blocks.removeSync(key);
          pruned += keys.filter((key) => key[8] === 'h'.charCodeAt(0)).length;
          isDone = keys.length < PRUNED_AT_ONCE * 3;
        });
      }
      return pruned;
    });
  }

  /** A snapshot is about to be read in. */
  beginRestore(contracts: readonly StoredContract[], codes: ReadonlyMap<string, Uint8Array>): Answer<void> {
    return this.#answer('restore', () => {
      this.#transaction((tables) => {
        put(tables.meta, text('restoring'), new Uint8Array(0));
        for (const { address, codeHash } of contracts) {
          putDeployment(tables, this.#ids, { address, codeHash, wasm: codes.get(codeHash) });
        }
      });
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
      this.#parentHash = head?.hash ?? NO_PARENT;
    });
  }

  /** What is there of a snapshot that was not finished goes. */
  dropRestored(): Answer<void> {
    return this.#answer('restore', () => this.#dropRestored());
  }

  #dropRestored(): void {
    this.#transaction((tables) => {
      for (const table of [tables.state, tables.contracts, tables.codes]) table.clearSync();
      tables.meta.removeSync(text('restoring'));
    });
    this.#ids = new Map();
  }

  async close(): Promise<void> {
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
    tables.root.transactionSync(() => action(tables));
    this.#refuseGone();
  }

  /** LMDB goes on writing into a file that has been removed, and says that all is well. */
  #refuseGone(): void {
    if (this.#inode() === this.#file) return;
    throw new StoreError('ERR_STORE_GONE', `${this.#environment?.path} was removed or replaced`);
  }

  #inode(): number | undefined {
    return statSync(join(this.#environment?.path as string, 'data.mdb'), { throwIfNoEntry: false })?.ino;
  }

  #answer<Result>(doing: string, action: () => Result): Answer<Result> {
    try {
      return { result: action() };
    } catch (error) {
      const { code, message } = writeError(error, `cannot ${doing}`, this.#environment?.path as string);
      return { error: { code, message } };
    }
  }
}

function putDeployment(tables: Tables, ids: Map<string, number>, { address, codeHash, wasm }: Deployment): void {
  const id = ids.size;
  ids.set(Buffer.from(address).toString('hex'), id);
  put(tables.contracts, contractKey(id), Buffer.concat([address, Buffer.from(codeHash, 'hex')]));
  if (wasm !== undefined) put(tables.codes, Buffer.from(codeHash, 'hex'), wasm);
}

function putBlock(
  tables: Tables,
  ids: ReadonlyMap<string, number>,
  { header, body, receipts, writes }: SealedBlock,
): void {
  const { height } = header;
  put(tables.blocks, blockKey(height, 'h'), encodeHeader(header));
  put(tables.blocks, blockKey(height, 'b'), body);
  put(tables.blocks, blockKey(height, 'r'), receipts);
  putWrites(tables, ids, writes);
  put(tables.meta, text('head'), word(height));
}

function putWrites({ state }: Tables, ids: ReadonlyMap<string, number>, writes: Uint8Array): void {
  const bytes = Buffer.from(writes.buffer, writes.byteOffset, writes.length);
  let address: Buffer | undefined;
  let id: Uint8Array = new Uint8Array(0);
  for (let at = 0; at < bytes.length; ) {
    const keyLength = bytes.readUInt32LE(at + 32);
    const valueLength = bytes.readUInt32LE(at + 36);
    const contract = bytes.subarray(at, at + ADDRESS_BYTES);
    if (address === undefined || !contract.equals(address)) {
      address = contract;
      id = contractKey(ids.get(contract.toString('hex')) as number);
    }
    const keyAt = at + WRITE_HEAD_BYTES;
    const valueAt = keyAt + ((keyLength + 7) & ~7);
    // The id goes where the lengths were, before the key.
    bytes.set(id, keyAt - 4);
    const key = bytes.subarray(keyAt - 4, keyAt + keyLength);
    if (valueLength === REMOVED) state.removeSync(key);
    else put(state, key, bytes.subarray(valueAt, valueAt + valueLength));
    at = valueAt + (valueLength === REMOVED ? 0 : (valueLength + 7) & ~7);
  }
}

if (parentPort === null) throw new Error('writer.js is started by the store, not by hand');
expose(new LmdbWriter(), nodeEndpoint(parentPort));
