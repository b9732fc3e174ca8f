import { setImmediate } from 'node:timers/promises';
import type { BlockHeader } from '../runtime/chain.js';
import { MisuseError, StoreError } from '../runtime/errors.js';
import type { BlockRecord } from './record.js';
import { type SealedBlock, Sealer } from './seal.js';
import type {
  StateEntry,
  Store,
  StoredBlock,
  StoredChain,
  StoredContract,
  StoreHeights,
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
    const contracts = this.#contracts.map(({ address, codeHash }) => ({ address: new Uint8Array(address), codeHash }));
    return { head: this.#head && copyHeader(this.#head), contracts };
  }

  async commit(records: readonly BlockRecord[]): Promise<readonly BlockHeader[]> {
    this.#refuseClosed();
    try {
      return this.#keep(records, this.#seal(records));
    } finally {
      this.#sealer.reuse();
    }
  }

  #keep(records: readonly BlockRecord[], sealed: readonly SealedBlock[]): BlockHeader[] {
    for (const [index, { header, body, receipts, writes }] of sealed.entries()) {
      for (const { address, codeHash, wasm } of (records[index] as BlockRecord).deployments) {
        this.#deploy({ address, codeHash });
        if (wasm !== undefined) this.#codes.set(codeHash, wasm);
      }
      for (const { contract, key, value } of decodeWrites(writes.bytes)) {
        const name = nameOf(contract, key);
        if (value === undefined) this.#state.delete(name);
        else this.#state.set(name, { contract, key, value });
      }
      this.#blocks.set(header.height, { header, body: body.slice(), receipts: receipts.slice() });
      this.#head = header;
    }
    return sealed.map(({ header }) => copyHeader(header));
  }

  #deploy(contract: StoredContract): void {
    const known = this.#contracts.findIndex(({ address }) => Buffer.compare(address, contract.address) === 0);
    this.#contracts[known < 0 ? this.#contracts.length : known] = contract;
  }

  /** All of them before any is kept. @throws StoreError */
  #seal(records: readonly BlockRecord[]): SealedBlock[] {
    try {
      return this.#sealer.sealAll(records, this.#head);
    } catch (cause) {
      if (cause instanceof StoreError) throw cause;
      throw new StoreError('ERR_STORE', `a block has no canonical form: ${cause}`, { cause });
    }
  }

  async settle(): Promise<void> {
    this.#refuseClosed();
  }

  async block(height: bigint): Promise<StoredBlock | undefined> {
    this.#refuseClosed();
    const block = this.#blocks.get(height);
    if (block === undefined) return undefined;
    const { header, body, receipts } = block;
    return { header: copyHeader(header), body: new Uint8Array(body), receipts: new Uint8Array(receipts) };
  }

  async heights(): Promise<StoreHeights | undefined> {
    this.#refuseClosed();
    const heights = [...this.#blocks.keys()];
    const [first, last] = [heights.at(0), heights.at(-1)];
    return first === undefined || last === undefined ? undefined : { first, last };
  }

  async code(hash: string): Promise<Uint8Array> {
    this.#refuseClosed();
    const wasm = this.#codes.get(hash);
    if (wasm === undefined) throw new StoreError('ERR_STORE_CORRUPT', `the code ${hash} is missing`);
    return new Uint8Array(wasm);
  }

  async view(): Promise<StoreView> {
    this.#refuseClosed();
    const entries = [...this.#state.values()];
    return {
      chain: this.#chain(),
      state: async function* () {
        entries.sort((a, b) => Buffer.compare(a.contract, b.contract) || Buffer.compare(a.key, b.key));
        for (const [index, { contract, key, value }] of entries.entries()) {
          if (index % ENTRIES_PER_TURN === ENTRIES_PER_TURN - 1) await setImmediate();
          yield { contract: new Uint8Array(contract), key: new Uint8Array(key), value: new Uint8Array(value) };
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
    if (this.#head !== undefined) throw new MisuseError('ERR_ARGUMENT', 'the store has a chain already');
    const restored = new Map<string, StateEntry>();
    for await (const entry of state) restored.set(nameOf(entry.contract, entry.key), entry);
    this.#state = restored;
    this.#contracts = [...contracts];
    for (const [hash, wasm] of codes) this.#codes.set(hash, wasm);
    this.#head = head;
  }

  async statistics(): Promise<StoreStatistics> {
    this.#refuseClosed();
    let bytes = 0;
    for (const { contract, key, value } of this.#state.values()) bytes += contract.length + key.length + value.length;
    for (const { body, receipts } of this.#blocks.values()) bytes += body.length + receipts.length;
    return { entries: this.#state.size, contracts: this.#contracts.length, bytes };
  }

  async close(): Promise<void> {
    this.#isOpen = false;
  }

  #refuseClosed(): void {
    if (!this.#isOpen) throw new MisuseError('ERR_CLOSED', 'the store is not open');
  }
}

function copyHeader(header: BlockHeader): BlockHeader {
  return { ...header, seed: new Uint8Array(header.seed) };
}

function nameOf(contract: Uint8Array, key: Uint8Array): string {
  return Buffer.concat([contract, key]).toString('hex');
}
