import { ACCESS } from './access.js';
import { INCARNATIONS } from './block-bounds.js';
import { AT, NO_TICKET, PHASE, type Phase } from './driver-words.js';
import { LOGS, type MachineParts } from './layout.js';
import { seedOf } from './program.js';
import { RunningCall } from './running-call.js';

/**
 * What a virtual worker does between two calls into the kernel, as the threads' driver would (host/engine/worker.ts): from phase to phase.
 *
 * ```text
 *   next -> run -> complete -> next            a call ends; or is unwound, or fails: run -> unwound -> next
 *   next -> park -> look -> wait -> asleep -> next       nothing to do; somebody wakes it
 *                   look -> unparkAndRun -> run          there was something after all
 *                           wait -> unpark -> next       somebody called before it slept
 *   next -> done, look -> unparkAndLeave -> done         the block is over
 * ```
 */
export class Driver {
  /** What a worker was given to execute that it must not be. */
  wrong: string | undefined;
  readonly #parts: MachineParts;
  readonly #call: RunningCall;

  constructor(parts: MachineParts) {
    this.#parts = parts;
    this.#call = new RunningCall(parts.exports, parts.words, parts.block.programs);
  }

  /** One call of a worker, whose globals the instance has, into the kernel. `isResuming`: goes on within one. False once the worker has stopped. */
  advance(worker: number, isResuming: boolean): boolean {
    const { exports, words, layout } = this.#parts;
    const driver = layout.driverOf(worker);
    const isLeft = () => words[driver + AT.isAtProbe] !== 0;
    switch (words[driver + AT.phase] as Phase) {
      case PHASE.next: {
        const entry = exports.next();
        if (isLeft()) return false;
        if (entry === exports.IDLE.value) words[driver + AT.phase] = PHASE.park;
        else if (entry === exports.DONE.value) words[driver + AT.phase] = PHASE.done;
        else this.#begin(worker);
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
          this.stopAt(worker, exports.AT_WAKE.value, ACCESS.wait, 4);
          return false;
        }
        words[driver + AT.ticket] = NO_TICKET;
        if (entry === exports.DONE.value) words[driver + AT.phase] = PHASE.unparkAndLeave;
        else {
          this.#begin(worker);
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
        return this.#call.run(driver, isResuming);
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

  /** Note that a worker stops before an access. */
  stopAt(worker: number, address: number, kind: number, size: number): void {
    const { words, layout } = this.#parts;
    const driver = layout.driverOf(worker);
    words[driver + AT.isAtProbe] = 1;
    words[driver + AT.address] = address;
    words[driver + AT.kind] = kind;
    words[driver + AT.size] = size;
  }

  #begin(worker: number): void {
    const { exports, words, layout } = this.#parts;
    const driver = layout.driverOf(worker);
    words.fill(0, driver + AT.operation, driver + AT.chosen + 1);
    words[driver + AT.phase] = PHASE.run;
    words[driver + AT.isRunning] = 1;
    const call = exports.runningCall();
    const before = words[layout.begun + call] as number;
    words[layout.begun + call] = before + 1;
    const status = (exports.transactionsBase.value >>> 0) + (call << exports.TRANSACTION_SHIFT.value);
    const incarnation = ((words[status >>> 2] as number) >>> 4) & 63;
    if (incarnation !== before)
      this.wrong ??= `call ${call} was begun ${before} times before, and this is incarnation ${incarnation}`;
    if (layout.slotBytes !== 0 && incarnation < INCARNATIONS) {
      const cursor = words[(layout.globalsOf(worker) + exports.GLOBALS_OF_CALL.value) >>> 2] as number;
      const slot = layout.slotOf(layout.arenaOf(cursor), call, incarnation);
      exports.setCursor(slot.from);
      words[driver + AT.arenaEnd] = slot.end;
      const log = ((exports.workerLine(worker) >>> 0) + LOGS) >>> 2;
      words[log + 1] = (words[log] as number) + slot.output;
    }
    words[driver + AT.call] = call;
    words[driver + AT.digest] = seedOf(call);
  }

  #endCall(driver: number): true {
    const { words } = this.#parts;
    words.fill(0, driver + AT.isRunning, driver + AT.chosen + 1);
    words[driver + AT.trap] = 0;
    words[driver + AT.phase] = PHASE.next;
    return true;
  }
}
