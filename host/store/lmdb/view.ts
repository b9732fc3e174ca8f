import { setImmediate } from 'node:timers/promises';
import type { Transaction } from 'lmdb';
import { MisuseError } from '../../runtime/errors.js';
import type { StateEntry, StoredChain, StoreView } from '../store.js';
import { storeError } from './failure.js';
import { checked, contractKey, LARGEST_KEY, type Tables } from './tables.js';

/** Entries read before the event loop gets a turn: some milliseconds. */
const ENTRIES_PER_TURN = 2048;

interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

type Entries = Iterator<Entry>;

/** The state as of one transaction of LMDB, which goes on beside it. */
export class LmdbView implements StoreView {
  readonly chain: StoredChain;
  readonly #tables: Tables;
  readonly #transaction: Transaction;
  readonly #closed: () => void;
  /** Those that are being read. */
  readonly #open = new Set<Entries>();
  #isClosed = false;

  /** `closed` is called once, when the view is. */
  constructor(tables: Tables, chain: StoredChain, closed: () => void) {
    this.#tables = tables;
    this.chain = chain;
    this.#closed = closed;
    this.#transaction = tables.root.useReadTransaction();
  }

  async *state(): AsyncGenerator<StateEntry, void, undefined> {
    const contracts = this.chain.contracts.map(({ address }, id) => ({ address, id }));
    contracts.sort((a, b) => Buffer.compare(a.address, b.address));
    for (const { address, id } of contracts) yield* this.#stateOf(address, contractKey(id));
  }

  async *#stateOf(contract: Uint8Array, id: Uint8Array): AsyncGenerator<StateEntry, void, undefined> {
    this.#refuseClosed();
    const entries = this.#range(id);
    this.#open.add(entries);
    try {
      for (let sinceTurn = 1; ; sinceTurn++) {
        const entry = this.#next(entries);
        if (entry === undefined) return;
        yield { contract: contract.slice(), key: entry.key.slice(id.length), value: entry.value };
        if (sinceTurn % ENTRIES_PER_TURN === 0) await setImmediate();
      }
    } finally {
      if (this.#open.delete(entries)) entries.return?.();
    }
  }

  #range(id: Uint8Array): Entries {
    const end = Buffer.concat([id, Buffer.alloc(LARGEST_KEY, 0xff)]);
    const range = this.#tables.state.getRange({ start: id, end, transaction: this.#transaction });
    return range[Symbol.iterator]() as Entries;
  }

  /** Copies; undefined after the last. @throws StoreError; MisuseError `ERR_CLOSED` */
  #next(entries: Entries): Entry | undefined {
    this.#refuseClosed();
    const { path } = this.#tables;
    try {
      const { value: entry, done } = entries.next();
      if (done === true) return undefined;
      return { key: new Uint8Array(entry.key), value: new Uint8Array(checked(path, entry.key, entry.value)) };
    } catch (error) {
      throw storeError(error, `cannot read ${path}`);
    }
  }

  #refuseClosed(): void {
    if (this.#isClosed) throw new MisuseError('ERR_CLOSED', `${this.#tables.path}: the store was closed`);
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const entries of this.#open) entries.return?.();
    this.#open.clear();
    this.#transaction.done();
    this.#closed();
  }
}
