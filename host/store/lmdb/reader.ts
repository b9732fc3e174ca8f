/** What a runtime's threads read the state by: one environment a thread, over the same mapping. */
import { StoreError } from '../../runtime/errors.js';
import type { ContractState, StoreReader } from '../store.js';
import { contractIds } from './contract-ids.js';
import { dataInode } from './data-inode.js';
import { contractKey, type Environment, LARGEST_KEY, openTables, type Tables, view } from './tables.js';

export interface ReaderData extends Environment {
  /** Of the data that the store has open; undefined where that is not known: it was not open. */
  readonly inode: number | undefined;
}

/** @throws StoreError `ERR_STORE_GONE` where the data are not those that the store has open: LMDB would make new ones, and find nothing in them. */
export function openReader(data: unknown): StoreReader {
  const { inode, ...environment } = data as ReaderData;
  const found = dataInode(environment.path);
  if (found === undefined || found !== (inode ?? found)) {
    throw new StoreError('ERR_STORE_GONE', `${environment.path} was removed or replaced`);
  }
  return new LmdbReader(openTables(environment));
}

class LmdbReader implements StoreReader {
  readonly #tables: Tables;
  #ids = new Map<string, number>();
  /** Whether they are all that this transaction has. */
  #isCurrent = false;

  constructor(tables: Tables) {
    this.#tables = tables;
  }

  refresh(): void {
    this.#tables.root.resetReadTxn();
    this.#isCurrent = false;
  }

  contract(address: Uint8Array): ContractState | undefined {
    const name = Buffer.from(address).toString('hex');
    // Ids are given out once and for all: what was not known may be after a refresh, and not before.
    if (!this.#ids.has(name) && !this.#isCurrent) {
      this.#ids = contractIds(this.#tables);
      this.#isCurrent = true;
    }
    const id = this.#ids.get(name);
    return id === undefined ? undefined : new LmdbContractState(this.#tables, id);
  }

  async close(): Promise<void> {
    await this.#tables.root.close();
  }
}

class LmdbContractState implements ContractState {
  readonly #tables: Tables;
  readonly #key = Buffer.alloc(LARGEST_KEY);
  /** One for each length of keys: to make one takes longer than to fill it. */
  readonly #keys: Uint8Array[] = [];

  constructor(tables: Tables, id: number) {
    this.#tables = tables;
    this.#key.set(contractKey(id));
  }

  get(key: Uint8Array): Uint8Array | undefined {
    this.#key.set(key, 4);
    this.#keys[key.length] ??= this.#key.subarray(0, 4 + key.length);
    const full = this.#keys[key.length] as Uint8Array;
    return view(this.#tables.path, this.#tables.state, full);
  }
}
