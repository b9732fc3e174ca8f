import { setImmediate } from 'node:timers/promises';
import type { KernelExports } from './kernel.js';
import { LogSnapshot, ownMemory } from './snapshot.js';
import { locationsIn, readTape, type TapeContent } from './tape-reader.js';

/** Why an incarnation was for nothing: assembly/kernel/tape.ts. */
export type TapedCause = 'validation' | 'estimate' | 'cascade';

/** What the verdicts on the bounds of a counter come to: on any value from `least` to `most` the call goes as it went. */
export interface TapedVerdicts {
  /** The value that they were given on: of the committed incarnation, the value before the block where the block did not change it. */
  readonly guess: bigint;
  readonly least: bigint;
  readonly most: bigint;
  /** Modulo 2^64. */
  readonly added: bigint;
}

/** What an incarnation did with a location. */
export interface TapedAccess {
  /** The location's number. */
  readonly location: number;
  readonly isRead: boolean;
  readonly isWritten: boolean;
  /** Added to without being read. */
  readonly isAdded: boolean;
  /** Of what was counted on, without being read. */
  readonly verdicts: TapedVerdicts | undefined;
  /** TxIndex of the call whose write it read; undefined: the state before the block, or nothing was read. Sequentially it is not known. */
  readonly writer: number | undefined;
}

/** What a worker wrote down. Times are in microseconds of a clock that all workers share. */
export type TapeEvent =
  | {
      readonly kind: 'execution';
      readonly index: number;
      readonly incarnation: number;
      /** `unwound`: it met an ESTIMATE. */
      readonly outcome: 'final' | 'speculative' | 'unwound';
      readonly begin: number;
      readonly end: number;
      readonly gas: number;
      readonly accesses: readonly TapedAccess[];
    }
  | {
      readonly kind: 'abort';
      readonly index: number;
      readonly incarnation: number;
      readonly cause: TapedCause;
      readonly location: number;
      /** It failed for a bound: the value that it was added to was another. */
      readonly isBound: boolean;
      /** TxIndex of the call that made it fail; undefined where that is not known. */
      readonly writer: number | undefined;
      readonly begin: number;
      readonly end: number;
    }
  | { readonly kind: 'resumed'; readonly index: number; readonly begin: number; readonly end: number }
  | {
      readonly kind: 'validation';
      readonly index: number;
      readonly incarnation: number;
      readonly begin: number;
      readonly end: number;
    }
  /** Calls from `index` on, and below `to`, are committed at the end of it. */
  | {
      readonly kind: 'commit';
      readonly index: number;
      readonly to: number;
      readonly begin: number;
      readonly end: number;
    }
  | { readonly kind: 'idle'; readonly begin: number; readonly end: number };

/** What one worker wrote down, in its order. */
export interface TapeLane {
  readonly worker: number;
  readonly begin: number;
  readonly end: number;
  readonly events: readonly TapeEvent[];
}

/** Where a value is kept. */
export interface LocationKey {
  /** The contract's index. */
  readonly contract: number;
  readonly key: Uint8Array;
}

/** What the workers wrote down of a block, copied. The keys of locations are looked up where they are, as long as they are there. */
export class Tape {
  readonly #kernel: KernelExports;
  readonly #log: LogSnapshot;
  /** Undefined when all keys have been copied. */
  #memory: WebAssembly.Memory | undefined;
  readonly #keys = new Map<number, LocationKey>();
  #content: TapeContent | undefined;

  private constructor(kernel: KernelExports, memory: WebAssembly.Memory, log: LogSnapshot) {
    this.#kernel = kernel;
    this.#memory = memory;
    this.#log = log;
  }

  /** What the first `workers` workers have written. */
  static async copy(kernel: KernelExports, memory: WebAssembly.Memory, workers: number): Promise<Tape> {
    const log = await LogSnapshot.copy(kernel, memory, workers, kernel.WORKER_TAPE.value, ownMemory);
    return new Tape(kernel, memory, log);
  }

  /** Of each worker that took part. Decoded when first asked for. */
  get lanes(): readonly TapeLane[] {
    return this.#read().lanes;
  }

  /** What a counter that the block has changed was before it; undefined where it was none. Of others nothing is known. */
  get before(): ReadonlyMap<number, bigint | undefined> {
    return this.#read().before;
  }

  #read(): TapeContent {
    this.#content ??= readTape(this.#log, this.#kernel);
    return this.#content;
  }

  /** Where location number `location` is. */
  keyOf(location: number): LocationKey {
    const known = this.#keys.get(location);
    if (known !== undefined) return known;
    if (this.#memory === undefined) throw new RangeError(`the tape has no location ${location}`);
    const { locationsBase, LOCATION_SIZE, keyBytes, keyLength, locationContract } = this.#kernel;
    const address = (locationsBase.value >>> 0) + location * LOCATION_SIZE.value;
    const key = new Uint8Array(this.#memory.buffer, keyBytes(address) >>> 0, keyLength(address)).slice();
    const found = { contract: locationContract(address), key };
    this.#keys.set(location, found);
    return found;
  }

  /** Copy the keys of all locations that it names: they are about to be elsewhere. The event loop gets its turns. */
  async capture(): Promise<void> {
    if (this.#memory === undefined) return;
    for (const locations of locationsIn(this.#log, this.#kernel)) {
      for (const location of locations) this.keyOf(location);
      await setImmediate();
    }
    this.#memory = undefined;
  }
}
