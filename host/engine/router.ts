import type { Decision } from '../runtime/types.js';

/** How a block is really executed. */
export type Mode = Decision['mode'];

/** What a block of calls took. */
export interface Measurement {
  readonly mode: Mode;
  readonly calls: number;
  readonly gas: number;
  readonly ms: number;
}

/** Below this much sequential work two threads cost more than they give: waking them takes some 50 µs. */
const SMALL_MS = 0.15;
/** Blocks of a mode that its speed is the median of. */
const REMEMBERED = 5;
/**
 * Blocks of a trial, of which the best one counts: the first ones ran before V8 had compiled everything, and the first after a change of mode finds the state in
 * the wrong core's cache.
 */
const TRIAL = 3;
/** Blocks after which the mode that seems slower is tried again: blocks change. So many more after each trial that changed nothing, up to the most. */
const TRIAL_AFTER = 16;
const TRIAL_AFTER_MOST = 48;
/** A trial ends early where its block is so many times slower. */
const HOPELESS = 1.5;
/** Before anything is measured. One gas is meant as 0.1 ns, and is charged amply. */
const FIRST_GUESS = { gasOfCall: 8_000, msPerGas: 4e-8 };

/**
 * Chooses the mode of each block for the executor `auto`, by what blocks took before: milliseconds for each gas, by mode. What is chosen changes no
 * result. That a block turns out to be contended is noticed within it, by the kernel (POLICY_YIELD).
 */
export class Router {
  readonly #workers: number;
  /** Milliseconds for each gas, of the last blocks. */
  readonly #speeds: Readonly<Record<Mode, number[]>> = { sequential: [], 'block-stm': [] };
  #gasOfCall = FIRST_GUESS.gasOfCall;
  /** Blocks left of the trial that is on, and its mode. */
  #trialLeft = 0;
  #tried: Mode = 'sequential';
  /** The better mode, when the last trial began. */
  #before: Mode | undefined;
  #sinceTrial = 0;
  #trialAfter = TRIAL_AFTER;

  constructor(workers: number) {
    this.#workers = workers;
  }

  choose(calls: number): Decision {
    if (this.#workers === 1) return { mode: 'sequential', reason: 'one worker' };
    const msPerGas = typical(this.#speeds.sequential) ?? FIRST_GUESS.msPerGas;
    if (calls * this.#gasOfCall * msPerGas < SMALL_MS) return { mode: 'sequential', reason: 'small' };
    if (this.#trialLeft === 0) {
      const better = this.#better();
      if (better === undefined) this.#try(this.#speeds.sequential.length < TRIAL ? 'sequential' : 'block-stm');
      else if (this.#sinceTrial++ < this.#trialAfter) return { mode: better, reason: 'measured' };
      else this.#try(better === 'sequential' ? 'block-stm' : 'sequential');
    }
    this.#trialLeft--;
    return { mode: this.#tried, reason: 'trial' };
  }

  #try(mode: Mode): void {
    this.#tried = mode;
    this.#before = this.#better();
    this.#speeds[mode].length = 0;
    this.#trialLeft = TRIAL;
    this.#sinceTrial = 0;
  }

  /** Undefined before both have been measured. */
  #better(): Mode | undefined {
    const { sequential, 'block-stm': parallel } = this.#speeds;
    if (sequential.length === 0 || parallel.length === 0) return undefined;
    return (typical(parallel) as number) < (typical(sequential) as number) ? 'block-stm' : 'sequential';
  }

  /** Learn from a block. */
  record({ mode, calls, gas, ms }: Measurement): void {
    if (gas === 0) return;
    this.#gasOfCall = gas / calls;
    // What a small block takes says nothing about the speed: most of it is waking a thread, now and then a slow one.
    if (gas * FIRST_GUESS.msPerGas < SMALL_MS) return;
    const speeds = this.#speeds[mode];
    speeds.push(ms / gas);
    if (speeds.length > REMEMBERED) speeds.shift();
    if (mode === this.#tried && this.#sinceTrial === 0) this.#judge(ms / gas);
  }

  /** A block of the trial took so many milliseconds for each gas. */
  #judge(speed: number): void {
    const before = this.#before;
    if (before === undefined || before === this.#tried) return;
    if (speed > HOPELESS * (typical(this.#speeds[before]) as number)) this.#trialLeft = 0;
    if (this.#trialLeft > 0) return;
    this.#trialAfter =
      this.#better() === before ? Math.min(this.#trialAfter + TRIAL_AFTER, TRIAL_AFTER_MOST) : TRIAL_AFTER;
  }
}

/** The median of as many as are remembered, the best of less; undefined of none. */
function typical(speeds: readonly number[]): number | undefined {
  const ascending = speeds.toSorted((a, b) => a - b);
  return speeds.length < REMEMBERED ? ascending[0] : ascending[REMEMBERED >> 1];
}
