import { setImmediate } from 'node:timers/promises';
import type { BlockHeader } from '../runtime/chain.js';
import { MisuseError } from '../runtime/errors.js';
import { NO_PARENT } from './header.js';
import type { BlockRecord } from './record.js';
import { Sealer } from './seal.js';
import type {
  StateEntry,
  Store,
  StoredBlock,
  StoredChain,
  StoredContract,
  StoreStatistics,
  StoreView,
} from './store.js';
import { decodeWrites } from './writes.js';

/** After so many entries the event loop gets a turn. */
const ENTRIES_PER_TURN = 2048;

/**
 * A store in the memory of this process: a chain with its history, for tests and for nodes that need nothing to outlast them. It can be given to one runtime after another, and has then
 * what the one before left.
 */
export function memoryStore(): Store {
  return new MemoryStore();
}

class MemoryStore implements Store {
  readonly reader = undefined;
  #isOpen = false;
  #head: BlockHeader | undefined;
  #sealer = new Sealer();
  #contracts: StoredContract[] = [];
  readonly #codes = new Map<string, Uint8Array>();
  readonly #blocks = new Map<bigint, StoredBlock>();
  /** By address and key in hex digits. */
  #state = new Map<string, StateEntry>();

  async open(): Promise<StoredChain> {
    if (this.#isOpen) throw new MisuseError('ERR_ARGUMENT', 'the store is open already');
    this.#isOpen = true;
    // Contracts have other indexes in every runtime.
    this.#sealer = new Sealer();
    return this.#chain();
  }

  #chain(): StoredChain {
    return { head: this.#head, contracts: [...this.#contracts] };
  }

  async commit(records: readonly BlockRecord[]): Promise<readonly BlockHeader[]> {
    this.#refuseClosed();
    const headers: BlockHeader[] = [];
    for (const record of records) {
      const { header, body, receipts, writes } = this.#sealer.seal(record, this.#head?.hash ?? NO_PARENT);
      for (const { address, codeHash, wasm } of record.deployments) {
        this.#contracts.push({ address, codeHash });
        if (wasm !== undefined) this.#codes.set(codeHash, wasm);
      }
      for (const { contract, key, value } of decodeWrites(writes.bytes)) {
        const name = nameOf(contract, key);
        if (value === undefined) this.#state.delete(name);
        else this.#state.set(name, { contract, key, value });
      }
      this.#blocks.set(header.height, { header, body: body.slice(), receipts: receipts.slice() });
      this.#sealer.reuse();
      this.#head = header;
      headers.push(header);
    }
    return headers;
  }

  async block(height: bigint): Promise<StoredBlock | undefined> {
    this.#refuseClosed();
    return this.#blocks.get(height);
  }

  async code(hash: string): Promise<Uint8Array> {
    this.#refuseClosed();
    const wasm = this.#codes.get(hash);
    if (wasm === undefined) throw new MisuseError('ERR_ARGUMENT', `no contract has the code ${hash}`);
    return wasm;
  }

  async view(): Promise<StoreView> {
    this.#refuseClosed();
    const entries = [...this.#state.values()];
    return {
      chain: this.#chain(),
      state: async function* () {
        entries.sort((a, b) => Buffer.compare(a.contract, b.contract) || Buffer.compare(a.key, b.key));
        for (const [index, entry] of entries.entries()) {
          if (index % ENTRIES_PER_TURN === ENTRIES_PER_TURN - 1) await setImmediate();
          yield entry;
        }
      },
      close: () => {},
    };
  }

  async prune(height: bigint): Promise<number> {
    this.#refuseClosed();
    let pruned = 0;
    for (const kept of this.#blocks.keys()) {
      if (kept >= height || kept === this.#head?.height) continue;
      this.#blocks.delete(kept);
      pruned++;
    }
    return pruned;
  }

  async restore(
    { head, contracts }: StoredChain,
    codes: ReadonlyMap<string, Uint8Array>,
    state: AsyncIterable<StateEntry>,
  ): Promise<void> {
    this.#refuseClosed();
    const restored = new Map<string, StateEntry>();
    for await (const entry of state) restored.set(nameOf(entry.contract, entry.key), entry);
    this.#state = restored;
    this.#contracts = [...contracts];
    for (const [hash, wasm] of codes) this.#codes.set(hash, wasm);
    this.#head = head;
  }

  async statistics(): Promise<StoreStatistics> {
    this.#refuseClosed();
    const heights = [...this.#blocks.keys()];
    const [first, last] = [heights.at(0), heights.at(-1)];
    let bytes = 0;
    for (const { contract, key, value } of this.#state.values()) bytes += contract.length + key.length + value.length;
    for (const { body, receipts } of this.#blocks.values()) bytes += body.length + receipts.length;
    return {
      entries: this.#state.size,
      contracts: this.#contracts.length,
      blocks: first === undefined || last === undefined ? undefined : { first, last },
      bytes,
    };
  }

  async close(): Promise<void> {
    this.#isOpen = false;
  }

  #refuseClosed(): void {
    if (!this.#isOpen) throw new MisuseError('ERR_CLOSED', 'the store is not open');
  }
}

function nameOf(contract: Uint8Array, key: Uint8Array): string {
  return Buffer.concat([contract, key]).toString('hex');
}
