import { ACCESS } from './access.js';
import type { Machine } from './machine.js';

/** Of one worker, in masks of words: those that the others change, and touch, before it makes its next step. */
const CHANGED = 0;
const TOUCHED = 1;

/** assembly/kernel/status.ts: Ready, Executed, Committed. */
const LOOKED_AT: readonly number[] = [0, 2, 5];

/**
 * Which workers' steps have to be explored from a state: the partial-order reduction of the search. README.md says why nothing is missed.
 *
 * A set of workers is *persistent* in a state where nothing that the others do, as long as none of the set moves, conflicts with the set's next steps (Godefroid 1996). Two
 * accesses conflict where they are to one word and one of them changes it.
 *
 * What the others will do is known once a successor has been explored: each state keeps, for each worker, the words that others change and touch from there on before
 * that worker moves. So workers are explored one after another until those explored, or one of them, turn out to be persistent. Who has mostly been is tried first.
 *
 * What the checks look at must be seen to change in every order: a set with a step that changes such a word is not taken for persistent.
 */
export class PersistentSets {
  /** That a state keeps of each worker. */
  static readonly BYTES = 8;
  readonly #machine: Machine;
  readonly #workers: number;
  readonly #stepping: number;
  readonly #stride: number;
  /** By step and worker: CHANGED, TOUCHED. */
  readonly #before: Uint32Array;
  /** The same of the state that the worker's own step led to. */
  readonly #after: Uint32Array;
  /** By step and worker: the word of its next step, as a mask of one bit. */
  readonly #word: Uint32Array;
  /** By step and worker: the words that its next step loads besides, which nobody changes any more from what they are then. */
  readonly #passed: Uint32Array;
  /** By step: workers, a bit each. */
  readonly #able: Uint8Array;
  readonly #explored: Uint8Array;
  readonly #changing: Uint8Array;
  readonly #visible: Uint8Array;
  /** By step and worker: the place where its next step was come to. */
  readonly #site: Uint16Array;
  /** By word, in workers' own memory by its place there: its bit in a mask. */
  readonly #bits = new Map<number, number>();
  /** By place: how often a worker was explored alone there, and was not persistent. */
  readonly #tried = new Uint32Array(1 << 16);
  readonly #failed = new Uint32Array(1 << 16);
  /** Words that the checks do not look at, or by themselves. */
  readonly #quiet: readonly number[];
  readonly #frontier: number;
  readonly #transactions: number;
  readonly #transactionsBytes: number;
  /** The access of the step that is being made. */
  #address = 0;
  #kind = 0;
  #size = 0;
  #low = 0;
  #high = 0;

  /** Only the first `stepping` workers step. */
  constructor(machine: Machine, maxSteps: number, stepping: number) {
    this.#stepping = stepping;
    this.#machine = machine;
    this.#workers = machine.workers;
    this.#stride = 2 * machine.workers;
    this.#before = new Uint32Array(maxSteps * this.#stride);
    this.#after = new Uint32Array(maxSteps * this.#stride);
    this.#word = new Uint32Array(maxSteps * machine.workers);
    this.#passed = new Uint32Array(maxSteps * machine.workers);
    this.#site = new Uint16Array(maxSteps * machine.workers);
    this.#able = new Uint8Array(maxSteps);
    this.#explored = new Uint8Array(maxSteps);
    this.#changing = new Uint8Array(maxSteps);
    this.#visible = new Uint8Array(maxSteps);
    const { exports, block, locations } = machine;
    const { AT_EXECUTION, AT_WAVE, AT_WAKE, AT_PARKED, LOCATION_COMMITTED } = exports;
    this.#quiet = [
      ...[AT_EXECUTION, AT_WAVE, AT_WAKE, AT_PARKED].map(({ value }) => value),
      ...locations.map((location) => location + LOCATION_COMMITTED.value),
    ];
    this.#frontier = exports.AT_FRONTIER.value;
    this.#transactions = exports.transactionsBase.value >>> 0;
    this.#transactionsBytes = block.programs.length << exports.TRANSACTION_SHIFT.value;
  }

  /** The search has come to a new state by its step number `depth`. */
  enter(depth: number): void {
    const machine = this.#machine;
    this.#before.fill(0, depth * this.#stride, (depth + 1) * this.#stride);
    let able = 0;
    for (let worker = 0; worker < this.#stepping; worker++) {
      if (!machine.isAble(worker)) continue;
      able |= 1 << worker;
      this.#site[depth * this.#workers + worker] = machine.siteOf(worker);
    }
    this.#able[depth] = able;
    this.#explored[depth] = 0;
    this.#changing[depth] = 0;
    this.#visible[depth] = 0;
  }

  /** The worker whose step is to be explored next from the state at `depth`, -1 where enough has been explored. */
  next(depth: number): number {
    const able = this.#able[depth] as number;
    const explored = this.#explored[depth] as number;
    if (explored === able) return -1;
    if (explored !== 0 && this.#isEnough(depth, explored)) return -1;
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let worker = 0; worker < this.#workers; worker++) {
      if (((able & ~explored) >> worker) % 2 === 0) continue;
      const site = this.#site[depth * this.#workers + worker] as number;
      const share = (this.#failed[site] as number) / ((this.#tried[site] as number) + 1);
      if (share < least) [best, least] = [worker, share];
    }
    return best;
  }

  /** Whether the workers explored, or one of them, are persistent; says so in what the state keeps. */
  #isEnough(depth: number, explored: number): boolean {
    for (let worker = 0; worker < this.#workers; worker++) {
      if ((explored >> worker) % 2 === 0) continue;
      if (!this.#isPersistent(depth, 1 << worker)) continue;
      const at = depth * this.#stride + 2 * worker;
      // What the others do without it they do after its step as well.
      this.#before[at + CHANGED] = (this.#before[at + CHANGED] as number) | (this.#after[at + CHANGED] as number);
      this.#before[at + TOUCHED] = (this.#before[at + TOUCHED] as number) | (this.#after[at + TOUCHED] as number);
      return true;
    }
    return (explored & (explored - 1)) !== 0 && this.#isPersistent(depth, explored);
  }

  #isPersistent(depth: number, set: number): boolean {
    if (((this.#visible[depth] as number) & set) !== 0) return false;
    let [changed, touched] = [-1, -1];
    for (let worker = 0; worker < this.#workers; worker++) {
      if ((set >> worker) % 2 === 0) continue;
      changed &= this.#after[depth * this.#stride + 2 * worker + CHANGED] as number;
      touched &= this.#after[depth * this.#stride + 2 * worker + TOUCHED] as number;
    }
    for (let worker = 0; worker < this.#workers; worker++) {
      if ((set >> worker) % 2 === 0) continue;
      const isChange = ((this.#changing[depth] as number) >> worker) % 2 === 1;
      const word = this.#word[depth * this.#workers + worker] as number;
      if ((word & (isChange ? touched : changed)) !== 0) return false;
    }
    return true;
  }

  /** A worker is about to step from the state at `depth`. */
  beforeStep(depth: number, worker: number): void {
    const { address, kind, size } = this.#machine.accessOf(worker);
    this.#address = address;
    this.#kind = kind;
    this.#size = size;
    this.#word[depth * this.#workers + worker] = this.#bitOf(address);
    this.#low = this.#machine.words[address >>> 2] as number;
    this.#high = this.#machine.words[(address >>> 2) + 1] as number;
  }

  /** It has stepped. */
  afterStep(depth: number, worker: number): void {
    const { words, passed } = this.#machine;
    let loaded = 0;
    for (const address of passed) loaded |= this.#bitOf(address);
    this.#passed[depth * this.#workers + worker] = loaded;
    const at = this.#address >>> 2;
    const isChange =
      words[at] !== this.#low ||
      (this.#size === 8 && words[at + 1] !== this.#high) ||
      // Sleeping and waking change who can step, whatever the word says.
      this.#kind === ACCESS.wait ||
      this.#kind === ACCESS.notify;
    if (!isChange) return;
    this.#changing[depth] = (this.#changing[depth] as number) | (1 << worker);
    if (this.#isVisible(this.#address, this.#low, words[at] as number)) {
      this.#visible[depth] = (this.#visible[depth] as number) | (1 << worker);
    }
  }

  /**
   * Whether the checks can see, in words that they look at together, that one has changed. Not where they look at one word by itself: every order of its changes is gone
   * through anyway.
   */
  #isVisible(address: number, before: number, after: number): boolean {
    if (this.#quiet.includes(address)) return false;
    // How far it is; not its lock, nor the lookahead.
    if (address === this.#frontier) return before !== after;
    const offset = address - this.#transactions;
    if (offset < 0 || offset >= this.#transactionsBytes) return true;
    const { TRANSACTION_SHIFT, TX_ACCESSES } = this.#machine.exports;
    const at = offset & ((1 << TRANSACTION_SHIFT.value) - 1);
    if (at === TX_ACCESSES.value) return false;
    return (
      at !== 0 ||
      before >>> 4 !== after >>> 4 ||
      ((isLookedAt(before) || isLookedAt(after)) && (before & 7) !== (after & 7))
    );
  }

  /** All is known of the state at `depth + 1`, which a worker's step led to. */
  join(depth: number, mover: number): void {
    const { exports, words } = this.#machine;
    const known = exports.knownOf(depth + 1) >>> 2;
    const places = exports.placesOf(depth + 1);
    const word = this.#word[depth * this.#workers + mover] as number;
    const passed = this.#passed[depth * this.#workers + mover] as number;
    const isChange = ((this.#changing[depth] as number) >> mover) % 2 === 1;
    for (let worker = 0; worker < this.#workers; worker++) {
      const at = depth * this.#stride + 2 * worker;
      const place = known + 2 * ((places >>> (worker << 2)) & 15);
      const changed = words[place + CHANGED] as number;
      const touched = words[place + TOUCHED] as number;
      if (worker === mover) {
        this.#after[at + CHANGED] = changed;
        this.#after[at + TOUCHED] = touched;
      } else {
        this.#before[at + CHANGED] = (this.#before[at + CHANGED] as number) | changed | (isChange ? word : 0);
        this.#before[at + TOUCHED] = (this.#before[at + TOUCHED] as number) | touched | word | passed;
      }
    }
    this.#explored[depth] = (this.#explored[depth] as number) | (1 << mover);
    const site = this.#site[depth * this.#workers + mover] as number;
    this.#tried[site] = (this.#tried[site] as number) + 1;
    if (!this.#isPersistent(depth, 1 << mover)) this.#failed[site] = (this.#failed[site] as number) + 1;
  }

  /** All is known of the state at `depth`: it is kept with it. */
  leave(depth: number): void {
    const { exports, words } = this.#machine;
    const known = exports.knownOf(depth) >>> 2;
    const places = exports.placesOf(depth);
    for (let worker = 0; worker < this.#workers; worker++) {
      const place = known + 2 * ((places >>> (worker << 2)) & 15);
      const at = depth * this.#stride + 2 * worker;
      words[place + CHANGED] = this.#before[at + CHANGED] as number;
      words[place + TOUCHED] = this.#before[at + TOUCHED] as number;
    }
  }

  #bitOf(address: number): number {
    const place = this.#machine.contention.placeOf(address);
    let bit = this.#bits.get(place);
    if (bit === undefined) {
      // More words than bits: some share one, which only makes for more conflicts.
      bit = (1 << (this.#bits.size & 31)) >>> 0;
      this.#bits.set(place, bit);
    }
    return bit;
  }
}

/** States of a call that the checks ask for. */
function isLookedAt(status: number): boolean {
  return LOOKED_AT.includes(status & 7);
}
