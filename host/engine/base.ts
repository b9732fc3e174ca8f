import { StoreError } from '../runtime/errors.js';
import type { ContractState, StoreReader, StoreReaderSource } from '../store/store.js';
import type { KernelExports, ReadBase } from './kernel.js';
import { contractAddress } from './state.js';
import { MAX_VALUE_LENGTH } from './storage-limits.js';
import type { StoreGate } from './store-gate.js';

const NO_VALUE = -1;
const FAILED = -2;

interface ReaderModule {
  openReader(data: unknown): StoreReader | Promise<StoreReader>;
}

export interface BaseOptions {
  /** How many values may be read between two refreshes, for a thread that must not wait long for a disk. Default: any number. */
  readonly readsMax?: number;
  /** Of a thread that may be ended at any time. */
  readonly gate?: StoreGate;
}

/** What of the state is not in shared memory, as this thread reads it from the store: the `base` that the kernel imports. */
export class Base {
  readonly #memory: WebAssembly.Memory;
  readonly #bytes: Uint8Array;
  readonly #reader: StoreReader;
  /** By the index of the contract. */
  readonly #contracts: (ContractState | undefined)[] = [];
  readonly #readsMax: number;
  readonly #gate: StoreGate | undefined;
  #reads = 0;
  #kernel: KernelExports | undefined;
  /** Why the store could not be read. */
  failure: unknown;

  private constructor(memory: WebAssembly.Memory, reader: StoreReader, { readsMax, gate }: BaseOptions) {
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#reader = reader;
    this.#readsMax = readsMax ?? Number.POSITIVE_INFINITY;
    this.#gate = gate;
  }

  static async open(
    memory: WebAssembly.Memory,
    { module, data }: StoreReaderSource,
    options: BaseOptions,
  ): Promise<Base> {
    options.gate?.enter();
    try {
      const { openReader } = (await import(module)) as ReaderModule;
      return new Base(memory, await openReader(data), options);
    } finally {
      options.gate?.leave();
    }
  }

  attach(kernel: KernelExports): void {
    this.#kernel = kernel;
  }

  /** Before a block: see what has been committed to the store. */
  refresh(): void {
    this.failure = undefined;
    this.#reads = 0;
    this.#gate?.enter();
    try {
      this.#reader.refresh();
    } finally {
      this.#gate?.leave();
    }
  }

  async close(): Promise<void> {
    await this.#reader.close?.();
  }

  readonly read: ReadBase = (contract, key, length, to) => {
    if (this.#reads++ === this.#readsMax) return FAILED;
    this.#gate?.enter();
    try {
      const state = this.#contracts[contract] ?? this.#open(contract);
      const value = state?.get(this.#bytes.subarray(key >>> 0, (key >>> 0) + length));
      if (value === undefined) return NO_VALUE;
      // No contract has written it, and the kernel has made no room for it.
      if (value.length > MAX_VALUE_LENGTH) {
        throw new StoreError('ERR_STORE_CORRUPT', `the store has a value of ${value.length} bytes`);
      }
      this.#bytes.set(value, to >>> 0);
      return value.length;
    } catch (error) {
      this.failure = error;
      return FAILED;
    } finally {
      this.#gate?.leave();
    }
  };

  /** One that the store does not know of yet is asked for again: it has been deployed, and is not committed. */
  #open(contract: number): ContractState | undefined {
    const state = this.#reader.contract(contractAddress(this.#kernel as KernelExports, this.#memory, contract));
    this.#contracts[contract] = state;
    return state;
  }
}
