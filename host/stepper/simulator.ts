import type { KernelExports } from '../engine/kernel.js';
import { withoutTraces } from '../engine/without-traces.js';
import { Cores } from './cores.js';
import type { Costs } from './costs.js';
import { Jitter } from './jitter.js';
import type { SpreadCall } from './spread-call.js';
import type { VirtualMachine } from './virtual-machine.js';
import type { VirtualWorker } from './virtual-worker.js';

/** What a worker does when its next step is due. */
const ASK = 0;
const CALL = 1;
/** It polls for work, until it sleeps. */
const SPIN = 2;
const SLEEP = 3;
const DONE = 4;

/** How long a call takes. */
export interface CallTimes {
  /** Nanoseconds for each gas, by TxIndex. */
  readonly nanosPerGas: Float64Array;
  /** Nanoseconds that the block has taken before. */
  readonly since: number;
}

export interface SimulatorOptions {
  readonly costs: Costs;
  /** Cores that the workers run on. */
  readonly cores: number;
  /** How often an idle worker polls for work before it sleeps. */
  readonly spins: number;
  /** Of what differs from step to step. */
  readonly seed: number;
}

/**
 * Drives the virtual workers of a machine under a virtual clock: each has a time of its own, and the one whose next step is due first takes it. A step of the
 * kernel happens at one moment, and its worker goes on later by what the step costs; a call takes the time that its gas takes, and its reads happen within (spread-call.ts).
 */
export class Simulator {
  readonly #machine: VirtualMachine;
  readonly #calls: readonly SpreadCall[];
  readonly #costs: Costs;
  readonly #cores: number;
  readonly #spins: number;
  readonly #words: Int32Array;
  /** Places of the words that tell an idle worker whether anything has changed. */
  readonly #watched: readonly number[];
  readonly #seen: Int32Array;
  readonly #phases: Uint8Array;
  /** What the running call takes for each gas. */
  readonly #nanos: Float64Array;
  /** When a worker that sleeps has begun to, which is when its last step was over; and when one that polls for work gives up. */
  readonly #asleepFrom: Float64Array;
  readonly #spinEnd: Float64Array;
  readonly #jitter: Jitter;
  #clock: Cores;
  #sleepers: number[] = [];
  /** When the last worker was done. */
  #end = 0;
  #isSpeculative = true;
  /** The step that a worker takes: whose it is, when it began, what it costs besides, and by which factor. */
  #stepping: KernelExports | undefined;
  #now = 0;
  #besides = 0;
  #factor = 1;
  #validations = 0;
  #aborts = 0;

  /** `calls`: of the machine's workers, which were made with them. */
  constructor(machine: VirtualMachine, calls: readonly SpreadCall[], { costs, cores, spins, seed }: SimulatorOptions) {
    this.#jitter = new Jitter(seed, costs.jitter);
    const count = machine.workers.length;
    const { AT_EXECUTION, AT_FRONTIER, AT_WAVE, AT_FAULT } = machine.host.exports;
    this.#machine = machine;
    this.#calls = calls;
    this.#costs = costs;
    this.#cores = cores;
    this.#spins = spins;
    this.#words = new Int32Array(machine.memory.buffer);
    this.#watched = [AT_EXECUTION, AT_FRONTIER, AT_WAVE].flatMap(({ value }) => [value >>> 2, (value >>> 2) + 1]);
    this.#watched = [...this.#watched, AT_FAULT.value >>> 2];
    this.#seen = new Int32Array(this.#watched.length);
    this.#phases = new Uint8Array(count);
    this.#nanos = new Float64Array(count);
    this.#asleepFrom = new Float64Array(count);
    this.#spinEnd = new Float64Array(count);
    this.#clock = new Cores(count, cores, costs.threads);
  }

  /** Microseconds of the virtual clock, for the worker that takes a step: when it began, and what it has cost so far. */
  readClock(): number {
    return (this.#now + this.#paid() * this.#factor) / 1000;
  }

  /** Nanoseconds for which workers had cores in the last run. */
  get busy(): number {
    return this.#clock.busy;
  }

  /**
   * Execute the block that is set up on the first `participants` workers, and let them leave it. Returns the nanoseconds from the host's notification until it
   * goes on. @throws CapacityError, InvariantError
   */
  async run(participants: number, { nanosPerGas, since }: CallTimes, isSpeculative: boolean): Promise<number> {
    const { start, startNext, join } = this.#costs.threads;
    this.#clock = new Cores(participants, this.#cores, this.#costs.threads);
    this.#sleepers = [];
    this.#isSpeculative = isSpeculative;
    for (let index = 0; index < participants; index++) {
      const ready = since + start + index * startNext;
      // No step: the counters of the block before are cleared within.
      this.#stepping = undefined;
      this.#now = ready;
      this.#worker(index).enter();
      this.#phases[index] = ASK;
      this.#clock.ready(index, ready);
    }
    this.#end = since;
    withoutTraces(() => {
      for (let index = this.#clock.next(); index >= 0; index = this.#clock.next()) {
        const now = this.#clock.due[index] as number;
        this.#beginStep(index, now);
        this.#step(index, now, nanosPerGas);
      }
    });
    this.#stepping = undefined;
    this.#now = this.#end;
    await this.#machine.leave(participants);
    return this.#end + join - since;
  }

  #worker(index: number): VirtualWorker {
    return this.#machine.workers[index] as VirtualWorker;
  }

  #beginStep(index: number, now: number): void {
    const kernel = this.#worker(index).kernel.exports;
    this.#stepping = kernel;
    this.#now = now;
    this.#besides = 0;
    this.#validations = kernel.validations.value;
    this.#aborts = kernel.aborts.value;
  }

  /** What the step has cost so far, by its factor. */
  #paid(): number {
    if (this.#stepping === undefined) return 0;
    const { validations, aborts } = this.#stepping;
    const { validate, abort } = this.#costs.steps;
    return this.#besides + (validations.value - this.#validations) * validate + (aborts.value - this.#aborts) * abort;
  }

  #step(index: number, now: number, nanosPerGas: Float64Array): void {
    const worker = this.#worker(index);
    if (this.#phases[index] !== CALL) {
      this.#ask(index, worker, now, nanosPerGas);
      return;
    }
    const call = this.#calls[index] as SpreadCall;
    if (!call.isEnding) {
      const { nextAt } = call;
      call.read(worker);
      this.#waitForCall(index, call, now, nextAt);
      return;
    }
    if (worker.trap === undefined) {
      this.#ask(index, worker, now, nanosPerGas);
      return;
    }
    this.#phases[index] = ASK;
    const { unwinding, UNWIND_ESTIMATE } = worker.kernel.exports;
    // Who has met an ESTIMATE leaves nothing, and has no result.
    const completing = unwinding.value === UNWIND_ESTIMATE.value ? 0 : this.#completing(worker);
    this.#costOf(index, now, this.#costs.steps.unwind + completing, () => worker.unwind());
  }

  /** What it costs that the running call has a result, and leaves versions and reads for others: the first nothing where it is executed sequentially, the second neither where it is final. */
  #completing({ kernel }: VirtualWorker): number {
    if (!this.#isSpeculative) return 0;
    const { execute, publish } = this.#costs.steps;
    return kernel.exports.isExecutingFinal.value === 0 ? execute + publish : execute;
  }

  /** At `now` the call had used `gas`; its next read, or its end, is due when it has used what it takes to there. */
  #waitForCall(index: number, call: SpreadCall, now: number, gas: number): void {
    this.#clock.due[index] = now + (call.nextAt - gas) * (this.#nanos[index] as number);
  }

  /** Have the kernel take a step at `now`, and the worker go on when it has paid for it and for `besides`. */
  #costOf(index: number, now: number, besides: number, step: () => void): void {
    const kernel = this.#worker(index).kernel.exports;
    const claims = this.#claimed();
    const wakeWord = this.#machine.wakeWord;
    this.#besides = besides;
    this.#factor = this.#jitter.factor();
    step();
    const cost = this.#paid() + (this.#claimed() === claims ? 0 : this.#costs.steps.claim);
    const at = now + cost * this.#factor;
    this.#clock.due[index] = at;
    if (this.#machine.wakeWord !== wakeWord) this.#wake(kernel, at);
    if (this.#hasChanged()) this.#tellSpinning(at);
  }

  #claimed(): number {
    return this.#words[this.#watched[0] as number] as number;
  }

  #hasChanged(): boolean {
    let changed = false;
    for (let i = 0; i < this.#watched.length; i++) {
      const word = this.#words[this.#watched[i] as number] as number;
      if (word === this.#seen[i]) continue;
      this.#seen[i] = word;
      changed = true;
    }
    return changed;
  }

  /** Those who poll for work see at `at` that something has changed. */
  #tellSpinning(at: number): void {
    const { due } = this.#clock;
    const seen = at + this.#costs.steps.poll;
    for (let index = 0; index < due.length; index++) {
      if (this.#phases[index] === SPIN && (due[index] as number) > seen) this.#clock.hasten(index, seen);
    }
  }

  /** The step of `kernel` has notified sleepers: wake as many, those first that have slept longest. */
  #wake(kernel: KernelExports, at: number): void {
    const count = kernel.notified.value;
    kernel.notified.value = 0;
    for (const index of this.#sleepers.splice(0, count)) {
      kernel.unpark();
      this.#phases[index] = ASK;
      const asleep = this.#asleepFrom[index] as number;
      const woken = at + this.#costs.threads.wake * this.#jitter.factor();
      // One that is still in its last step does not fall asleep.
      this.#clock.ready(index, asleep > at ? asleep : woken);
    }
  }

  /** The worker asks the kernel for a call to run, which also completes the one that it has run. */
  #ask(index: number, worker: VirtualWorker, now: number, nanosPerGas: Float64Array): void {
    const kernel = worker.kernel.exports;
    const { poll } = this.#costs.steps;
    const wasCalling = this.#phases[index] === CALL;
    const isGivingUp = this.#phases[index] === SPIN && now >= (this.#spinEnd[index] as number);
    const completing = wasCalling ? this.#completing(worker) : 0;
    let entry = 0;
    if (isGivingUp) kernel.park();
    this.#costOf(index, now, completing, () => {
      entry = kernel.next();
    });
    worker.take(entry);
    const at = this.#clock.due[index] as number;
    if (worker.isDone) {
      this.#phases[index] = DONE;
      this.#end = Math.max(this.#end, at);
      this.#clock.release(index, at);
    } else if (worker.entry === undefined) {
      if (isGivingUp) this.#sleep(index, at);
      else this.#spin(index, at + poll);
      return;
    } else this.#begin(index, worker, at, nanosPerGas);
    if (isGivingUp) kernel.unpark();
  }

  #sleep(index: number, at: number): void {
    this.#phases[index] = SLEEP;
    this.#asleepFrom[index] = at;
    this.#sleepers.push(index);
    this.#clock.release(index, at);
  }

  /** Poll: in vain, until something changes. */
  #spin(index: number, at: number): void {
    if (this.#phases[index] !== SPIN) this.#spinEnd[index] = at + this.#spins * this.#costs.steps.poll;
    this.#phases[index] = SPIN;
    this.#clock.idle(index, at, Math.max(at, this.#spinEnd[index] as number));
  }

  #begin(index: number, worker: VirtualWorker, at: number, nanosPerGas: Float64Array): void {
    const call = this.#calls[index] as SpreadCall;
    const { runningCall, isExecutingFinal } = worker.kernel.exports;
    this.#phases[index] = CALL;
    this.#nanos[index] = (nanosPerGas[runningCall()] as number) * this.#jitter.factor();
    call.begin(worker, this.#isSpeculative && isExecutingFinal.value === 0);
    this.#waitForCall(index, call, at, 0);
  }
}
