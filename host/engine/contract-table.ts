import type { KernelExports } from './kernel.js';

const ADDRESS_BYTES = 32;
const FIRST_CAPACITY = 2048;

/** The addresses of contracts in shared memory, by index: what `self` and the store's readers read. Written between blocks. */
export class ContractTable {
  readonly #kernel: KernelExports;
  readonly #memory: WebAssembly.Memory;
  #count = 0;
  #capacity = 0;

  constructor(kernel: KernelExports, memory: WebAssembly.Memory) {
    this.#kernel = kernel;
    this.#memory = memory;
  }

  /** Add an address. Returns its index. Throws a trap of the kernel where the memory is full. */
  add(address: Uint8Array): number {
    if (this.#count === this.#capacity) this.#place(Math.max(FIRST_CAPACITY, this.#capacity * 2), this.#copy());
    new Uint8Array(this.#memory.buffer).set(address, this.#at + this.#count * ADDRESS_BYTES);
    return this.#count++;
  }

  /** Have `evict` void all memory that outlives blocks, and put the table where it then finds room. */
  outlive(evict: () => void): void {
    const addresses = this.#copy();
    evict();
    if (this.#capacity > 0) this.#place(this.#capacity, addresses);
  }

  #place(capacity: number, addresses: Uint8Array): void {
    const table = this.#kernel.takePersistentChunks(capacity * ADDRESS_BYTES) >>> 0;
    new Uint8Array(this.#memory.buffer).set(addresses, table);
    new DataView(this.#memory.buffer).setUint32(this.#kernel.AT_ADDRESSES.value, table, true);
    this.#capacity = capacity;
  }

  get #at(): number {
    return new DataView(this.#memory.buffer).getUint32(this.#kernel.AT_ADDRESSES.value, true);
  }

  #copy(): Uint8Array {
    return new Uint8Array(this.#memory.buffer, this.#at, this.#count * ADDRESS_BYTES).slice();
  }
}
