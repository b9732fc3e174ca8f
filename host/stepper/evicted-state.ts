import type { ReadBase } from '../engine/kernel.js';
import type { WriteSetEntry } from '../runtime/types.js';

/** What has left memory, by contract and key: the `base` of kernels whose state is not all in memory. */
export class EvictedState {
  readonly #memory: WebAssembly.Memory;
  readonly #values = new Map<string, Uint8Array>();
  readonly #meanwhile: () => void;
  /** Values that were read from here. */
  reads = 0;

  /** `meanwhile`: called within each read, when another worker may look the same key up. */
  constructor(memory: WebAssembly.Memory, meanwhile: () => void) {
    this.#memory = memory;
    this.#meanwhile = meanwhile;
  }

  /** What blocks have written on `contract` is here from now on. */
  add(contract: number, written: readonly WriteSetEntry[]): void {
    for (const { key, value } of written) {
      const name = `${contract} ${Buffer.from(key).toString('hex')}`;
      if (value === undefined) this.#values.delete(name);
      else this.#values.set(name, value);
    }
  }

  readonly read: ReadBase = (contract, key, length, to) => {
    const bytes = new Uint8Array(this.#memory.buffer);
    this.#meanwhile();
    const value = this.#values.get(`${contract} ${Buffer.from(bytes.slice(key, key + length)).toString('hex')}`);
    if (value === undefined) return -1;
    this.reads++;
    // What is past the value is whatever was there.
    bytes.fill(0xa5, to, to + value.length + 8);
    bytes.set(value, to);
    return value.length;
  };
}
