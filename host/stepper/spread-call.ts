import type { ContractImports, Kernel, KernelExports } from '../engine/kernel.js';
import { CONTRACT_MODULE } from '../wasm/contract-imports.js';
import type { VirtualWorker } from './virtual-worker.js';

/** A read of the store in the course of a call: the first one of its location. */
interface NotedRead {
  /** Which of the call's storage operations it is. */
  readonly operation: number;
  readonly slot: number;
  /** The record that it gave. */
  readonly record: number;
  /** What the call had used before it. */
  readonly gas: number;
}

/** Thrown to leave a call where it would meet an ESTIMATE before its time. */
const PAUSE = Symbol('pause');

type Operation = (slot: number, amount: bigint, bound: bigint) => number;

const NONE = -1;

/**
 * A speculative call that takes its time: each of its reads happens when the call has come that far by the clock, and not when the method is run.
 *
 * A call is a function of what it reads. So the method is run in one go, and its reads are noted; when the time of one comes, it is looked whether it
 * would still give the same record. Where it would, nothing else could have happened. Where it would not, the method is run again: it is given what it
 * read up to there, and reads on from there. Where a read that is ahead of its time would meet an ESTIMATE, the run ends there, since the ESTIMATE may be
 * gone by then. What the call writes is private to it until the kernel publishes it, in the step after its end. Only the value that a counter's
 * delta is guessed to be added to is taken when the method is run: no verdict depends on when.
 */
export class SpreadCall {
  /** The kernel whose contracts are run by this. */
  readonly kernel: Kernel;
  readonly #exports: KernelExports;
  readonly #estimate: number;
  /** In the order in which they happen. */
  readonly #reads: NotedRead[] = [];
  /** So many of them have happened. */
  #happened = 0;
  /** So many of those have been given to the method that runs again. */
  #given = 0;
  /** Storage operations of the run so far. */
  #operations = 0;
  /** The operation whose time has come. */
  #due = NONE;
  /** The operation that must wait for its time, and the gas at it. */
  #paused = NONE;
  #pausedAt = 0;
  #endedAt = 0;
  #entry = NONE;
  /** Whether reads are noted: the call is speculative. */
  #isNoting = false;
  /** Whether `add` and `subtract` read the counter. */
  addsRead = false;
  /** How often a method was run again. */
  replays = 0;

  constructor(kernel: Kernel) {
    this.#exports = kernel.exports;
    this.#estimate = kernel.exports.ESTIMATE.value;
    this.kernel = { ...kernel, contractImports: (grown) => this.#imports(kernel.contractImports(grown)) };
  }

  #imports(imports: ContractImports): ContractImports {
    const own = imports[CONTRACT_MODULE] ?? {};
    const wrapped = (name: string, mayNotRead: boolean) => {
      const operation = own[name] as Operation;
      return (slot: number, amount: bigint, bound: bigint) =>
        this.#operate(operation, slot, amount, bound, !mayNotRead || this.addsRead);
    };
    const operations = {
      read: wrapped('read', false),
      has: wrapped('has', false),
      add: wrapped('add', true),
      subtract: wrapped('subtract', true),
    };
    return { ...imports, [CONTRACT_MODULE]: { ...own, ...operations } };
  }

  /** Do an operation of the contract, which reads the store if it `reads`, or if the kernel finds that it has to. */
  #operate(operation: Operation, slot: number, amount: bigint, bound: bigint, reads: boolean): number {
    if (!this.#isNoting) return operation(slot, amount, bound);
    const kernel = this.#exports;
    const position = this.#operations++;
    if (this.#given < this.#happened) {
      const read = this.#reads[this.#given] as NotedRead;
      if (read.operation === position) {
        kernel.giveRead(slot, read.record);
        this.#given++;
      }
      return operation(slot, amount, bound);
    }
    if (kernel.isUnread(slot) === 0) return operation(slot, amount, bound);
    const gas = kernel.usedSoFar();
    if (reads && position !== this.#due && (kernel.recordNow(slot) & this.#estimate) !== 0) {
      this.#paused = position;
      this.#pausedAt = gas;
      throw PAUSE;
    }
    const result = operation(slot, amount, bound);
    const record = kernel.recordRead(slot);
    if (record !== 0) this.#reads.push({ operation: position, slot, record, gas });
    return result;
  }

  /** Begin with the method that the kernel has given out. */
  begin(worker: VirtualWorker, isSpeculative: boolean): void {
    this.#entry = worker.entry as number;
    this.#isNoting = isSpeculative;
    this.#reads.length = 0;
    this.#happened = 0;
    this.#due = NONE;
    this.#run(worker);
  }

  #run(worker: VirtualWorker): void {
    this.#operations = 0;
    this.#given = 0;
    this.#paused = NONE;
    try {
      worker.call();
      this.#endedAt = this.#exports.usedSoFar();
    } catch (error) {
      if (error !== PAUSE) throw error;
    }
  }

  /** Gas that the call will have used when the next thing happens to it: a read, or its end. */
  get nextAt(): number {
    const read = this.#reads[this.#happened];
    if (read !== undefined) return read.gas;
    return this.#paused === NONE ? this.#endedAt : this.#pausedAt;
  }

  /** What happens next is its end: it has returned, or it has met a trap. */
  get isEnding(): boolean {
    return this.#happened === this.#reads.length && this.#paused === NONE;
  }

  /** The time of the next read has come. */
  read(worker: VirtualWorker): void {
    const read = this.#reads[this.#happened];
    if (read !== undefined && this.#exports.recordNow(read.slot) === read.record) {
      this.#happened++;
      return;
    }
    this.#due = read?.operation ?? this.#paused;
    this.#reads.length = this.#happened;
    this.replays++;
    worker.entry = this.#entry;
    this.#exports.beginAgain();
    this.#run(worker);
    // Unless it has met an ESTIMATE now, and that is its end.
    if (this.#reads[this.#happened]?.operation === this.#due) this.#happened++;
  }
}
