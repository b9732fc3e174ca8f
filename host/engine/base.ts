import { StoreError } from '../runtime/errors.js';
import type { ContractState, StoreReader, StoreReaderSource } from '../store/store.js';
import type { KernelExports, ReadBase } from './kernel.js';
import { contractAddress } from './state.js';
import { MAX_VALUE_LENGTH } from './storage-limits.js';

const NO_VALUE = -1;
const FAILED = -2;

interface ReaderModule {
  openReader(data: unknown): StoreReader | Promise<StoreReader>;
}

/** What of the state is not in shared memory, as this thread reads it from the store: the `base` that the kernel imports. */
export class Base {
  readonly #memory: WebAssembly.Memory;
  readonly #bytes: Uint8Array;
  readonly #reader: StoreReader;
  /** By the index of the contract. */
  readonly #contracts: (ContractState | undefined)[] = [];
  readonly #readsMax: number;
  #reads = 0;
  #kernel: KernelExports | undefined;
  /** Why the store could not be read. */
  failure: unknown;

  private constructor(memory: WebAssembly.Memory, reader: StoreReader, readsMax: number) {
    this.#memory = memory;
    this.#bytes = new Uint8Array(memory.buffer);
    this.#reader = reader;
    this.#readsMax = readsMax;
  }

  /** `readsMax`: how many values may be read between two refreshes, for a thread that must not wait long for a disk. */
  static async open(
    memory: WebAssembly.Memory,
    { module, data }: StoreReaderSource,
    readsMax = Number.POSITIVE_INFINITY,
  ): Promise<Base> {
    const { openReader } = (await import(module)) as ReaderModule;
    return new Base(memory, await openReader(data), readsMax);
  }

  attach(kernel: KernelExports): void {
    this.#kernel = kernel;
  }

  /** Before a block: see what has been committed to the store. */
  refresh(): void {
    this.failure = undefined;
    this.#reads = 0;
    this.#reader.refresh();
  }

  async close(): Promise<void> {
    await this.#reader.close?.();
  }

  readonly read: ReadBase = (contract, key, length, to) => {
    if (this.#reads++ === this.#readsMax) return FAILED;
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
    }
  };

  /** One that the store does not know of yet is asked for again: it has been deployed, and is not committed. */
  #open(contract: number): ContractState | undefined {
    const state = this.#reader.contract(contractAddress(this.#kernel as KernelExports, this.#memory, contract));
    this.#contracts[contract] = state;
    return state;
  }
}
