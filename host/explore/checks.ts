import { PHASE } from './driver-words.js';
import type { Machine } from './machine.js';
import type { SequentialResult } from './program.js';

const READY = 0;
const EXECUTED = 2;
const COMMITTED = 5;
const ESTIMATE = 1;
const REMOVED = 1;
/** assembly/kernel/versions.ts: where a node has its transaction, its record and the next one. */
const NODE_RECORD = 1;
const NODE_NEXT = 3;
const MAX_INCARNATIONS = 9;

/** What must hold after every step, and at the end. Messages say what does not. */
export class Checks {
  readonly #machine: Machine;
  readonly #expected: SequentialResult;
  readonly #count: number;
  readonly #epoch: number;
  /** What an aborted call wrote is marked. */
  readonly #marks: boolean;
  /** Bit i: call i has committed. */
  #committed = 0;
  #frontier = 0;

  constructor(machine: Machine, expected: SequentialResult) {
    this.#machine = machine;
    this.#expected = expected;
    this.#count = expected.outcomes.length;
    const { words, exports } = machine;
    this.#epoch = words[exports.AT_EPOCH.value >>> 2] as number;
    this.#marks = machine.policy.estimates;
  }

  keep(): number {
    return this.#committed * 64 + this.#frontier;
  }

  putBack(kept: number): void {
    this.#frontier = kept % 64;
    this.#committed = Math.floor(kept / 64);
  }

  afterStep(worker: number): string | undefined {
    const { words, exports, broken, wrong: begun } = this.#machine;
    if (begun !== undefined) return begun;
    if (broken !== undefined) return `worker ${worker} left the kernel by a trap: ${broken}`;
    const fault = words[exports.AT_FAULT.value >>> 2];
    if (fault !== 0) return `the block was faulted with ${fault}`;
    const frontier = words[exports.AT_FRONTIER.value >>> 2] as number;
    if (frontier < this.#frontier) return `the frontier went back from ${this.#frontier} to ${frontier}`;
    this.#frontier = frontier;
    const base = (exports.transactionsBase.value >>> 0) >>> 2;
    const stride = 1 << (exports.TRANSACTION_SHIFT.value - 2);
    for (let index = 0; index < this.#count; index++) {
      const at = base + index * stride;
      const status = words[at] as number;
      const incarnations = ((status >>> 4) & 63) + 1;
      if (incarnations > MAX_INCARNATIONS) return `call ${index} has incarnation ${incarnations}`;
      const isCommitted = (status & 7) === COMMITTED;
      const was = (this.#committed >> index) & 1;
      if (was === 1 && !isCommitted) return `call ${index} had committed, and is in state ${status & 7} now`;
      if (index < frontier && !isCommitted)
        return `the frontier is at ${frontier}, and call ${index} has not committed`;
      if (was === 1 || !isCommitted) continue;
      this.#committed |= 1 << index;
      const wrong = this.#outcome(index, at << 2);
      if (wrong !== undefined) return wrong;
    }
    const parked = words[exports.AT_PARKED.value >>> 2] as number;
    if ((parked | 0) < 0) return `the count of the parked is ${parked | 0}`;
    return this.#versions();
  }

  /**
   * What was published of a call that is to be executed again is an ESTIMATE, and nothing of one that has executed is: else its readers would read, or wait for, what
   * it does not write.
   */
  #versions(): string | undefined {
    const { words, exports, locations, block } = this.#machine;
    const base = (exports.transactionsBase.value >>> 0) >>> 2;
    const stride = 1 << (exports.TRANSACTION_SHIFT.value - 2);
    for (const [key, location] of locations.entries()) {
      const chain = (location + exports.LOCATION_CHAIN.value) >>> 2;
      if (words[chain + 1] !== this.#epoch) continue;
      for (let node = words[chain] as number; node !== 0; ) {
        const index = words[node >>> 2] as number;
        const next = words[(node >>> 2) + NODE_NEXT] as number;
        const status = words[base + index * stride] as number;
        const isEstimate = ((words[(node >>> 2) + NODE_RECORD] as number) & ESTIMATE) !== 0;
        node = next & ~REMOVED;
        if ((next & REMOVED) !== 0 || index < this.#frontier) continue;
        if ((status & 7) === EXECUTED && isEstimate)
          return `call ${index} has executed, and left an estimate at ${block.names[key]}`;
        if (this.#marks && (status & 7) === READY && !isEstimate) {
          return `call ${index} is to be executed again, and its version of ${block.names[key]} is no estimate`;
        }
      }
    }
    return undefined;
  }

  #outcome(index: number, at: number): string | undefined {
    const { words, exports } = this.#machine;
    const expected = this.#expected.outcomes[index] as { isFailed: boolean; output: number };
    const isFailed = words[(at + exports.TX_RESULT.value) >>> 2] !== 0;
    if (isFailed !== expected.isFailed)
      return `call ${index} ${isFailed ? 'failed' : 'did not fail'}, its result is ${words[(at + exports.TX_RESULT.value) >>> 2]}, code ${words[(at + exports.TX_CODE.value) >>> 2]}`;
    if (isFailed) return undefined;
    const output = words[(words[(at + exports.TX_OUTPUT.value) >>> 2] as number) >>> 2];
    return output === expected.output
      ? undefined
      : `call ${index} committed having read something else than sequentially`;
  }

  /** Nobody can step. */
  atEnd(): string | undefined {
    const machine = this.#machine;
    const { words, exports } = machine;
    const asleep = Array.from({ length: machine.workers }, (_, w) => w).filter(
      (w) => machine.phaseOf(w) !== PHASE.done,
    );
    if (asleep.length > 0)
      return `workers ${asleep.join(', ')} sleep, and the others have left; the frontier is at ${this.#frontier} of ${this.#count}`;
    if (this.#frontier !== this.#count)
      return `all have left, and the frontier is at ${this.#frontier} of ${this.#count}`;
    const parked = words[exports.AT_PARKED.value >>> 2] as number;
    if (parked !== 0) return `all have left, and the count of the parked is ${parked}`;
    for (const [key, location] of machine.locations.entries()) {
      const record = words[(location + exports.LOCATION_COMMITTED.value) >>> 2] as number;
      const length = words[record >>> 2] as number;
      const value =
        length === exports.ABSENT.value >>> 0
          ? undefined
          : BigInt(words[(record + 8) >>> 2] as number) | (BigInt(words[(record + 12) >>> 2] as number) << 32n);
      const expected = this.#expected.state.get(key);
      if (value !== expected) return `${machine.block.names[key]} is ${value}, sequentially ${expected}`;
    }
    return undefined;
  }
}
