import { readFile } from 'node:fs/promises';
import {
  type BlockHeader,
  type BlockRecord,
  createRuntime,
  memoryStore,
  type StateEntry,
  type Store,
  type StoredBlock,
  type StoredContract,
  type Transaction,
  type WriteSetEntry,
} from '../index.js';

/** A block as a runtime handed it to its store, and what a store is to make of it. */
export interface RecordedBlock {
  readonly record: BlockRecord;
  readonly stored: StoredBlock;
  /** What it changed, as the runtime said. */
  readonly writes: readonly WriteSetEntry[];
}

/** Longest keys and values that a contract can write, in bytes. */
export const LONGEST_KEY = 256;
export const LONGEST_VALUE = 65_536;

/** Addresses whose order is not that of their deployment. */
const LATER = new Uint8Array(32).fill(0x99);
const EARLIER = new Uint8Array(32).fill(0x11);
const EMPTY = new Uint8Array(32).fill(0x55);
const NOBODY = new Uint8Array(32).fill(0xee);
const SENDER = new Uint8Array(32).fill(0x77);

const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);
const longKey = (last: number): Uint8Array => new Uint8Array(LONGEST_KEY).fill(0xff).fill(last, LONGEST_KEY - 1);
const longValue = Uint8Array.from({ length: LONGEST_VALUE }, (_, index) => (index * 7) & 0xff);

/**
 * A chain with everything in it that a store has to keep, executed by a runtime: contracts whose order is not that of their addresses, two of one code, one without state; values without bytes, the
 * longest keys and values, keys that others begin with; values that change, go and come back; blocks without calls, without changes, with calls that failed.
 */
export class RecordedChain {
  readonly blocks: readonly RecordedBlock[];
  /** In the order of deployment. */
  readonly contracts: readonly StoredContract[];
  readonly wasm: Uint8Array;

  private constructor(blocks: readonly RecordedBlock[], wasm: Uint8Array) {
    this.blocks = blocks;
    this.contracts = blocks.flatMap(({ record }) =>
      record.deployments.map(({ address, codeHash }) => ({ address, codeHash })),
    );
    this.wasm = wasm;
  }

  static async execute(): Promise<RecordedChain> {
    const kept = memoryStore();
    const records: BlockRecord[] = [];
    const writes: (readonly WriteSetEntry[])[] = [];
    await using runtime = await createRuntime({
      workers: 1,
      limits: { memoryMiB: 64, locations: 4096, transactions: 1024 },
      store: recording(kept, records),
    });
    const wasm = await readFile(new URL('../../contracts/drawer.wasm', import.meta.url));
    const later = await runtime.deploy(wasm, { address: LATER });
    const earlier = await runtime.deploy(wasm, { address: EARLIER });
    await runtime.deploy(wasm, { address: EMPTY });
    writes.push([], [], []);
    const put = (contract: typeof later, key: Uint8Array, value: Uint8Array): Transaction =>
      contract.transaction(SENDER, 'put', { key, value });
    const remove = (contract: typeof later, key: Uint8Array): Transaction =>
      contract.transaction(SENDER, 'remove', { key });
    const lists: Transaction[][] = [
      [
        put(later, bytes(2), bytes(1, 2, 3)),
        put(later, bytes(1, 0), bytes(4)),
        put(later, bytes(1), bytes()),
        put(earlier, longKey(0xff), longValue),
        put(earlier, longKey(0), bytes(5, 6)),
        put(earlier, bytes(0), bytes(7)),
        later.transaction(SENDER, 'announce', { topic: bytes(8), data: new Uint8Array(99).fill(9) }),
      ],
      [put(later, bytes(1), bytes(1)), put(later, bytes(2), bytes()), remove(earlier, longKey(0xff))],
      [],
      [
        { ...put(later, bytes(3), bytes(3)), contract: NOBODY },
        { ...put(later, bytes(3), bytes(3)), gasLimit: 1 },
        remove(later, bytes(255)),
      ],
      [
        remove(later, bytes(1, 0)),
        remove(earlier, bytes(0)),
        put(earlier, longKey(0xff), longValue.toReversed()),
        put(earlier, bytes(0, 0), bytes(1)),
      ],
    ];
    for (const [index, transactions] of lists.entries()) {
      const time = BigInt(index + 1);
      const context = { timestamp: time * 1000n, chainId: 7n, seed: new Uint8Array(32).fill(index + 1) };
      const result = await runtime.execute({ transactions, context });
      writes.push(result.writeSet);
      await result.durable;
    }
    const blocks: RecordedBlock[] = [];
    for (const [index, record] of records.entries()) {
      const stored = (await kept.block(record.context.height)) as StoredBlock;
      blocks.push({ record, stored, writes: writes[index] as readonly WriteSetEntry[] });
    }
    return new RecordedChain(blocks, wasm);
  }

  /** One that nobody else has: a store that is none yet may hand out what it was given, and what is done to that must not be seen by the next case. */
  copy(): RecordedChain {
    return new RecordedChain(structuredClone(this.blocks), this.wasm.slice());
  }

  get length(): number {
    return this.blocks.length;
  }

  get headers(): readonly BlockHeader[] {
    return this.blocks.map(({ stored }) => stored.header);
  }

  /** Of the first `count` blocks. */
  records(count = this.length): readonly BlockRecord[] {
    return this.blocks.slice(0, count).map(({ record }) => record);
  }

  /** Of the blocks after the first `count`, as a runtime records them that began there: it names all contracts anew. */
  recordsAfter(count: number): readonly BlockRecord[] {
    const named = this.blocks.slice(0, count + 1).flatMap(({ record }) => record.addresses);
    const [next, ...rest] = this.blocks.slice(count).map(({ record }) => record);
    return next === undefined ? [] : [{ ...next, addresses: named }, ...rest];
  }

  /** After the first `count` blocks: ascending by address and key. */
  state(count = this.length): readonly StateEntry[] {
    const state = new Map<string, StateEntry>();
    for (const { contract, key, value } of this.blocks.slice(0, count).flatMap(({ writes }) => writes)) {
      const place = Buffer.concat([contract, key]).toString('hex');
      if (value === undefined) state.delete(place);
      else state.set(place, { contract, key, value });
    }
    // Addresses are all of one length, so their digits and the key's are in the order of the bytes.
    return [...state].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
  }
}

/** `store`, with every record that it is given put aside. */
function recording(store: Store, records: BlockRecord[]): Store {
  return {
    get reader() {
      return store.reader;
    },
    open: () => store.open(),
    commit: (given) => {
      records.push(...given);
      return store.commit(given);
    },
    settle: () => store.settle(),
    block: (height) => store.block(height),
    heights: () => store.heights(),
    code: (hash) => store.code(hash),
    view: () => store.view(),
    prune: (height) => store.prune(height),
    restore: (chain, codes, state) => store.restore(chain, codes, state),
    statistics: () => store.statistics(),
    // It is asked for the blocks afterwards.
    close: async () => {},
  };
}
