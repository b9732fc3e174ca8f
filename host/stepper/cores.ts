import type { ThreadCosts } from './costs.js';

/** Never, unless something happens first. */
export const NEVER = Number.POSITIVE_INFINITY;

/**
 * The cores that virtual workers run on, and the clock of each worker: when its next step is due. Where there are fewer cores than workers that can run, those that
 * wait for one get it in the order in which they could run, and a worker has it until it sleeps, or for a slice of time where others wait.
 */
export class Cores {
  /** When a worker's next step is due; NEVER while it sleeps, waits for a core, or is done. */
  readonly due: Float64Array;
  /** Nanoseconds for which workers had a core, up to where each of them gave it back. */
  busy = 0;
  readonly #costs: ThreadCosts;
  /** Since when a worker has its core, and when its slice ends; NEVER without a core. */
  readonly #since: Float64Array;
  readonly #sliceEnd: Float64Array;
  /** From when on a worker can run that waits for a core, and what it still has to do until its next step. */
  readonly #ready: Float64Array;
  readonly #left: Float64Array;
  /** Where a worker has nothing to do until its next step, since when, which may be to come: not before that, nor before it has a core, does it take the step. */
  readonly #idle: Float64Array;
  readonly #waiting: number[] = [];
  /** Of each core that nobody has, since when: that may be to come, of a worker whose last step is not over. */
  readonly #free: number[];

  constructor(workers: number, cores: number, costs: ThreadCosts) {
    this.due = new Float64Array(workers).fill(NEVER);
    this.#since = new Float64Array(workers);
    this.#sliceEnd = new Float64Array(workers).fill(NEVER);
    this.#ready = new Float64Array(workers);
    this.#left = new Float64Array(workers);
    this.#idle = new Float64Array(workers);
    this.#free = Array<number>(cores).fill(0);
    this.#costs = costs;
  }

  /** A worker can run from `at` on, which has no core. */
  ready(worker: number, at: number): void {
    this.#wait(worker, at, 0);
  }

  /** A worker has nothing to do from `at` on until its next step, at `due` if it is not hastened. */
  idle(worker: number, at: number, due: number): void {
    this.#idle[worker] = at;
    this.due[worker] = due;
  }

  /** An idle worker takes its next step at `at`, or as soon as it has a core and has done what it did before it was idle. */
  hasten(worker: number, at: number): void {
    if (this.due[worker] === NEVER) this.#left[worker] = this.#unfinished(worker);
    else this.due[worker] = Math.max(at, this.#idle[worker] as number);
  }

  /** A worker sleeps, or is done: its core is free at `at`. */
  release(worker: number, at: number): void {
    this.#takeBack(worker, at);
    this.#free.push(at);
  }

  /** The worker whose step is due first, the one with the lower number of two; -1 if there is none. Whatever happens to cores before that has happened. */
  next(): number {
    let first = least(this.due);
    while (this.#waiting.length > 0 && this.#changeBefore(this.#dueOf(first))) first = least(this.due);
    return first;
  }

  #dueOf(worker: number): number {
    return worker < 0 ? NEVER : (this.due[worker] as number);
  }

  /** Have who has waited longest have a core, of a worker whose slice is over if none is free. False if that is later than `due`. */
  #changeBefore(due: number): boolean {
    const [next] = this.#waiting as [number];
    const ready = this.#ready[next] as number;
    if (this.#free.length > 0) {
      const free = Math.min(...this.#free);
      const begin = free > ready ? free + this.#costs.change : ready;
      if (begin > due) return false;
      this.#free.splice(this.#free.indexOf(free), 1);
      this.#give(begin);
      return true;
    }
    const running = least(this.#sliceEnd);
    const end = Math.max(this.#sliceEnd[running] as number, ready);
    if (end >= due) return false;
    const left = (this.due[running] as number) - end;
    this.#takeBack(running, end);
    this.#wait(running, end, left);
    this.#give(end + this.#costs.change);
    return true;
  }

  /** In the order of when they can run. */
  #wait(worker: number, at: number, left: number): void {
    this.#ready[worker] = at;
    this.#left[worker] = left;
    const later = this.#waiting.findIndex((each) => (this.#ready[each] as number) > at);
    this.#waiting.splice(later < 0 ? this.#waiting.length : later, 0, worker);
  }

  /** Who has waited longest has a core from `at` on. */
  #give(at: number): void {
    const worker = this.#waiting.shift() as number;
    this.#idle[worker] = at + this.#unfinished(worker);
    this.due[worker] = at + (this.#left[worker] as number);
    this.#since[worker] = at;
    this.#sliceEnd[worker] = at + this.#costs.slice;
  }

  /** What a worker that lost its core still has to do until it is idle. */
  #unfinished(worker: number): number {
    return Math.max(0, (this.#idle[worker] as number) - (this.#ready[worker] as number));
  }

  #takeBack(worker: number, at: number): void {
    this.due[worker] = NEVER;
    this.#sliceEnd[worker] = NEVER;
    this.busy += at - (this.#since[worker] as number);
  }
}

/** The place of the least of some times, the lower of two; -1 if all are NEVER. */
function least(times: Float64Array): number {
  let place = -1;
  let least = NEVER;
  for (let each = 0; each < times.length; each++) {
    const time = times[each] as number;
    if (time < least) {
      least = time;
      place = each;
    }
  }
  return place;
}
