import type { ThreadCosts } from './costs.js';

/** Never, unless something happens first. */
export const NEVER = Number.POSITIVE_INFINITY;

/**
 * The cores that virtual workers run on, and the clock of each worker: when its next step is due. Where there are fewer cores than workers that can run, those that
 * wait for one get it in the order in which they came, and a worker has it until it sleeps, or for a slice of time.
 */
export class Cores {
  /** When a worker's next step is due; NEVER while it sleeps, waits for a core, or is done. */
  readonly due: Float64Array;
  /** Nanoseconds for which workers had a core, up to where the last of them gave it back. */
  busy = 0;
  readonly #costs: ThreadCosts;
  /** When a worker's slice ends; NEVER without a core. */
  readonly #sliceEnd: Float64Array;
  /** Since when a worker has its core. */
  readonly #since: Float64Array;
  /** From when on a worker can run. */
  readonly #ready: Float64Array;
  /** What a worker that waits for a core still has to do until its next step. */
  readonly #left: Float64Array;
  readonly #waiting: number[] = [];
  /** Of each core that nobody has, since when: that may be to come, of a worker whose last step is not over. */
  readonly #free: number[];

  constructor(workers: number, cores: number, costs: ThreadCosts) {
    this.due = new Float64Array(workers).fill(NEVER);
    this.#sliceEnd = new Float64Array(workers).fill(NEVER);
    this.#since = new Float64Array(workers);
    this.#ready = new Float64Array(workers);
    this.#left = new Float64Array(workers);
    this.#free = Array<number>(cores).fill(0);
    this.#costs = costs;
  }

  /** The worker whose step is due first, the one with the lower number of two; -1 if there is none. */
  first(): number {
    let first = -1;
    let least = NEVER;
    const { due } = this;
    for (let worker = 0; worker < due.length; worker++) {
      const at = due[worker] as number;
      if (at < least) {
        least = at;
        first = worker;
      }
    }
    return first;
  }

  /** A worker can run from `at` on. */
  ready(worker: number, at: number): void {
    this.#left[worker] = 0;
    this.#ready[worker] = at;
    const since = Math.min(...this.#free);
    if (since === NEVER) {
      this.#waiting.push(worker);
      return;
    }
    this.#free.splice(this.#free.indexOf(since), 1);
    this.#give(worker, since);
  }

  /** Its core is free from `at` on. */
  #give(worker: number, at: number): void {
    const begin = Math.max(at, this.#ready[worker] as number);
    this.due[worker] = begin + (this.#left[worker] as number);
    this.#since[worker] = begin;
    this.#sliceEnd[worker] = begin + this.#costs.slice;
  }

  #takeBack(worker: number, at: number): void {
    this.due[worker] = NEVER;
    this.busy += at - (this.#since[worker] as number);
  }

  /** A worker sleeps, or is done: its core is free at `at`. */
  release(worker: number, at: number): void {
    this.#takeBack(worker, at);
    this.#sliceEnd[worker] = NEVER;
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(at);
    else this.#give(next, at + this.#costs.change);
  }

  /** Where the slice of a worker ends before its next step, and others wait: true, and one of them has its core. */
  isOver(worker: number): boolean {
    const end = this.#sliceEnd[worker] as number;
    const due = this.due[worker] as number;
    if (due < end || this.#waiting.length === 0) return false;
    this.#left[worker] = due - end;
    this.#takeBack(worker, end);
    this.#waiting.push(worker);
    this.#give(this.#waiting.shift() as number, end + this.#costs.change);
    return true;
  }
}
