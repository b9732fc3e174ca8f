import { AbortError, WorkerError } from '../runtime/errors.js';
import { faultError } from './faults.js';
import type { KernelExports } from './kernel.js';
import type { WorkerPool } from './pool.js';
import type { Room } from './room.js';

/** A call that runs on when its block is cancelled is given so long; then its worker is ended. */
const CANCEL_PATIENCE_MS = 8;

/** A block that is set up. */
interface Attempt {
  /** Workers that take part. */
  readonly participants: number;
  readonly isSpeculative: boolean;
}

/** Executes what is set up on the workers, again where that helps, and takes back what did not come to its end. */
export class Attempts {
  readonly #kernel: KernelExports;
  readonly #memory: WebAssembly.Memory;
  readonly #pool: WorkerPool;
  readonly #room: Room;
  readonly #retries: number;

  /** `retries`: how often a block is executed again after a worker has died. */
  constructor(kernel: KernelExports, memory: WebAssembly.Memory, pool: WorkerPool, room: Room, retries: number) {
    this.#kernel = kernel;
    this.#memory = memory;
    this.#pool = pool;
    this.#room = room;
    this.#retries = retries;
  }

  /**
   * Execute what `begin` sets up until it is done, whatever must be set up anew for it: on fresh workers, with a larger index, after a cleaning, sequentially.
   * `begin` is told whether a limit was met, which is met sequentially or not at all.
   * @returns where the block went on sequentially, 0 if it did not.
   */
  async complete(signal: AbortSignal | undefined, begin: (hasMetLimit: boolean) => Attempt): Promise<number> {
    let retries = this.#retries;
    let isClean = false;
    let hasMetLimit = false;
    for (;;) {
      const { participants, isSpeculative } = begin(hasMetLimit);
      hasMetLimit = false;
      try {
        const fault = await this.#attempt(participants, signal);
        if (typeof fault !== 'number') {
          this.#room.look();
          return fault.sequentialFrom;
        }
        signal?.throwIfAborted();
        const { FAULT_INDEX, FAULT_INVARIANT, FAULT_STORE } = this.#kernel;
        const isLimit = fault !== FAULT_INVARIANT.value && fault !== FAULT_STORE.value;
        if (fault === FAULT_INDEX.value) await this.#room.growIndex();
        else if (isLimit && (isSpeculative || (this.#room.isBacked && !isClean))) {
          // A limit that perhaps only an incarnation met which read what never was; or what is in memory is not all of this block's.
          await this.#room.clean();
          if (isClean || !this.#room.isBacked) hasMetLimit = true;
          isClean = true;
        } else {
          this.#room.isCleaningDue = true;
          throw await faultError(this.#kernel, fault, this.#room.limits, () => this.#pool.failures());
        }
      } catch (error) {
        if (signal?.aborted) throw new AbortError('execute: the block was cancelled', { cause: signal.reason });
        if (!(error instanceof WorkerError) || this.#pool.isClosed || retries-- === 0) throw error;
        await this.#pool.start();
      }
    }
  }

  /**
   * Execute what is set up. Resolves to where it went on sequentially, 0 if it did not; or, if it was taken back, to the kernel's fault.
   * @throws WorkerError, and then it was taken back, too.
   */
  async #attempt(
    participants: number,
    signal: AbortSignal | undefined,
  ): Promise<number | { readonly sequentialFrom: number }> {
    const exports = this.#kernel;
    const cancellation = signal === undefined ? undefined : this.#cancelOn(signal);
    let sequentialFrom = 0;
    try {
      await this.#pool.run(participants);
      if (this.#load(exports.AT_FAULT.value) === 0) sequentialFrom = exports.continueBlock();
      if (sequentialFrom > 0) await this.#pool.run(1);
    } catch (error) {
      await this.#pool.stop();
      exports.rollback();
      await this.#room.dropOrphans();
      throw error;
    } finally {
      cancellation?.[Symbol.dispose]();
    }
    const fault = this.#load(exports.AT_FAULT.value);
    if (fault === 0) return { sequentialFrom };
    exports.rollback();
    return fault;
  }

  /** Have the workers leave their block on `signal`; end them, if they do not. */
  #cancelOn(signal: AbortSignal): Disposable {
    let timer: NodeJS.Timeout | undefined;
    const cancel = (): void => {
      this.#kernel.setFault(this.#kernel.FAULT_INVARIANT.value);
      timer = setTimeout(() => void this.#pool.stop(), CANCEL_PATIENCE_MS);
    };
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel);
    return {
      [Symbol.dispose]: () => {
        signal.removeEventListener('abort', cancel);
        clearTimeout(timer);
      },
    };
  }

  #load(address: number): number {
    return Atomics.load(new Uint32Array(this.#memory.buffer), address >>> 2);
  }
}
