import { attachKernel } from '../engine/kernel.js';
import { formatMemory } from '../engine/memory.js';
import { policyWords } from '../engine/policy.js';
import { InvariantError, MisuseError } from '../runtime/errors.js';
import type { Policy } from '../runtime/types.js';
import { KERNEL_GAS } from '../wasm/gas-schedule.js';
import { ACCESS } from './access.js';
import { INCARNATIONS, lookaheadRange, slotBytesOf } from './block-bounds.js';
import type { Contention } from './contention.js';
import { AT, NO_TICKET, PHASE, type Phase } from './driver.js';
import type { ExploredExports } from './kernel.js';
import { type ProgramBlock, seedOf } from './program.js';
import { RunningCall } from './running-call.js';

/** Memory of the kernel's; the machine's own is above. */
const KERNEL_MIB = 4;
export const KERNEL_BYTES = KERNEL_MIB << 20;
const PAGE = 65536;
const LIMITS = { memoryMiB: KERNEL_MIB, locations: 512, transactions: 64 };
const CALL_GAS = 100_000_000n;

/** Of each worker: its globals, its Wasm stack while it is at a probe, the words of its driver. */
const BLOCK = 4096;
const STACK = 2048;
const STACK_HEAD = 16;
const DRIVER = 3840;
/** What is kept of a worker's arena. */
const ARENA_BYTES = 4096;
/** What a call answers; a log's chunk begins with a head (assembly/kernel/arena.ts), which is as long as so many. */
const OUTPUT_BYTES = 8;
const LOG_HEADER = 2;
/** For a count of each call. */
const BEGUN_BYTES = 256;
const STAGED_BYTES = 64;
const ACCESSES_BYTES = 256;
/** Of the worker's line: its logs. */
const LINE_FROM = 128;
const LINE_BYTES = 64;
const HEADER_FROM = 384;
const HEADER_BYTES = 1152;

/** What a worker has just done to shared memory. */
export interface Access {
  readonly worker: number;
  readonly address: number;
  readonly kind: number;
}

export interface MachineOptions {
  readonly workers: number;
  readonly policy: Policy;
  /** How far above the frontier work may start at first; the kernel's own where undefined. */
  readonly lookahead: number | undefined;
  /** Threads that the machine runs at once. */
  readonly parallelism: number;
  /** Two states that differ by which worker is which are one. */
  readonly isAlike: boolean;
  /** What is known of where workers meet. */
  readonly contention: Contention;
}

/**
 * The kernel's test build with virtual workers: one instance, whose globals are exchanged, over one memory. A worker that comes to an access which
 * others may conflict with leaves the kernel there (asyncify), so a step is one such access and what follows up to the next. The whole
 * state can be kept, put back and recognised.
 */
export class Machine {
  readonly memory: WebAssembly.Memory;
  readonly exports: ExploredExports;
  readonly block: ProgramBlock;
  readonly workers: number;
  readonly policy: Policy;
  /** Words of memory, as they are now. */
  readonly words: Uint32Array;
  /** Addresses of the locations, by key. */
  readonly locations: readonly number[];
  readonly contention: Contention;
  /** Who has made each access since whoever searches has looked. */
  trail: number[] = [];
  /** Told of each access, before it is made; for whoever wants to say what happens. */
  onAccess: ((worker: number, address: number, kind: number) => void) | undefined;
  /** What a worker was given to execute that it must not be. */
  wrong: string | undefined;
  /** The kernel was left by a trap that it must not raise. */
  broken: string | undefined;
  #current = -1;
  #loaded = -1;
  #isResuming = false;
  #isQuiet = true;
  readonly #call: RunningCall;
  readonly #view: DataView;
  readonly #end: number;
  /** Bytes of what one incarnation allocates; 0 where there are too many for each to have a place of its own. */
  readonly #slotBytes: number;

  private constructor(module: WebAssembly.Module, block: ProgramBlock, options: MachineOptions, pages: number) {
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.contention = options.contention;
    this.block = block;
    this.workers = options.workers;
    this.policy = options.policy;
    const env = {
      memory: this.memory,
      probe: (address: number, kind: number, size: number) => this.#probe(address >>> 0, kind, size),
      notified: (address: number, most: number) => this.#notified(address, most),
      base: () => -1,
      // There is no tape.
      clock: () => 0,
      call: () => -1,
      digest: () => {},
      verify: () => 0,
    };
    this.exports = new WebAssembly.Instance(module, { env }).exports as unknown as ExploredExports;
    this.words = new Uint32Array(this.memory.buffer);
    this.#view = new DataView(this.memory.buffer);
    this.#call = new RunningCall(this.exports, this.words, block.programs);
    const { exports } = this;
    const shape = { limits: LIMITS, workers: options.workers, parallelism: options.parallelism };
    formatMemory(exports, this.memory, shape, Object.values(KERNEL_GAS), (bytes) => bytes.fill(0x5a));
    this.#slotBytes = slotBytesOf(block);
    this.locations = this.#prepare(options);
    this.#end = this.#describe(options.isAlike);
    for (let worker = 0; worker < this.workers; worker++) this.#settle(worker);
  }

  static create(module: WebAssembly.Module, block: ProgramBlock, options: MachineOptions, megabytes: number): Machine {
    return new Machine(module, block, options, (KERNEL_BYTES + megabytes * 2 ** 20) / PAGE);
  }

  /** The first address that is free for whoever keeps states. */
  get freeFrom(): number {
    return this.#end;
  }

  /** What is kept of a worker's arena. */
  get #arenaBytes(): number {
    return this.#slotBytes === 0 ? ARENA_BYTES : this.#slotBytes * (1 + INCARNATIONS * this.block.programs.length);
  }

  #blockOf(worker: number): number {
    return KERNEL_BYTES + worker * BLOCK;
  }

  /** The words that count how often each call was begun. */
  get #begun(): number {
    return (KERNEL_BYTES + this.workers * BLOCK) >>> 2;
  }

  #stackOf(worker: number): number {
    return this.#blockOf(worker) + STACK;
  }

  #driverOf(worker: number): number {
    return (this.#blockOf(worker) + DRIVER) >>> 2;
  }

  /** The initial state, the block, and every worker entered. */
  #prepare(options: MachineOptions): number[] {
    const { exports, words, block } = this;
    const { programs, names, state } = block;
    attachKernel({ exports } as never, 0, true);
    exports.enter();
    const key = exports.prepareBlock(4096) >>> 0;
    const locations = names.map((_, index) => {
      this.#view.setBigUint64(key, BigInt(index + 1), true);
      return exports.intern(0, key, 8) >>> 0;
    });
    for (const [index, value] of state) {
      const location = locations[index] as number;
      const record = location + exports.LOCATION_RECORD.value;
      words[record >>> 2] = 8;
      this.#view.setBigUint64(record + 8, value, true);
      words[(location + exports.LOCATION_COMMITTED.value) >>> 2] = record;
    }
    for (const index of programs.keys()) {
      const call = (exports.callsBase.value >>> 0) + (index << exports.CALL_SHIFT.value);
      words[(call + exports.CALL_ENTRY.value) >>> 2] = index;
      words[(call + exports.CALL_CONTRACT.value) >>> 2] = 0;
      this.#view.setBigUint64(call + exports.CALL_GAS_LIMIT.value, CALL_GAS, true);
    }
    const { bits, grain } = policyWords(options.policy, exports);
    if (grain === 0)
      throw new MisuseError('ERR_OPTION', 'policy.grain: a number of calls, since auto follows their cost');
    exports.beginBlock(programs.length, exports.BLOCK_STM.value, this.workers, bits, grain);
    words[exports.AT_AWAITED.value >>> 2] = 0xffffffff;
    if (options.lookahead !== undefined) words[(exports.AT_FRONTIER.value >>> 2) + 1] = options.lookahead << 5;
    for (let worker = 0; worker < this.workers; worker++) {
      attachKernel({ exports } as never, worker, true);
      exports.enter();
      exports.takeChunks();
      exports.saveGlobals(this.#blockOf(worker));
      words[this.#stackOf(worker) >>> 2] = this.#stackOf(worker) + STACK_HEAD;
      words[(this.#stackOf(worker) + 4) >>> 2] = this.#blockOf(worker) + DRIVER;
      words[this.#driverOf(worker) + AT.ticket] = NO_TICKET;
    }
    this.#isQuiet = false;
    return locations;
  }

  /** Say what there is to be kept, and what of it a state's future depends on. Returns where free memory begins. */
  #describe(isAlike: boolean): number {
    const { exports } = this;
    const regions: number[] = [];
    const hashed: number[] = [];
    const plain = (at: number, bytes: number) => hashed.push(at, bytes, 0, 0);
    const { AT_EXECUTION, AT_WAVE, AT_PARKED, AT_WAKE } = exports;
    regions.push(HEADER_FROM, HEADER_BYTES, this.#begun << 2, (4 * this.block.programs.length + 7) & ~7);
    // The frontier is hashed by `setLookahead`.
    for (const at of [AT_EXECUTION, AT_WAVE]) plain(at.value, 8);
    hashed.push(AT_PARKED.value, 0, 1, AT_PARKED.value);
    const transactions = this.block.programs.length << exports.TRANSACTION_SHIFT.value;
    regions.push(exports.transactionsBase.value, transactions);
    plain(exports.transactionsBase.value, transactions);
    for (const location of this.locations) {
      regions.push(location + exports.LOCATION_CHAIN.value, 64);
      plain(location + exports.LOCATION_CHAIN.value, 24);
    }
    const shared = hashed.length >>> 2;
    let [chunks, stagings] = [0, 0];
    for (let worker = 0; worker < this.workers; worker++) {
      exports.restoreGlobals(this.#blockOf(worker));
      const staging = exports.stagingBase.value >>> 0;
      const { STAGING_LINKS, STAGING_ACCESSES } = exports;
      const state = STAGING_ACCESSES.value - STAGING_LINKS.value + ACCESSES_BYTES;
      const block = this.#blockOf(worker);
      const cursor = block + exports.GLOBALS_OF_CALL.value;
      const arena = ((this.words[cursor >>> 2] as number) - 1) & ~(PAGE - 1);
      if (worker === 0) stagings = staging;
      // The last worker's: its logs' chunks are below.
      chunks = arena - 2 * PAGE;
      const driver = this.#driverOf(worker) << 2;
      this.words[(driver >>> 2) + AT.arenaEnd] = arena + this.#arenaBytes;
      const isRunning = driver + 4 * AT.isRunning;
      regions.push(staging, STAGED_BYTES, staging + STAGING_LINKS.value, state);
      regions.push((exports.workerLine(worker) >>> 0) + LINE_FROM, LINE_BYTES, arena, this.#arenaBytes);
      regions.push(exports.marksOf(worker) >>> 0, 8 * this.locations.length);
      regions.push(block, exports.GLOBALS_ALL.value, this.#stackOf(worker), DRIVER - STACK, driver, 4 * AT.all);
      plain(block, exports.GLOBALS_SHARED.value);
      hashed.push(staging + exports.STAGING_RUNS.value, 0, 5, cursor + 8);
      hashed.push(block + exports.GLOBALS_SHARED.value, cursor - block - exports.GLOBALS_SHARED.value, 1, isRunning);
      hashed.push(staging + STAGING_ACCESSES.value, ACCESSES_BYTES, 1, isRunning);
      if (this.#slotBytes === 0) hashed.push(arena, 0, 2, cursor);
      else hashed.push(cursor, 8, 1, isRunning);
      hashed.push(this.#stackOf(worker) + STACK_HEAD, 0, 4, this.#stackOf(worker));
      plain(driver, 4 * AT.end);
      hashed.push(driver + 4 * AT.ticket, 4, 3, AT_WAKE.value);
    }
    let at = KERNEL_BYTES + this.workers * BLOCK + BEGUN_BYTES;
    this.words.set(regions, at >>> 2);
    exports.setRegions(at, at + 4 * regions.length);
    at += 4 * regions.length;
    this.words.set(hashed, at >>> 2);
    const own = ((hashed.length >>> 2) - shared) / this.workers;
    exports.setHashed(at, shared, own, this.workers, isAlike ? 1 : 0);
    exports.setOwned(chunks, stagings, this.#slotBytes);
    const first = this.words[(exports.AT_FRONTIER.value >>> 2) + 1] as number;
    exports.setLookahead(lookaheadRange(this.block, first));
    this.contention.setOwned({ from: chunks, bytesOfWorker: 3 * PAGE, workers: this.workers });
    return (at + 4 * hashed.length + 63) & ~63;
  }

  // ---- what it is like ----

  phaseOf(worker: number): Phase {
    return this.words[this.#driverOf(worker) + AT.phase] as Phase;
  }

  /** The call that it executes or completes, and the operation that this is at. */
  callOf(worker: number): { readonly index: number; readonly operation: string } | undefined {
    const driver = this.#driverOf(worker);
    const index = this.words[driver + AT.call] as number;
    const { text = '' } = this.block.programs[index] ?? {};
    const operation = text.split(/\s+/)[this.words[driver + AT.operation] as number];
    return { index, operation: operation ?? 'its end' };
  }

  /** The access that it is about to make; undefined where it is asleep or done. */
  pendingOf(worker: number): Access | undefined {
    const driver = this.#driverOf(worker);
    if (this.words[driver + AT.isAtProbe] === 0) return undefined;
    return {
      worker,
      address: this.words[driver + AT.address] as number,
      kind: this.words[driver + AT.kind] as number,
    };
  }

  /** The same, with its bytes, of one that is about to make one. */
  accessOf(worker: number): { readonly address: number; readonly kind: number; readonly size: number } {
    const driver = this.#driverOf(worker);
    const { words } = this;
    return {
      address: words[driver + AT.address] as number,
      kind: words[driver + AT.kind] as number,
      size: words[driver + AT.size] as number,
    };
  }

  /** Where it is in the kernel and what it is about to touch, as 16 bits of hash. */
  siteOf(worker: number): number {
    const { words } = this;
    const driver = this.#driverOf(worker);
    const stack = this.#stackOf(worker) >>> 2;
    let site = words[driver + AT.phase] as number;
    for (const at of [AT.call, AT.operation, AT.address, AT.kind])
      site = Math.imul(site ^ (words[driver + at] as number), 0x9e37_79b1);
    const depth = (words[stack] as number) - (stack << 2);
    site = Math.imul((site ^ (site >>> 15)) + depth, 0x85eb_ca77);
    return (site ^ (site >>> 16)) & 0xffff;
  }

  isAnybodyAble(): boolean {
    for (let worker = 0; worker < this.workers; worker++) if (this.isAble(worker)) return true;
    return false;
  }

  isAble(worker: number): boolean {
    return this.words[this.#driverOf(worker) + AT.isAtProbe] !== 0;
  }

  hasStarted(worker: number): boolean {
    return this.words[this.#driverOf(worker) + AT.hasStarted] !== 0;
  }

  // ---- a step ----

  /** Have a worker make the access that it is at, and go on to the next. */
  step(worker: number): void {
    const driver = this.#driverOf(worker);
    const { words } = this;
    words[driver + AT.hasStarted] = 1;
    words[driver + AT.isAtProbe] = 0;
    const address = words[driver + AT.address] as number;
    const kind = words[driver + AT.kind] as number;
    this.#note(worker, address, kind, words[driver + AT.size] as number);
    words[driver + AT.address] = 0;
    words[driver + AT.kind] = 0;
    words[driver + AT.size] = 0;
    if (words[driver + AT.phase] === PHASE.wait) this.#wait(driver);
    else {
      this.#isResuming = true;
      this.#go(worker);
    }
    for (let other = 0; other < this.workers; other++) if (other !== worker) this.#settle(other);
  }

  /** After the state was put back: the instance has another's globals. */
  forget(): void {
    this.#loaded = -1;
  }

  #note(worker: number, address: number, kind: number, size: number): void {
    this.contention.note(worker, address, kind, size, this.words);
    this.trail.push(worker);
    if (this.onAccess !== undefined) this.onAccess(worker, address, kind);
  }

  #wait(driver: number): void {
    const { words } = this;
    const isCalled = words[this.exports.AT_WAKE.value >>> 2] !== words[driver + AT.ticket];
    words[driver + AT.ticket] = NO_TICKET;
    words[driver + AT.phase] = isCalled ? PHASE.unpark : PHASE.asleep;
    if (isCalled) this.#go((driver * 4 - DRIVER - KERNEL_BYTES) / BLOCK);
    else {
      let last = 0;
      for (let other = 0; other < this.workers; other++) {
        last = Math.max(last, words[this.#driverOf(other) + AT.place] as number);
      }
      words[driver + AT.place] = last + 1;
    }
  }

  /** Wake the first `most` of those asleep. */
  #notified(address: number, most: number): number {
    const { words } = this;
    if (address !== this.exports.AT_WAKE.value) return 0;
    let woken = 0;
    for (; woken < most; woken++) {
      let first = -1;
      for (let worker = 0; worker < this.workers; worker++) {
        const place = words[this.#driverOf(worker) + AT.place] as number;
        if (place !== 0 && (first < 0 || place < (words[first + AT.place] as number))) first = this.#driverOf(worker);
      }
      if (first < 0) break;
      words[first + AT.place] = 0;
      words[first + AT.phase] = PHASE.next;
    }
    // Places count from 1.
    for (let worker = 0; worker < this.workers; worker++) {
      const driver = this.#driverOf(worker);
      const place = words[driver + AT.place] as number;
      if (place !== 0) words[driver + AT.place] = place - woken;
    }
    return woken;
  }

  #probe(address: number, kind: number, size: number): void {
    if (this.#isQuiet) return;
    if (this.#isResuming) {
      this.#isResuming = false;
      this.exports.asyncify_stop_rewind();
      return;
    }
    const worker = this.#current;
    if (!this.contention.isMet(address, kind, size, this.words)) {
      this.#note(worker, address, kind, size);
      return;
    }
    this.#stopAt(worker, address, kind, size);
    this.exports.asyncify_start_unwind(this.#stackOf(worker));
  }

  #stopAt(worker: number, address: number, kind: number, size: number): void {
    const driver = this.#driverOf(worker);
    this.words[driver + AT.isAtProbe] = 1;
    this.words[driver + AT.address] = address;
    this.words[driver + AT.kind] = kind;
    this.words[driver + AT.size] = size;
  }

  /** Bring a worker that can go on without an access to where it is about to make one. */
  #settle(worker: number): void {
    const driver = this.#driverOf(worker);
    const phase = this.words[driver + AT.phase];
    if (phase === PHASE.asleep || phase === PHASE.done || this.words[driver + AT.isAtProbe] !== 0) return;
    this.#go(worker);
  }

  #load(worker: number): void {
    if (this.#loaded === worker) return;
    this.exports.restoreGlobals(this.#blockOf(worker));
    this.#loaded = worker;
  }

  /** Go on in the kernel, from where it was left or from the driver, to the next stop. */
  #go(worker: number): void {
    const { exports, words } = this;
    this.#current = worker;
    this.#load(worker);
    if (this.#isResuming) exports.asyncify_start_rewind(this.#stackOf(worker));
    const driver = this.#driverOf(worker);
    try {
      while (this.#advance(driver));
    } catch (error) {
      this.#isResuming = false;
      this.broken = `${error instanceof Error ? error.message : String(error)}`;
      words[driver + AT.phase] = PHASE.done;
    }
    if (words[driver + AT.isAtProbe] !== 0 && words[driver + AT.phase] !== PHASE.wait) exports.asyncify_stop_unwind();
    exports.saveGlobals(this.#blockOf(worker));
    const cursor = words[(this.#blockOf(worker) + exports.GLOBALS_OF_CALL.value) >>> 2] as number;
    if (cursor > (words[driver + AT.arenaEnd] as number))
      throw new InvariantError(`call ${words[driver + AT.call]} has allocated more than the explorer keeps`);
  }

  /** One call of the driver into the kernel. False once the worker has stopped. */
  #advance(driver: number): boolean {
    const { exports, words } = this;
    const isLeft = () => words[driver + AT.isAtProbe] !== 0;
    switch (words[driver + AT.phase] as Phase) {
      case PHASE.next: {
        const entry = exports.next();
        if (isLeft()) return false;
        if (entry === exports.IDLE.value) words[driver + AT.phase] = PHASE.park;
        else if (entry === exports.DONE.value) words[driver + AT.phase] = PHASE.done;
        else this.#begin(driver);
        return words[driver + AT.phase] !== PHASE.done;
      }
      case PHASE.park: {
        const ticket = exports.park();
        if (isLeft()) return false;
        words[driver + AT.ticket] = ticket;
        words[driver + AT.phase] = PHASE.look;
        return true;
      }
      case PHASE.look: {
        const entry = exports.next();
        if (isLeft()) return false;
        if (entry === exports.IDLE.value) {
          words[driver + AT.phase] = PHASE.wait;
          this.#stopAt(this.#current, exports.AT_WAKE.value, ACCESS.wait, 4);
          return false;
        }
        words[driver + AT.ticket] = NO_TICKET;
        if (entry === exports.DONE.value) words[driver + AT.phase] = PHASE.unparkAndLeave;
        else {
          this.#begin(driver);
          words[driver + AT.phase] = PHASE.unparkAndRun;
        }
        return true;
      }
      case PHASE.unpark:
      case PHASE.unparkAndRun:
      case PHASE.unparkAndLeave: {
        exports.unpark();
        if (isLeft()) return false;
        const phase = words[driver + AT.phase];
        words[driver + AT.phase] =
          phase === PHASE.unpark ? PHASE.next : phase === PHASE.unparkAndRun ? PHASE.run : PHASE.done;
        return phase !== PHASE.unparkAndLeave;
      }
      case PHASE.run:
        return this.#call.run(driver, this.#isResuming);
      case PHASE.complete:
        exports.complete();
        if (isLeft()) return false;
        return this.#endCall(driver);
      case PHASE.unwound:
        exports.unwound(words[driver + AT.trap] as number);
        if (isLeft()) return false;
        return this.#endCall(driver);
      default:
        return false;
    }
  }

  #begin(driver: number): void {
    const { words } = this;
    words.fill(0, driver + AT.operation, driver + AT.chosen + 1);
    words[driver + AT.phase] = PHASE.run;
    words[driver + AT.isRunning] = 1;
    const call = this.exports.runningCall();
    const before = words[this.#begun + call] as number;
    words[this.#begun + call] = before + 1;
    const status = (this.exports.transactionsBase.value >>> 0) + (call << this.exports.TRANSACTION_SHIFT.value);
    const incarnation = ((words[status >>> 2] as number) >>> 4) & 63;
    if (incarnation !== before)
      this.wrong ??= `call ${call} was begun ${before} times before, and this is incarnation ${incarnation}`;
    if (this.#slotBytes !== 0 && incarnation < INCARNATIONS) {
      // By who it is and not by what came before: so states do not differ by addresses.
      const arena =
        ((words[(this.#blockOf(this.#current) + this.exports.GLOBALS_OF_CALL.value) >>> 2] as number) - 1) &
        ~(PAGE - 1);
      const slot = 1 + call * INCARNATIONS + incarnation;
      this.exports.setCursor(arena + this.#slotBytes * slot);
      words[driver + AT.arenaEnd] = arena + this.#slotBytes * (slot + 1);
      const log = ((this.exports.workerLine(this.#current) >>> 0) + LINE_FROM) >>> 2;
      words[log + 1] = (words[log] as number) + OUTPUT_BYTES * (slot + LOG_HEADER);
    }
    words[driver + AT.call] = call;
    words[driver + AT.digest] = seedOf(this.exports.runningCall());
  }

  #endCall(driver: number): true {
    const { words } = this;
    words.fill(0, driver + AT.isRunning, driver + AT.chosen + 1);
    words[driver + AT.trap] = 0;
    words[driver + AT.phase] = PHASE.next;
    return true;
  }
}
