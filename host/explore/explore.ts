import { withoutTraces } from '../engine/without-traces.js';
import type { Policy } from '../runtime/types.js';
import { Random } from '../testing/random.js';
import { Checks } from './checks.js';
import { Contention } from './contention.js';
import { compileShipped } from './kernel.js';
import { KERNEL_BYTES } from './layout.js';
import { Machine } from './machine.js';
import { executeInOrder, type ProgramBlock } from './program.js';
import { exhaust, type Failure, runAtRandom } from './search.js';

/** Schedules drawn at random before a search, to learn where workers meet. */
const LEARNED_FROM = 2000;
/** Reserved and not touched until it is needed: states that are kept, and their hashes. */
const MEMORY_MIB = 2048;

export interface ExploreOptions {
  readonly block: ProgramBlock;
  readonly workers: number;
  /** With a number as its grain. */
  readonly policy: Policy;
  /** How many calls above the frontier may be started at first; the kernel's own where it is left out. */
  readonly lookahead?: number;
  /** Threads that the machine is said to run at once: as many as workers where it is left out. */
  readonly parallelism?: number;
  /** At random: so many schedules. Else every one. */
  readonly random?: { readonly schedules: number; readonly seed: number };
  /** Only schedules that interrupt workers at most so often. */
  readonly preemptions?: number;
  /** Stop after so many states. Default 40 million. */
  readonly maxStates?: number;
  /** Have every order be gone through, also those that differ only in what commutes. Default false. */
  readonly isUnreduced?: boolean;
  /** The test build; that of the package where it is left out. */
  readonly kernel?: WebAssembly.Module;
  readonly onProgress?: (done: number) => void;
}

export interface Exploration {
  /** What was found, if anything was; its schedule names the worker of each access. */
  readonly failure: Failure | undefined;
  /** Every schedule has been gone through, within the bound. */
  readonly isExhausted: boolean;
  /** Schedules: those that were run, at random; all that are covered, where each state is gone through once; undefined where that was stopped before its end. */
  readonly schedules: number | undefined;
  readonly states: number;
  readonly steps: number;
  readonly ends: number;
  readonly longest: number;
  /** Words that workers conflict on. */
  readonly words: number;
  /** Searches that were made until nothing contradicted what they supposed. */
  readonly passes: number;
}

const MAX_STATES = 40_000_000;

/** Have virtual workers execute a block in many orders of their accesses to shared memory, and look at each step whether it went as it must. */
export async function explore(options: ExploreOptions): Promise<Exploration> {
  const module = options.kernel ?? (await compileShipped());
  return withoutTraces(() =>
    options.random === undefined ? exhaustAll(module, options) : sample(module, options, options.random),
  );
}

/** One schedule, and what did not hold in it, if anything. */
export interface Drawn {
  readonly message: string | undefined;
  /** The worker of each access. */
  readonly schedule: readonly number[];
}

/** One schedule at random: the first one of its seed. */
export async function drawSchedule(options: ExploreOptions, seed: number): Promise<Drawn> {
  const module = options.kernel ?? (await compileShipped());
  const machine = machineOf(module, options, everywhere(), 1);
  const { failure } = withoutTraces(() =>
    runAtRandom(machine, new Checks(machine, executeInOrder(options.block)), new Random(seed)),
  );
  return { message: failure?.message, schedule: [...machine.trail] };
}

/** A machine that is at the beginning of the block. */
export function machineOf(
  module: WebAssembly.Module,
  options: ExploreOptions,
  contention: Contention,
  megabytes = MEMORY_MIB,
): Machine {
  const { block, workers, policy, lookahead, parallelism = workers } = options;
  // Who was interrupted counts where that is bounded.
  const isAlike = options.preemptions === undefined;
  return Machine.create(module, block, { workers, policy, lookahead, parallelism, contention, isAlike }, megabytes);
}

/** Every access is a step: what a schedule that is told or kept is in terms of. */
export function everywhere(): Contention {
  return new Contention(KERNEL_BYTES, true);
}

function sample(
  module: WebAssembly.Module,
  options: ExploreOptions,
  random: { schedules: number; seed: number },
  contention = everywhere(),
): Exploration {
  const machine = machineOf(module, options, contention, 16);
  const checks = new Checks(machine, executeInOrder(options.block));
  const draw = new Random(random.seed);
  machine.exports.keepState(machine.freeFrom);
  const none = checks.keep();
  let [steps, longest, done] = [0, 0, 0];
  let failure: Failure | undefined;
  for (; done < random.schedules && failure === undefined; done++) {
    if (done > 0) {
      machine.exports.putBack(machine.freeFrom);
      machine.forget();
      checks.putBack(none);
    }
    const run = runAtRandom(machine, checks, draw);
    steps += run.steps;
    longest = Math.max(longest, run.steps);
    failure = run.failure;
    if (done % 1000 === 999) options.onProgress?.(done + 1);
  }
  return {
    failure,
    isExhausted: false,
    schedules: done,
    states: 0,
    steps,
    ends: done,
    longest,
    words: contention.words,
    passes: 1,
  };
}

function exhaustAll(module: WebAssembly.Module, options: ExploreOptions): Exploration {
  const known = everywhere();
  const first = sample(module, options, { schedules: LEARNED_FROM, seed: 1 }, known);
  return first.failure !== undefined ? first : exhaustFrom(module, options, known);
}

/** Every schedule, beginning with what is known of where workers meet. */
export function exhaustFrom(module: WebAssembly.Module, options: ExploreOptions, from: Contention): Exploration {
  let known = from;
  const { preemptions, isUnreduced = false, workers } = options;
  const isReduced = preemptions === undefined && !isUnreduced;
  // Two of the workers are soon gone through, and meet nearly everywhere that all do.
  let stepping = isReduced ? Math.min(workers, 2) : workers;
  for (let passes = 1; ; passes++) {
    const contention = new Contention(KERNEL_BYTES, false, known);
    const machine = machineOf(module, options, contention);
    const checks = new Checks(machine, executeInOrder(options.block));
    const bound = { preemptions, states: options.maxStates ?? MAX_STATES, isReduced, stepping };
    const searched = exhaust(machine, checks, bound, options.onProgress);
    const isAll = stepping === workers;
    if (searched.failure !== undefined || (isAll && !contention.isRefuted))
      return { ...searched, words: contention.words, passes };
    if (!contention.isRefuted) stepping = workers;
    known = contention;
  }
}
