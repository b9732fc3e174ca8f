import type { Checks } from './checks.js';
import type { Machine } from './machine.js';
import { PersistentSets } from './persistent-sets.js';

/** Steps of a schedule, at most: no block that the explorer takes needs a tenth of it. */
const MAX_STEPS = 8192;
const STATE_NEW = 1;
const STATE_REPEATED = 2;
const FIRST_SLOTS = 1 << 16;
/** Bytes, see assembly/explore/states-seen.ts: the workspace of the hash, then a step of the path; a slot of the table without what the search keeps there. */
const PATH_HEAD = 256;
const PATH_STEP = 32;
const SLOT_BYTES = 16;

export interface Failure {
  /** What did not hold. */
  readonly message: string;
  /** The worker of each access. */
  readonly schedule: readonly number[];
}

/** What a search has gone through. */
export interface Searched {
  readonly failure: Failure | undefined;
  /** Every schedule has been gone through, within the bound. */
  readonly isExhausted: boolean;
  readonly states: number;
  readonly steps: number;
  /** Ends that are different states. */
  readonly ends: number;
  /** Schedules from the first state to an end, each of which some way through the states gone through is; undefined where the search was stopped: they are counted back from the ends. */
  readonly schedules: number | undefined;
  /** Steps of the longest one that was run. */
  readonly longest: number;
}

export interface SearchBound {
  /** How often a worker may be interrupted that could go on; undefined: as often as one likes. */
  readonly preemptions: number | undefined;
  /** Stop after so many; and where memory holds no more. */
  readonly states: number;
  /** Leave out orders that differ from others only in what commutes; not with a bound on preemptions, which others may spend more of. */
  readonly isReduced: boolean;
  /** Where orders are left out: so many workers step, the others never do. */
  readonly stepping: number;
}

/**
 * Every order of the workers' steps, depth first, a state that has been gone through only once: what can follow does not depend on how it was come to. States are
 * known by 63 bits of hash, as in Spin's hash compaction (Holzmann 1998): of ten million states two have the same with a probability of 5 in a million.
 *
 * With a bound on preemptions (Musuvathi and Qadeer 2007) a state counts with the worker that came to it and with what it has spent.
 */
export function exhaust(
  machine: Machine,
  checks: Checks,
  bound: SearchBound,
  onProgress?: (states: number) => void,
): Searched {
  const { exports } = machine;
  const path = machine.freeFrom;
  const snapshots = path + PATH_HEAD + PATH_STEP * MAX_STEPS;
  const size = (exports.keepState(snapshots) + 63) & ~63;
  const persistent = bound.isReduced ? new PersistentSets(machine, MAX_STEPS, bound.stepping) : undefined;
  const known = persistent === undefined ? 0 : PersistentSets.BYTES * machine.workers;
  const table = snapshots + size * MAX_STEPS;
  exports.setTable(path, table, FIRST_SLOTS, known);
  const states = Math.min(bound.states, statesHeld(machine.memory.buffer.byteLength - table, SLOT_BYTES + known));
  /** By step: who took the next one last; preemptions so far. */
  const chosen = new Int8Array(MAX_STEPS);
  const spent = new Uint16Array(MAX_STEPS);
  const isEnd = new Uint8Array(MAX_STEPS);
  const kept: number[] = [];
  /** Who made the accesses that led from the step before to this one. */
  const trails = [machine.trail];
  let [steps, ends, longest, depth] = [0, 0, 0, 0];
  let learnedAt = Number.POSITIVE_INFINITY;
  const searched = (message: string | undefined, isExhausted: boolean): Searched => ({
    failure:
      message === undefined
        ? undefined
        : { message, schedule: [...trails.slice(0, depth + 1).flat(), ...machine.trail] },
    isExhausted,
    states: exports.statesSeen(),
    steps,
    ends,
    schedules: isExhausted ? exports.pathsOf(0) : undefined,
    longest,
  });
  const putBack = (): void => {
    exports.putBack(snapshots + depth * size);
    checks.putBack(kept[depth] as number);
    machine.forget();
  };
  machine.trail = [];
  exports.enterState(0, 0);
  chosen[0] = -1;
  kept[0] = checks.keep();
  persistent?.enter(0);
  for (;;) {
    const last = depth === 0 ? -1 : (chosen[depth - 1] as number);
    const worker =
      persistent === undefined
        ? nextWorker(machine, (chosen[depth] as number) + 1, last, spent[depth] === bound.preemptions)
        : persistent.next(depth);
    if (worker < 0) {
      exports.leaveState(depth, isEnd[depth] as number);
      persistent?.leave(depth);
      if (depth-- === 0) {
        depth = 0;
        return searched(undefined, true);
      }
      persistent?.join(depth, chosen[depth] as number);
      putBack();
      continue;
    }
    const isPreemption = last >= 0 && worker !== last && machine.isAble(last);
    chosen[depth] = worker;
    machine.trail.length = 0;
    persistent?.beforeStep(depth, worker);
    machine.step(worker);
    persistent?.afterStep(depth, worker);
    steps++;
    const wrong = checks.afterStep(worker);
    if (wrong !== undefined) return searched(wrong, false);
    if (machine.contention.isRefuted) {
      // What else is wrong is learned from half as many states again.
      learnedAt = Math.min(learnedAt, Math.ceil(1.5 * exports.statesSeen()));
      if (exports.statesSeen() >= learnedAt) return searched(undefined, false);
    }
    const spentNow = (spent[depth] as number) + (isPreemption ? 1 : 0);
    const arrived = exports.enterState(depth + 1, bound.preemptions === undefined ? 0 : spentNow * 16 + worker + 1);
    if (arrived === STATE_REPEATED) return searched('a state comes again: the block need not end', false);
    if (arrived !== STATE_NEW) {
      persistent?.join(depth, worker);
      putBack();
      continue;
    }
    depth++;
    trails[depth] = machine.trail;
    machine.trail = [];
    chosen[depth] = -1;
    spent[depth] = spentNow;
    isEnd[depth] = 0;
    persistent?.enter(depth);
    if (depth === MAX_STEPS - 1) return searched(`the block has not ended after ${MAX_STEPS} steps`, false);
    exports.keepState(snapshots + depth * size);
    kept[depth] = checks.keep();
    const seen = exports.statesSeen();
    if ((seen & 0xffff) === 0) onProgress?.(seen);
    if (seen > states) return searched(undefined, false);
    if (!machine.isAnybodyAble()) {
      ends++;
      longest = Math.max(longest, depth);
      isEnd[depth] = 1;
      const wrongEnd = checks.atEnd();
      if (wrongEnd !== undefined) return searched(wrongEnd, false);
    }
  }
}

/** How many states a table can have that is full to three quarters, and becomes twice as long then. */
function statesHeld(bytes: number, slotBytes: number): number {
  let slots = FIRST_SLOTS;
  while (2 * slots * slotBytes <= bytes) slots *= 2;
  return 0.75 * slots - 4;
}

/** The next worker from `from` on that may step. Those that have not begun begin in order: until then they are alike. */
function nextWorker(machine: Machine, from: number, last: number, isSpent: boolean): number {
  if (isSpent && last >= 0 && machine.isAble(last)) return from <= last ? last : -1;
  for (let worker = from; worker < machine.workers; worker++) {
    if (!machine.isAble(worker)) continue;
    if (worker > 0 && !machine.hasStarted(worker) && !machine.hasStarted(worker - 1)) continue;
    return worker;
  }
  return -1;
}

/** What draws the order of steps. */
export interface Draw {
  below(limit: number): number;
  chance(probability: number): boolean;
}

/** Bursts of one worker's steps are as long as that at most. */
const LONGEST_BURST = 40;

/** One schedule as it is drawn: some change workers at each step, some hardly ever. */
export function runAtRandom(
  machine: Machine,
  checks: Checks,
  draw: Draw,
): { failure: Failure | undefined; steps: number } {
  const { trail: schedule } = machine;
  schedule.length = 0;
  const stay = draw.below(4) / 4;
  let [worker, burst] = [-1, 0];
  for (;;) {
    const able: number[] = [];
    for (let each = 0; each < machine.workers; each++) if (machine.isAble(each)) able.push(each);
    if (able.length === 0) break;
    if (burst-- <= 0 || worker < 0 || !machine.isAble(worker)) {
      worker = able[draw.below(able.length)] as number;
      burst = draw.chance(stay) ? draw.below(LONGEST_BURST) : 0;
    }
    machine.step(worker);
    const message = checks.afterStep(worker);
    if (message !== undefined) return { failure: { message, schedule: [...schedule] }, steps: schedule.length };
    if (schedule.length >= MAX_STEPS) {
      const late = `the block has not ended after ${MAX_STEPS} steps`;
      return { failure: { message: late, schedule: [...schedule] }, steps: MAX_STEPS };
    }
  }
  const message = checks.atEnd();
  const failure = message === undefined ? undefined : { message, schedule: [...schedule] };
  return { failure, steps: schedule.length };
}
