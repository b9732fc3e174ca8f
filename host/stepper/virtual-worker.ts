import { Instances } from '../engine/instances.js';
import type { Kernel } from '../engine/kernel.js';
import type { Code } from '../engine/protocol.js';
import { learnTraps, trapNumber } from '../engine/traps.js';

/**
 * A worker without a thread: an instance of the kernel over the memory that all share, and instances of the contracts' code. It does what the driver
 * of a worker thread does (../engine/worker.ts), a step at a time; who takes the next one is for whoever drives it to say.
 */
export class VirtualWorker {
  readonly kernel: Kernel;
  readonly instances: Instances;
  /** The method to call next, if the kernel has given one out. */
  entry: number | undefined;
  /** The trap that ended the call, if the kernel has not been told yet: others may step in between. */
  trap: number | undefined;
  isDone = true;
  /** It found nothing to do and sleeps while the wake word is this. */
  ticket: number | undefined;
  /** It is in the middle of a step: at a probe, while others step. */
  isInside = false;
  /** Calls since the block began that were ended because their gas was spent. */
  gasSpent = 0;

  constructor(kernel: Kernel, codes: readonly Code[]) {
    this.kernel = kernel;
    this.instances = new Instances(kernel);
    for (const code of codes) this.instances.install(code);
  }

  /** Begin with the block that is set up, or go on with it. */
  enter(): void {
    this.kernel.exports.enter();
    this.entry = undefined;
    this.trap = undefined;
    this.ticket = undefined;
    this.isDone = false;
  }

  /** Whether it could step: it has something to do, or may find something. */
  isAble(wakeWord: number): boolean {
    return !this.isDone && !this.isInside && (this.ticket === undefined || this.ticket !== wakeWord);
  }

  /** Take one step. `parks`: asked where there is nothing to do, whether it sleeps already. */
  step(parks: () => boolean): void {
    if (this.trap !== undefined) this.unwind();
    else if (this.entry === undefined) this.#ask(parks);
    else this.call();
  }

  /** Whoever finds nothing to do counts himself, looks once more, and sleeps until there is work. */
  #ask(parks: () => boolean): void {
    const { next, park, unpark, IDLE } = this.kernel.exports;
    const slept = this.ticket !== undefined;
    let entry = next();
    if (slept) unpark();
    this.ticket = undefined;
    if (entry === IDLE.value && parks()) {
      const ticket = park();
      entry = next();
      if (entry === IDLE.value) this.ticket = ticket;
      else unpark();
    }
    this.take(entry);
  }

  /** What the kernel's `next` has given out. */
  take(entry: number): void {
    this.isDone = entry === this.kernel.exports.DONE.value;
    this.entry = entry >= 0 ? entry : undefined;
  }

  /** Run the method that was given out, to its end or to a trap. Throws what is no trap. */
  call(): void {
    this.trap = undefined;
    try {
      (this.instances.methods[this.entry as number] as () => void)();
    } catch (error) {
      this.trap = trapNumber(learnTraps(), error);
      if (this.trap === undefined) throw error;
      if (this.kernel.exports.gas.value < 0n) this.gasSpent++;
    }
    if (this.instances.isRenewalDue) this.instances.renew();
    this.entry = undefined;
  }

  /** Tell the kernel of the trap. */
  unwind(): void {
    this.kernel.exports.unwound(this.trap as number);
    this.trap = undefined;
  }
}
