import { readFileSync } from 'node:fs';
import { policyWords } from '../../host/engine/policy.js';
import { withoutTraces } from '../../host/engine/without-traces.js';
import { type Policy, resolvePolicy, type Transaction } from '../../host/index.js';
import { VirtualMachine } from '../../host/stepper/virtual-machine.js';
import type { VirtualWorker } from '../../host/stepper/virtual-worker.js';
import { builtContractPath } from '../package.js';
import { RandomStream } from '../random.js';
import { median } from '../statistics.js';
import { tokenCalls } from './token-calls.js';

/** A step of the kernel that a worker asked for, and what was done in it. */
export interface TimedStep {
  readonly nanos: number;
  /** It completed a call. */
  readonly completes: boolean;
  /** That call was speculative: it published what it had written and read. */
  readonly publishes: boolean;
  /** It claimed a run of calls. */
  readonly claims: boolean;
  readonly validations: number;
  readonly aborts: number;
}

export interface StepTimes {
  readonly steps: readonly TimedStep[];
  /** To leave a call by a trap and to tell the kernel of it, in nanoseconds each. */
  readonly unwinds: readonly number[];
  /** To look for work in vain. */
  readonly polls: readonly number[];
}

const LIMITS = { memoryMiB: 256, locations: 65_536, transactions: 65_536, gas: 100_000_000 };
const WORKERS = 2;
/** A clock is read no finer than this many of the same steps together take. */
const POLLS = 64;
/** Transfers that all conflict with the next ones. */
const CONTENDED = 3;
const NANOS = 1e6;

/**
 * The shipped kernel under two virtual workers on this thread, who take their steps in a random order; each step is timed. What lines take that move between cores is not in it.
 * @param blocks of each kind: transfers of which few conflict, transfers that all do, and such ones claimed one by one, which wait for one another. @param calls in a block, at most 10,000.
 */
export async function timeSteps(blocks: number, calls: number, seed: number): Promise<StepTimes> {
  const wasm = new Uint8Array(readFileSync(builtContractPath('token')));
  const { mints, transfers } = await tokenCalls(wasm);
  const machine = await VirtualMachine.create({
    codes: [wasm],
    workers: WORKERS,
    limits: LIMITS,
    parallelism: WORKERS,
  });
  const timer = new StepTimer(machine, machine.add(), new RandomStream(seed, 'steps'));
  await timer.run(mints, {});
  const few = transfers.slice(0, calls);
  const contended = few.map((_, index) => transfers[index % CONTENDED] as Transaction);
  // The first block of each is when V8 compiles.
  for (let block = 0; block <= blocks; block++) {
    if (block === 1) timer.forget();
    await timer.run(few, {});
    await timer.run(contended, {});
    await timer.run(contended, { grain: 1 });
  }
  return timer.times;
}

class StepTimer {
  times: { steps: TimedStep[]; unwinds: number[]; polls: number[] } = { steps: [], unwinds: [], polls: [] };
  readonly #machine: VirtualMachine;
  readonly #contract: number;
  readonly #random: RandomStream;
  /** What reading the clock twice takes. */
  readonly #clock: number;

  constructor(machine: VirtualMachine, contract: number, random: RandomStream) {
    this.#machine = machine;
    this.#contract = contract;
    this.#random = random;
    this.#clock = median(Array.from({ length: 10_000 }, () => this.#timed(() => {}, 0)));
  }

  forget(): void {
    this.times = { steps: [], unwinds: [], polls: [] };
  }

  async run(transactions: readonly Transaction[], policy: Partial<Policy>): Promise<void> {
    const { workers, host } = this.#machine;
    await this.#machine.begin(transactions, {
      contract: this.#contract,
      policy: policyWords(resolvePolicy(policy), host.exports),
      participants: WORKERS,
      mode: 'block-stm',
    });
    for (const worker of workers) worker.enter();
    // As in a worker.
    withoutTraces(() => {
      while (workers.some(({ isDone }) => !isDone)) {
        const worker = workers[this.#random.below(WORKERS)] as VirtualWorker;
        if (worker.isDone) continue;
        if (worker.entry === undefined) this.#ask(worker, false);
        else this.#call(worker);
      }
    });
    await this.#machine.leave(WORKERS);
  }

  #timed(step: () => void, clock = this.#clock): number {
    const start = performance.now();
    step();
    return (performance.now() - start) * NANOS - clock;
  }

  #call(worker: VirtualWorker): void {
    const wasFinal = worker.kernel.exports.isExecutingFinal.value !== 0;
    const called = this.#timed(() => worker.call());
    if (worker.trap === undefined) this.#ask(worker, true, !wasFinal);
    else this.times.unwinds.push(called + this.#timed(() => worker.unwind()));
  }

  #ask(worker: VirtualWorker, completes: boolean, publishes = false): void {
    const kernel = worker.kernel.exports;
    const { AT_EXECUTION, IDLE } = kernel;
    const [validations, aborts, cursor] = [
      kernel.validations.value,
      kernel.aborts.value,
      this.#machine.word(AT_EXECUTION.value),
    ];
    let entry = 0;
    const nanos = this.#timed(() => {
      entry = kernel.next();
    });
    worker.take(entry);
    const step = {
      nanos,
      completes,
      publishes,
      claims: this.#machine.word(AT_EXECUTION.value) !== cursor,
      validations: kernel.validations.value - validations,
      aborts: kernel.aborts.value - aborts,
    };
    this.times.steps.push(step);
    if (entry === IDLE.value) this.#poll(kernel.next);
  }

  /** Nobody else moves, so that it stays in vain. */
  #poll(next: () => number): void {
    const nanos = this.#timed(() => {
      for (let poll = 0; poll < POLLS; poll++) next();
    });
    this.times.polls.push(nanos / POLLS);
  }
}
