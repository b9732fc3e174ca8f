import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { StateEntry, Store, StoredChain, StoreStatistics } from '../index.js';
import type { RecordedChain } from './recorded-chain.js';

/** Makes a store that has nothing in it and is not open. */
export type MakeStore = () => Store | Promise<Store>;

/** Gives the store that would be made of what `store` has left, once that is closed. */
export type ReopenStore = (store: Store) => Store | Promise<Store>;

/** The stores of one case: made when asked for, and closed at its end. */
export class Trial {
  readonly chain: RecordedChain;
  readonly #make: MakeStore;
  readonly #reopen: ReopenStore;
  readonly #stores = new Set<Store>();

  constructor(chain: RecordedChain, make: MakeStore, reopen: ReopenStore) {
    this.chain = chain;
    this.#make = make;
    this.#reopen = reopen;
  }

  /** A store that was not opened yet. */
  async closed(): Promise<Store> {
    const store = await this.#make();
    this.#stores.add(store);
    return store;
  }

  /** An open store without a block. */
  async empty(): Promise<Store> {
    const store = await this.closed();
    await store.open();
    return store;
  }

  /** An open store with the first `count` blocks. */
  async filled(count = this.chain.length): Promise<Store> {
    const store = await this.empty();
    await store.commit(this.chain.records(count));
    return store;
  }

  /** Close `store`, and open what it has left. */
  async reopened(store: Store): Promise<{ readonly store: Store; readonly chain: StoredChain }> {
    await store.close();
    const next = await this.#reopen(store);
    this.#stores.add(next);
    return { store: next, chain: await next.open() };
  }

  /** Whether `store` has the first `count` blocks and nothing else, and those below `first` without their bodies. */
  async expectChain(store: Store, count: number, first = 0): Promise<void> {
    const { chain } = this;
    const view = await store.view();
    try {
      expectSame(view.chain, this.head(count));
      expectSame(await entries(view.state()), chain.state(count));
    } finally {
      view.close();
    }
    for (const [index, { stored }] of chain.blocks.entries()) {
      const isKept = index >= first && index < count;
      expectSame(await store.block(stored.header.height), isKept ? stored : undefined);
    }
    expectSame(counts(await store.statistics()), {
      entries: chain.state(count).length,
      contracts: this.head(count).contracts.length,
    });
    const heights = count <= first ? undefined : { first: BigInt(first + 1), last: BigInt(count) };
    expectSame(await store.heights(), heights);
  }

  /** What `open` resolves to after the first `count` blocks. */
  head(count: number): StoredChain {
    const deployed = this.chain.records(count).flatMap(({ deployments }) => deployments).length;
    return { head: this.chain.headers[count - 1], contracts: this.chain.contracts.slice(0, deployed) };
  }

  /** The code of all contracts, by its hash. */
  get codes(): ReadonlyMap<string, Uint8Array> {
    return new Map(this.chain.contracts.map(({ codeHash }) => [codeHash, this.chain.wasm]));
  }

  async close(): Promise<void> {
    for (const store of this.#stores) await store.close();
  }
}

/** All of a state. */
export async function entries(state: AsyncIterable<StateEntry>): Promise<StateEntry[]> {
  const found: StateEntry[] = [];
  for await (const entry of state) found.push(entry);
  return found;
}

export async function* iterate(state: readonly StateEntry[]): AsyncGenerator<StateEntry, void, undefined> {
  for (const entry of state) yield entry;
}

/** Equality of what is in them: a Buffer is as good as any Uint8Array, and a member that is undefined as one that is missing. */
export function expectSame(actual: unknown, expected: unknown): void {
  assert.deepEqual(plain(actual), plain(expected));
}

/** The figures that are the same in every store. */
function counts({ entries, contracts }: StoreStatistics): Omit<StoreStatistics, 'bytes'> {
  return { entries, contracts };
}

/** Short enough to be read in a difference. */
function describe(bytes: Buffer): string {
  if (bytes.length <= 64) return `0x${bytes.toString('hex')}`;
  return `${bytes.length} bytes with SHA-256 ${createHash('sha256').update(bytes).digest('hex')}`;
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return describe(Buffer.from(value));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
}
