import type { Checks } from './checks.js';
import type { Machine } from './machine.js';

const MAX_STEPS = 4096;

/** What a search has gone through. */
export interface SearchReport {
  readonly isComplete: boolean;
  readonly states: number;
  readonly steps: number;
  /** Schedules that were run to their end. */
  readonly schedules: number;
  /** Interleavings of the accesses that these stand for. */
  readonly interleavings: number;
  readonly longest: number;
  readonly contendedWords: number;
  readonly failure: Failure | undefined;
}

export interface Failure {
  readonly message: string;
  /** Who took each step. */
  readonly schedule: readonly number[];
}

export class Search {
  readonly machine: Machine;
  readonly checks: Checks;
  steps = 0;
  schedules = 0;
  longest = 0;
  constructor(machine: Machine, checks: Checks) {
    this.machine = machine;
    this.checks = checks;
  }

  exhaust(maxSteps: number): Failure | undefined {
    const { machine, checks } = this;
    const { exports } = machine;
    const path = machine.freeFrom;
    const snapshots = path + 16 * MAX_STEPS;
    const size = (exports.keepState(snapshots) + 63) & ~63;
    const table = snapshots + size * MAX_STEPS;
    exports.setTable(path, table, 1 << 16);
    const chosen = new Int8Array(MAX_STEPS);
    const isEnd = new Uint8Array(MAX_STEPS);
    checks.begin();
    const kept: number[] = [];
    let depth = 0;
    exports.enterState(0, 0);
    chosen[0] = -1;
    let isAt = 0;
    kept[0] = checks.keep();
    while (depth >= 0) {
      const worker = this.#next((chosen[depth] as number) + 1);
      if (worker < 0) {
        exports.leaveState(depth, isEnd[depth] as number);
        depth--;
        if (depth >= 0) { exports.putBack(snapshots + depth * size); checks.putBack(kept[depth] as number); machine.forget(); }
        continue;
      }
      chosen[depth] = worker;
      machine.step(worker);
      this.steps++;
      const message = checks.afterStep(worker);
      const schedule = () => [...chosen.subarray(0, depth + 1)];
      if (message !== undefined) return { message, schedule: schedule() };
      const arrived = exports.enterState(depth + 1, 0);
      if (arrived === 2) return { message: 'a state repeats: the block need not end', schedule: schedule() };
      if (arrived === 1) {
        depth++;
        if (depth >= MAX_STEPS - 1) return { message: 'too long', schedule: schedule() };
        exports.keepState(snapshots + depth * size);
        kept[depth] = checks.keep();
        chosen[depth] = -1;
        isEnd[depth] = 0;
        if (this.#next(0) < 0) {
          this.schedules++;
          this.longest = Math.max(this.longest, depth);
          isEnd[depth] = 1;
          const ended = checks.atEnd();
          if (ended !== undefined) return { message: ended, schedule: schedule().slice(0, -1) };
        }
      } else {
        exports.putBack(snapshots + depth * size);
        checks.putBack(kept[depth] as number);
        machine.forget();
      }
      if (this.steps >= maxSteps) return undefined;
    }
    void isAt;
    return undefined;
  }

  /** The next worker from `from` on that can step; those that have not begun begin in order, since they are alike. */
  #next(from: number): number {
    const { machine } = this;
    for (let worker = from; worker < machine.workers; worker++) {
      if (!machine.isAble(worker)) continue;
      if (worker > 0 && !machine.hasStarted(worker) && !machine.hasStarted(worker - 1)) continue;
      return worker;
    }
    return -1;
  }
}
