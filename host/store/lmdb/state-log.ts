/**
 * What blocks have written and the table `state` has not yet. A block's writes are durable as one value, beside the block; they are put into the table together with those of many others, since
 * each of them would have LMDB write a page, and most of what one block writes the next ones write again.
 *
 * The table is brought up to date in several transactions. Should the process end between two of them, it is done again from its start: writing the same once more changes nothing. So it does, too, where another
 * process, in another container, opens the chain meanwhile and brings the table up to date first.
 */
import { StoreError } from '../../runtime/errors.js';
import type { EncodedWrites } from '../writes.js';
import { type LatestWrite, latestWrites } from './latest-writes.js';
import { StoredValues } from './stored-value.js';
import { blockKey, contractKey, get, putInPlace, type Tables } from './tables.js';

/** Writes that may wait, and their bytes. They are read into memory when their time has come. */
const WRITES_MAX = 1 << 19;
const BYTES_MAX = 64 << 20;
/** Values put in one transaction: LMDB keeps a page of each in memory meanwhile. */
const PUT_AT_ONCE = 16_384;
const PART_WRITES = 'w'.charCodeAt(0);

/** Ascending. Those that wait are the newest: from the newest on, down to the first that does not. */
function waitingHeights({ blocks }: Tables): bigint[] {
  const heights: bigint[] = [];
  let newest: bigint | undefined;
  for (const bytes of blocks.getKeys({ reverse: true })) {
    const key = Buffer.from(bytes);
    const height = key.readBigUInt64BE();
    if (height === newest) continue;
    // Of a block's parts "w" is the last.
    if (key[8] !== PART_WRITES) break;
    newest = height;
    heights.push(height);
  }
  return heights.reverse();
}

/** Whether blocks were committed whose writes the table has not: the process ended before it was brought up to date. */
export function isBehind(tables: Tables): boolean {
  return waitingHeights(tables).length > 0;
}

export class StateLog {
  readonly #tables: Tables;
  readonly #values = new StoredValues();
  /** Heights of the blocks whose writes wait. */
  #heights: bigint[];
  #writes = 0;
  #bytes = 0;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#heights = waitingHeights(tables);
  }

  get isFull(): boolean {
    return this.#writes > WRITES_MAX || this.#bytes > BYTES_MAX;
  }

  /** Within the transaction that commits the block. */
  put(height: bigint, { bytes }: EncodedWrites): void {
    putInPlace(this.#tables.blocks, blockKey(height, 'w'), bytes);
  }

  /** The transaction is done. */
  added(height: bigint, { bytes, count }: EncodedWrites): void {
    this.#heights.push(height);
    this.#writes += count;
    this.#bytes += bytes.length;
  }

  /**
   * Bring the table up to date. `idOf` gives the id of a contract by its address in hex digits; `transaction` does what it is given in one transaction.
   * @throws StoreError
   */
  apply(idOf: (address: string) => number, transaction: (action: (tables: Tables) => void) => void): void {
    if (this.#heights.length === 0) return;
    const { blocks } = this.#tables;
    let writes: Iterator<LatestWrite, void> | undefined;
    for (let isDone = false; !isDone; ) {
      transaction(({ state }) => {
        writes ??= latestWrites(this.#readLogs(), idOf);
        let count = 0;
        for (; count < PUT_AT_ONCE; count++) {
          const { value, done } = writes.next();
          if (done === true) break;
          this.#put(state, value);
        }
        isDone = count < PUT_AT_ONCE;
      });
    }
    transaction(() => {
      for (const height of this.#heights) blocks.removeSync(blockKey(height, 'w'));
    });
    this.#heights = [];
    this.#writes = 0;
    this.#bytes = 0;
  }

  /**
   * Within a transaction, whose head is the one known here. Another process may have put into the table what waited when it opened the chain: these logs are gone, and the newer ones are there. So what is found by its key is
   * what is found from the newest on; where it is not, the file is damaged.
   * @throws StoreError `ERR_STORE_CORRUPT`
   */
  #readLogs(): Uint8Array[] {
    const logs: Uint8Array[] = [];
    let gone: bigint | undefined;
    for (const height of this.#heights) {
      const log = get(this.#tables, this.#tables.blocks, blockKey(height, 'w'));
      if (log === undefined) gone = height;
      else logs.push(log);
    }
    if (gone === undefined || logs.length === waitingHeights(this.#tables).length) return logs;
    const message = `${this.#tables.path} is damaged: the writes of block ${gone}, which the state does not show, are gone`;
    throw new StoreError('ERR_STORE_CORRUPT', message);
  }

  #put(state: Tables['state'], { bytes, keyAt, keyLength, valueAt, valueLength, id }: LatestWrite): void {
    // The id goes before the key, where the lengths were.
    bytes.set(contractKey(id), keyAt - 4);
    if (valueLength === undefined) {
      state.removeSync(bytes.subarray(keyAt - 4, keyAt + keyLength));
      return;
    }
    const { key, stored } = this.#values.make(bytes, keyAt - 4, keyLength + 4, valueAt, valueLength);
    state.putSync(key, stored);
  }
}
