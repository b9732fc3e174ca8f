import { Instances } from './instances.js';
import type { Kernel } from './kernel.js';
import type { Code } from './protocol.js';
import { type FailedCalls, FRAMES_MAX } from './traces.js';
import { learnTraps, trapNumber } from './traps.js';

/** Gas that a call may use on the host thread: about 0.1 ms, in which the event loop stands still. */
export const HOST_GAS = 1_000_000;
/** Values that it may read from the store there: each may be a read of the disk. */
export const HOST_READS = 64;
/**
 * Stack that it may count there. The host's own stack is about 1 MiB, and a frame may take 64 times of what it counts (stack.ts).
 */
const HOST_STACK_BYTES = 8192;

/** Runs a short call on the host thread: waking a worker takes longer than most views. */
export class HostCaller {
  readonly #kernel: Kernel;
  readonly #instances: Instances;
  readonly #traps = learnTraps();
  readonly #done: number;
  readonly #failedCalls: FailedCalls | undefined;

  /** `failedCalls`: where it is kept where calls failed, if it is. */
  constructor(kernel: Kernel, failedCalls?: FailedCalls) {
    this.#kernel = kernel;
    this.#failedCalls = failedCalls;
    this.#instances = new Instances(kernel);
    this.#done = kernel.exports.DONE.value;
  }

  /** Throws what WebAssembly throws. */
  install(code: Code): void {
    this.#instances.install(code);
  }

  /**
   * Execute the one call of the block that is set up. False where it has not come to an end of its own here, whether it would on a worker's larger stack or not: then the block must be taken
   * back.
   */
  run(): boolean {
    const { exports } = this.#kernel;
    exports.enter();
    const isOver = this.#failedCalls === undefined ? this.#runCall() : this.#runTraced(this.#failedCalls);
    exports.arrive();
    exports.commit();
    exports.depart();
    return isOver;
  }

  /** How many frames V8 notes is the program's to say: it is put back. */
  #runTraced(failedCalls: FailedCalls): boolean {
    const { stackTraceLimit } = Error;
    failedCalls.enter();
    Error.stackTraceLimit = FRAMES_MAX;
    try {
      return this.#runCall();
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }

  #runCall(): boolean {
    const { next, unwound, stackLeft } = this.#kernel.exports;
    const { methods, grown } = this.#instances;
    try {
      const entry = next();
      if (entry === this.#done) return true;
      stackLeft.value = HOST_STACK_BYTES;
      try {
        (methods[entry] as () => void)();
      } catch (error) {
        const trap = trapNumber(this.#traps, error);
        this.#failedCalls?.keep(error);
        if (trap === undefined || stackLeft.value < 0) return false;
        unwound(trap);
      }
      if (grown.length > 0) this.#instances.renew();
      return next() === this.#done;
    } catch {
      // The kernel has faulted the block, or the machine has refused memory.
      return false;
    }
  }
}
