import { learnTraps, trapNumber } from '../engine/traps.js';
import { AT, PHASE } from './driver-words.js';
import type { ExploredExports } from './kernel.js';
import { COUNTER_MOST, digest, NO_VALUE, type Operation, type Program } from './program.js';

const TRAPS = learnTraps();

/** What a method does: the operations of a worker's call, one after another, by the words of its driver. It can be left within one, and be gone on with. */
export class RunningCall {
  readonly #exports: ExploredExports;
  readonly #words: Uint32Array;
  readonly #programs: readonly Program[];

  constructor(exports: ExploredExports, words: Uint32Array, programs: readonly Program[]) {
    this.#exports = exports;
    this.#words = words;
    this.#programs = programs;
  }

  /** The operation that the call is at. */
  #operationAt(driver: number, transaction: number): Operation | undefined {
    const words = this.#words;
    const operation = this.#programs[transaction]?.operations[words[driver + AT.operation] as number];
    const chosen = words[driver + AT.chosen] as number;
    if (operation?.kind !== 'choose' || chosen === 0) return operation;
    return chosen === 1 ? operation.odd : operation.even;
  }

  /** The next part of the running call: what a method does between two calls into the kernel. */
  run(driver: number, isResuming: boolean): boolean {
    const [exports, words] = [this.#exports, this.#words];
    try {
      const operation = this.#operationAt(driver, exports.runningCall());
      if (operation === undefined) {
        exports.push(BigInt(words[driver + AT.digest] as number));
        exports.output(8);
        words[driver + AT.phase] = PHASE.complete;
        return true;
      }
      if (operation.kind === 'fail') exports.revert(0);
      else if (words[driver + AT.stage] === 0) {
        // A call that goes on within `lookup` has its key in the staging area.
        if (!isResuming) exports.push(BigInt(operation.key + 1));
        const slot = exports.lookup(8);
        if (words[driver + AT.isAtProbe] !== 0) return false;
        words[driver + AT.slot] = slot;
        words[driver + AT.stage] = 1;
        return true;
      } else if (!this.#touch(driver, operation)) return false;
      words[driver + AT.stage] = 0;
      words[driver + AT.slot] = 0;
      if (operation.kind !== 'choose') {
        words[driver + AT.operation] = (words[driver + AT.operation] as number) + 1;
        words[driver + AT.chosen] = 0;
      }
      return true;
    } catch (error) {
      const trap = trapNumber(TRAPS, error);
      if (trap === undefined) throw error;
      words[driver + AT.trap] = trap;
      words.fill(0, driver + AT.isRunning, driver + AT.chosen + 1);
      words[driver + AT.phase] = PHASE.unwound;
      return true;
    }
  }

  /** False once the worker has stopped. */
  #touch(driver: number, operation: Exclude<Operation, { kind: 'fail' }>): boolean {
    const [exports, words] = [this.#exports, this.#words];
    const slot = words[driver + AT.slot] as number;
    const before = words[driver + AT.digest] as number;
    switch (operation.kind) {
      case 'read':
      case 'choose': {
        const length = exports.read(slot);
        if (words[driver + AT.isAtProbe] !== 0) return false;
        const value = length < 0 ? undefined : BigInt.asUintN(64, exports.take());
        words[driver + AT.digest] = digest(before, value ?? NO_VALUE);
        if (operation.kind === 'choose') words[driver + AT.chosen] = ((value ?? 0n) & 1n) === 1n ? 1 : 2;
        return true;
      }
      case 'write':
      case 'put':
        exports.push(operation.kind === 'put' ? BigInt(operation.amount) : BigInt(before));
        exports.write(slot, 8);
        return true;
      case 'remove':
        exports.remove(slot);
        return true;
      default: {
        const amount = BigInt(operation.amount);
        const isAdded =
          operation.kind === 'add' ? exports.add(slot, amount, COUNTER_MOST) : exports.subtract(slot, amount, 0n);
        if (words[driver + AT.isAtProbe] !== 0) return false;
        words[driver + AT.digest] = digest(before, isAdded === 1 ? 1n : 0n);
        return true;
      }
    }
  }
}
