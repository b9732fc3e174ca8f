import { setImmediate } from 'node:timers/promises';
import type { Transaction } from 'lmdb';
import type { StateEntry, StoredChain, StoreView } from '../store.js';
import { checked, contractKey, type Tables } from './tables.js';

const KEY_BYTES_MAX = 260;
/** Entries read before the event loop gets a turn: some milliseconds. */
const ENTRIES_PER_TURN = 2048;

/** The state as of one transaction of LMDB, which goes on beside it. */
export class LmdbView implements StoreView {
  readonly chain: StoredChain;
  readonly #tables: Tables;
  readonly #transaction: Transaction;

  constructor(tables: Tables, chain: StoredChain) {
    this.#tables = tables;
    this.chain = chain;
    this.#transaction = tables.root.useReadTransaction();
  }

  async *state(): AsyncGenerator<StateEntry, void, undefined> {
    const contracts = this.chain.contracts.map(({ address }, id) => ({ address, id }));
    contracts.sort((a, b) => Buffer.compare(a.address, b.address));
    for (const { address, id } of contracts) yield* this.#stateOf(address, contractKey(id));
  }

  async *#stateOf(contract: Uint8Array, id: Uint8Array): AsyncGenerator<StateEntry, void, undefined> {
    const options = {
      start: id,
      end: Buffer.concat([id, Buffer.alloc(KEY_BYTES_MAX, 0xff)]),
      transaction: this.#transaction,
    };
    let sinceTurn = 0;
    for (const { key, value } of this.#tables.state.getRange(options)) {
      yield { contract, key: new Uint8Array(key.subarray(id.length)), value: new Uint8Array(checked(key, value)) };
      if (++sinceTurn === ENTRIES_PER_TURN) {
        await setImmediate();
        sinceTurn = 0;
      }
    }
  }

  close(): void {
    this.#transaction.done();
  }
}
