import { setImmediate } from 'node:timers/promises';
import type { ContractTable } from './contract-table.js';
import type { KernelExports } from './kernel.js';

/** Locations worked on before the event loop gets a turn: some milliseconds. */
const IDS_PER_TURN = 65_536;

/**
 * What the kernel's table of locations needs between blocks. It is done by the host, whom nobody can stop in the middle as a
 * worker can be: a table half made would be a state half lost.
 */
export class IndexKeeper {
  readonly #kernel: KernelExports;

  constructor(kernel: KernelExports) {
    this.#kernel = kernel;
  }

  /** Take away what a worker that was stopped left between filling in a location and entering it. */
  async dropOrphans(): Promise<void> {
    for (let from = 0; this.#kernel.dropOrphans(from, from + IDS_PER_TURN) !== 0; from += IDS_PER_TURN)
      await setImmediate();
  }

  /** Make the index larger. */
  async grow(): Promise<void> {
    await this.dropOrphans();
    this.#kernel.beginIndex(1);
    for (let from = 0; this.#kernel.enterIndexed(from, from + IDS_PER_TURN) !== 0; from += IDS_PER_TURN)
      await setImmediate();
  }

  /** Forget locations without a value, of which `used` are in use with the others. */
  async sweep(used: number): Promise<void> {
    await this.dropOrphans();
    this.#kernel.beginIndex(0);
    let kept = 0;
    for (let from = 0; from < used; from += IDS_PER_TURN) {
      kept = this.#kernel.sweepLocations(from, from + IDS_PER_TURN, kept);
      await setImmediate();
    }
    this.#kernel.endSweep(kept);
  }

  /** Have every location leave memory, but for `contracts`. */
  async evict(contracts: ContractTable): Promise<void> {
    for (let from = 0; this.#kernel.evictLocations(from, from + IDS_PER_TURN) !== 0; from += IDS_PER_TURN)
      await setImmediate();
    contracts.outlive(() => this.#kernel.endEviction());
  }
}
