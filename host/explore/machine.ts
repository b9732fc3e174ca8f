import { InvariantError } from '../runtime/errors.js';
import type { Policy } from '../runtime/types.js';
import type { Contention } from './contention.js';
import { Driver } from './driver.js';
import { AT, PHASE, type Phase } from './driver-words.js';
import { type Conditions, enterBlock } from './first-state.js';
import type { ExploredExports } from './kernel.js';
import { KERNEL_BYTES, Layout, type MachineParts, PAGE } from './layout.js';
import type { ProgramBlock } from './program.js';
import { Sleepers } from './sleepers.js';
import { describeState } from './state-description.js';

/** What a worker has just done to shared memory. */
export interface Access {
  readonly worker: number;
  readonly address: number;
  readonly kind: number;
}

export interface MachineOptions extends Conditions {
  readonly workers: number;
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
export class Machine implements MachineParts {
  readonly memory: WebAssembly.Memory;
  readonly exports: ExploredExports;
  readonly block: ProgramBlock;
  readonly workers: number;
  readonly policy: Policy;
  /** Words of memory, as they are now. */
  readonly words: Uint32Array;
  readonly layout: Layout;
  /** Addresses of the locations, by key. */
  readonly locations: readonly number[];
  readonly contention: Contention;
  /** Who has made each access since whoever searches has looked. */
  trail: number[] = [];
  /** Words that others share and that were loaded in the last step besides: nobody changes them from what they are by now. */
  readonly passed: number[] = [];
  /** The kernel was left by a trap that it must not raise. */
  broken: string | undefined;
  #current = -1;
  #loaded = -1;
  #isResuming = false;
  #isQuiet = true;
  readonly #driver: Driver;
  readonly #sleepers: Sleepers;
  readonly #end: number;

  private constructor(module: WebAssembly.Module, block: ProgramBlock, options: MachineOptions, pages: number) {
    this.memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    this.contention = options.contention;
    this.block = block;
    this.workers = options.workers;
    this.policy = options.policy;
    const env = {
      memory: this.memory,
      probe: (address: number, kind: number, size: number) => this.#probe(address >>> 0, kind, size),
      notified: (address: number, most: number) => this.#sleepers.notify(address, most),
      base: () => -1,
      // There is no tape.
      clock: () => 0,
      call: () => -1,
      digest: () => {},
      verify: () => 0,
    };
    this.exports = new WebAssembly.Instance(module, { env }).exports as unknown as ExploredExports;
    this.words = new Uint32Array(this.memory.buffer);
    this.layout = new Layout(block, options.workers);
    this.#driver = new Driver(this);
    this.#sleepers = new Sleepers(this.words, this.layout, this.exports.AT_WAKE.value);
    this.locations = enterBlock(this, this.memory, options);
    this.#isQuiet = false;
    const { end, owned } = describeState(this, this.locations, options.isAlike);
    this.#end = end;
    this.contention.setOwned(owned);
    for (let worker = 0; worker < this.workers; worker++) this.#settle(worker);
  }

  static create(module: WebAssembly.Module, block: ProgramBlock, options: MachineOptions, megabytes: number): Machine {
    return new Machine(module, block, options, (KERNEL_BYTES + megabytes * 2 ** 20) / PAGE);
  }

  /** The first address that is free for whoever keeps states. */
  get freeFrom(): number {
    return this.#end;
  }

  // ---- what it is like ----

  /** What a worker was given to execute that it must not be. */
  get wrong(): string | undefined {
    return this.#driver.wrong;
  }

  phaseOf(worker: number): Phase {
    return this.words[this.layout.driverOf(worker) + AT.phase] as Phase;
  }

  /** The call that it executes or completes, and the operation that this is at. */
  callOf(worker: number): { readonly index: number; readonly operation: string } | undefined {
    const driver = this.layout.driverOf(worker);
    const index = this.words[driver + AT.call] as number;
    const { text = '' } = this.block.programs[index] ?? {};
    const operation = text.split(/\s+/)[this.words[driver + AT.operation] as number];
    return { index, operation: operation ?? 'its end' };
  }

  /** The access that it is about to make; undefined where it is asleep or done. */
  pendingOf(worker: number): Access | undefined {
    const driver = this.layout.driverOf(worker);
    if (this.words[driver + AT.isAtProbe] === 0) return undefined;
    return {
      worker,
      address: this.words[driver + AT.address] as number,
      kind: this.words[driver + AT.kind] as number,
    };
  }

  /** The same, with its bytes, of one that is about to make one. */
  accessOf(worker: number): { readonly address: number; readonly kind: number; readonly size: number } {
    const driver = this.layout.driverOf(worker);
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
    const driver = this.layout.driverOf(worker);
    const stack = this.layout.stackOf(worker) >>> 2;
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
    return this.words[this.layout.driverOf(worker) + AT.isAtProbe] !== 0;
  }

  hasStarted(worker: number): boolean {
    return this.words[this.layout.driverOf(worker) + AT.hasStarted] !== 0;
  }

  // ---- a step ----

  /** Have a worker make the access that it is at, and go on to the next. */
  step(worker: number): void {
    const driver = this.layout.driverOf(worker);
    const { words } = this;
    this.passed.length = 0;
    words[driver + AT.hasStarted] = 1;
    words[driver + AT.isAtProbe] = 0;
    const address = words[driver + AT.address] as number;
    const kind = words[driver + AT.kind] as number;
    this.#note(worker, address, kind, words[driver + AT.size] as number);
    words[driver + AT.address] = 0;
    words[driver + AT.kind] = 0;
    words[driver + AT.size] = 0;
    if (words[driver + AT.phase] === PHASE.wait) {
      if (!this.#sleepers.wait(worker)) this.#go(worker);
    } else {
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
  }

  #probe(address: number, kind: number, size: number): void {
    if (this.#isQuiet) return;
    if (this.#isResuming) {
      this.#isResuming = false;
      this.exports.asyncify_stop_rewind();
      return;
    }
    const worker = this.#current;
    if (!this.contention.isMet(worker, address, kind, size, this.words)) {
      this.#note(worker, address, kind, size);
      if (this.contention.isShared(address)) this.passed.push(address);
      return;
    }
    this.#driver.stopAt(worker, address, kind, size);
    this.exports.asyncify_start_unwind(this.layout.stackOf(worker));
  }

  /** Bring a worker that can go on without an access to where it is about to make one. */
  #settle(worker: number): void {
    const driver = this.layout.driverOf(worker);
    const phase = this.words[driver + AT.phase];
    if (phase === PHASE.asleep || phase === PHASE.done || this.words[driver + AT.isAtProbe] !== 0) return;
    this.#go(worker);
  }

  #load(worker: number): void {
    if (this.#loaded === worker) return;
    this.exports.restoreGlobals(this.layout.globalsOf(worker));
    this.#loaded = worker;
  }

  /** Go on in the kernel, from where it was left or from the driver, to the next stop. */
  #go(worker: number): void {
    const { exports, words } = this;
    this.#current = worker;
    this.#load(worker);
    if (this.#isResuming) exports.asyncify_start_rewind(this.layout.stackOf(worker));
    const driver = this.layout.driverOf(worker);
    try {
      while (this.#driver.advance(worker, this.#isResuming));
    } catch (error) {
      this.#isResuming = false;
      this.broken = `${error instanceof Error ? error.message : String(error)}`;
      words[driver + AT.phase] = PHASE.done;
    }
    if (words[driver + AT.isAtProbe] !== 0 && words[driver + AT.phase] !== PHASE.wait) exports.asyncify_stop_unwind();
    exports.saveGlobals(this.layout.globalsOf(worker));
    const cursor = words[(this.layout.globalsOf(worker) + exports.GLOBALS_OF_CALL.value) >>> 2] as number;
    if (cursor > (words[driver + AT.arenaEnd] as number))
      throw new InvariantError(`call ${words[driver + AT.call]} has allocated more than the explorer keeps`);
  }
}
