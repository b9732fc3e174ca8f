import type { Limits } from '../runtime/types.js';
import type { StoreReaderSource } from '../store/store.js';
import { ContractTable } from './contract-table.js';
import { Directory, type ReachableContracts } from './directory.js';
import { memoryExhausted } from './faults.js';
import { IndexKeeper } from './index-keeper.js';
import type { KernelExports } from './kernel.js';
import type { Code } from './protocol.js';
import type { Tape } from './tape.js';

/** Where the state is that is not in memory. */
export interface StateBacking {
  readonly reader: StoreReaderSource;
  /** Resolves when the store shows every block that was committed in memory; to false where memory holds what the store never will. */
  settled(): Promise<boolean>;
}

/** From so many on those that nobody has any more are looked for. */
const TAPES_LOOKED_AT = 64;

/** Room in the shared memory for locations and what they hold: whether it runs out, and making some. Between blocks, or between two attempts at one. */
export class Room {
  readonly #contracts: ContractTable;
  readonly #directory: Directory;
  readonly #kernel: KernelExports;
  readonly #memory: WebAssembly.Memory;
  readonly #limits: Limits;
  readonly #backing: StateBacking | undefined;
  readonly #index: IndexKeeper;
  /** Tapes whose locations are still looked up in memory. */
  #tapes: WeakRef<Tape>[] = [];
  /** Whether a next block may meet a limit that less in memory would keep it from. */
  isCleaningDue = false;
  /** How often all of the state has left memory. */
  evictions = 0;

  constructor(kernel: KernelExports, memory: WebAssembly.Memory, limits: Limits, backing: StateBacking | undefined) {
    this.#contracts = new ContractTable(kernel, memory);
    this.#directory = new Directory(kernel, memory);
    this.#kernel = kernel;
    this.#memory = memory;
    this.#limits = limits;
    this.#backing = backing;
    this.#index = new IndexKeeper(kernel);
  }

  /** Not all of the state need be in memory. */
  get isBacked(): boolean {
    return this.#backing !== undefined;
  }

  get limits(): Limits {
    return this.#limits;
  }

  /** Add a contract's address to the table that `self` reads from. Returns its index. @throws CapacityError */
  addContract(address: Uint8Array): number {
    return this.#orExhausted(() => this.#contracts.add(address));
  }

  /** Have contracts call the methods of a code that every worker has installed. @throws CapacityError */
  addCode(code: Code): void {
    this.#orExhausted(() => this.#directory.addCode(code));
  }

  /** Have the calls of the next block reach these contracts, and no others. @throws CapacityError */
  show(contracts: ReachableContracts): void {
    this.#orExhausted(() => this.#directory.show(contracts));
  }

  #orExhausted<Result>(place: () => Result): Result {
    try {
      return place();
    } catch (cause) {
      throw memoryExhausted(this.#limits, { cause });
    }
  }

  /** A block is done: see how much it has left. */
  look(): void {
    this.isCleaningDue = this.#isNearlyFull();
  }

  /** Of locations; where there is a store, of memory too. */
  #isNearlyFull(): boolean {
    const { AT_LOCATIONS_USED, AT_POOL_FREE, poolBase, poolEnd } = this.#kernel;
    const { locations } = this.#limits;
    if (this.#load(AT_LOCATIONS_USED.value) > locations - (locations >>> 3)) return true;
    const pool = (poolEnd.value >>> 0) - (poolBase.value >>> 0);
    return this.isBacked && this.#load(AT_POOL_FREE.value) - (poolBase.value >>> 0) > pool / 2;
  }

  /** Make the index of locations larger. */
  async growIndex(): Promise<void> {
    await this.#index.grow();
  }

  /** Take away what workers that were stopped had begun to make. */
  async dropOrphans(): Promise<void> {
    await this.#index.dropOrphans();
  }

  /** Have what `tape` names be known when it is no longer where it was. */
  outlive(tape: Tape): void {
    if (this.#tapes.length >= TAPES_LOOKED_AT) this.#tapes = this.#tapes.filter((each) => each.deref() !== undefined);
    this.#tapes.push(new WeakRef(tape));
  }

  /** Locations are about to move, or memory to be let go. */
  async captureTapes(): Promise<void> {
    const tapes = this.#tapes;
    this.#tapes = [];
    for (const tape of tapes) await tape.deref()?.capture();
  }

  /** Have all of the state leave memory: the store has it. @throws CapacityError */
  async evict(): Promise<void> {
    await this.captureTapes();
    await this.#index.evict(this.#contracts);
    this.#orExhausted(() => this.#directory.placeAgain());
    this.evictions++;
    this.isCleaningDue = false;
  }

  /** Forget what need not be in memory: absent values; or, where there is a store, everything. */
  async clean(): Promise<void> {
    if (this.#backing !== undefined) {
      if (await this.#backing.settled()) await this.evict();
      return;
    }
    await this.captureTapes();
    await this.#index.sweep(this.#load(this.#kernel.AT_LOCATIONS_USED.value));
    this.isCleaningDue = false;
  }

  #load(address: number): number {
    return Atomics.load(new Uint32Array(this.#memory.buffer), address >>> 2);
  }
}
