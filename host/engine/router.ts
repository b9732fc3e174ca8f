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
/** Every so many blocks the mode that seems slower is tried again: blocks change. */
const TRIAL_EVERY = 16;
/** Blocks of each mode that its speed is the best of: the first ones ran before V8 had compiled everything, others beside other programs. */
const REMEMBERED = 3;
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
  #sinceTrial = 0;

  constructor(workers: number) {
    this.#workers = workers;
  }

  choose(calls: number): Decision {
    if (this.#workers === 1) return { mode: 'sequential', reason: 'one worker' };
    const sequential = best(this.#speeds.sequential) ?? FIRST_GUESS.msPerGas;
    const parallel = best(this.#speeds['block-stm']) ?? 0;
    if (calls * this.#gasOfCall * sequential < SMALL_MS) return { mode: 'sequential', reason: 'small' };
    const [better, other]: Mode[] = parallel < sequential ? ['block-stm', 'sequential'] : ['sequential', 'block-stm'];
    const isNew = this.#speeds[other as Mode].length < REMEMBERED;
    if (this.#sinceTrial >= (isNew ? 2 : TRIAL_EVERY)) {
      this.#sinceTrial = 0;
      return { mode: other as Mode, reason: 'trial' };
    }
    this.#sinceTrial++;
    return { mode: better as Mode, reason: this.#speeds[better as Mode].length === 0 ? 'trial' : 'measured' };
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
  }
}

/** Undefined of no numbers. */
function best(numbers: readonly number[]): number | undefined {
  return numbers.length === 0 ? undefined : Math.min(...numbers);
}
