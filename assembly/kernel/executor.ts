/**
 * A block as its worker goes through it: the steps that a driver calls, in this order.
 *
 * ```text
 *   enter, then  next -> run the method -> next -> run the method -> ... -> DONE, then  arrive, commit, depart
 *                   \-> IDLE: park          \-> trap: unwound, next
 * ```
 *
 * `next` also completes the call that ran before it, so that one call of the driver into the kernel serves one transaction.
 * No step waits. Between `arrive` and `commit` the driver waits until all participants have arrived: only then does nobody read
 * committed values any more.
 *
 * Sequential execution is the same view, every call final: what it wrote is committed, as a copy, when it has returned.
 */
import { ACCESS_LOCATION, ACCESS_SIZE, ACCESS_WRITTEN, endOfAccesses, firstAccess } from "./accesses";
import { arenaMark, closeLog, resetArena, resetLog, rewindArena } from "./arena";
import { apply, enterCommit, packWriteSet } from "./commit";
import { enterHeap } from "./heap";
import { beginContext } from "./context";
import { enterFrames } from "./frames";
import {
  FAULT_INVARIANT, UNWIND_ESTIMATE, UNWIND_FAULT, UNWIND_NONE, clearUnwinding, faulted, setFault, unwinding,
} from "./fault";
import {
  AT_ARRIVED, AT_COUNT, AT_DEPARTED, AT_EPOCH, AT_FROM, AT_MODE, AT_PARTICIPANTS, BLOCK_STM, CALL_CONTRACT, CALL_ENTRY, CALL_GAS_LIMIT,
  CALL_INPUT_LENGTH, NO_ENTRY,
  PATCH, SEQUENTIAL, WORKER_JOURNAL, WORKER_REPORTS, WORKER_TAPE, WORKER_WRITES, call, transaction, worker,
} from "./layout";
import { beginGas, gas, gasUsed, stackLeft } from "./gas";
import {
  CODE_OUT_OF_GAS, INVALID, OUT_OF_GAS, beginResult, failed, setFailure, setGasUsed, setTrap,
} from "./result";
import { DONE, enterScheduler, finish, isExecutingFinal, nextTransaction, waitFor } from "./scheduler";
import { countExecution, countGas, resetStats, storeStats } from "./stats";
import { enterKeys } from "./keys";
import { frontierWord } from "./frontier";
import { applyPatch } from "./patch";
import { tellInOrder } from "./progress";
import { noteCost } from "./run";
import {
  TAPE_FINAL, TAPE_SPECULATIVE, TAPE_UNWOUND, enterTape, isTaped, tapeArrival, tapeEstimate, tapeExecution, tapeIdle, tapeWork,
} from "./tape";
import { commitOwnWrites, enterValidation, publishAccesses } from "./validate";
import { enterStatus, incarnationOf } from "./status";
import { setEpoch } from "./versions";
import { beginView, beginViewAgain, blocker, dropWrites, enterView } from "./view";

let mode: u32 = 0;
/** The running transaction, -1 while there is none. */
let running: i32 = -1;
let sequentialNext: u32 = 0;
let sequentialCount: u32 = 0;
let sequentialMark: usize = 0;

/** Start on the block that the header describes. */
export function enter(): void {
  mode = load<u32>(AT_MODE);
  running = -1;
  sequentialNext = load<u32>(AT_FROM);
  sequentialCount = load<u32>(AT_COUNT);
  // A block that goes on keeps what there is of it.
  if (sequentialNext == 0) resetWorker();
  enterHeap();
  enterKeys();
  setEpoch(load<u32>(AT_EPOCH));
  enterStatus(load<u32>(AT_EPOCH));
  enterCommit(load<u32>(AT_EPOCH));
  enterView();
  enterFrames();
  enterValidation();
  enterScheduler();
  enterTape();
}

function resetWorker(): void {
  resetArena();
  resetLog(worker + WORKER_REPORTS);
  resetLog(worker + WORKER_WRITES);
  resetLog(worker + WORKER_JOURNAL);
  resetLog(worker + WORKER_TAPE);
  resetStats();
}

/** Complete the call that has returned, if there is one. Then the method-table entry of the next call to run, IDLE, or DONE. */
export function next(): i32 {
  if (running >= 0) complete();
  while (true) {
    const claimed = mode == BLOCK_STM ? nextTransaction() : nextInOrder();
    if (claimed < 0) {
      if (isTaped) {
        if (claimed == DONE) tapeArrival();
        else tapeIdle();
      }
      return claimed;
    }
    begin(claimed);
    const entry = load<u32>(call(claimed), CALL_ENTRY);
    if (gas < 0) setFailure(OUT_OF_GAS, CODE_OUT_OF_GAS);
    else if (entry != NO_ENTRY) return entry;
    else setFailure(INVALID, load<u32>(call(claimed), CALL_CONTRACT));
    complete();
  }
}

function nextInOrder(): i32 {
  if (mode == PATCH) applyPatch();
  if (sequentialNext == sequentialCount || faulted()) return DONE;
  if (mode == SEQUENTIAL) tellInOrder(sequentialNext);
  sequentialMark = arenaMark();
  return sequentialNext++;
}

@inline
function begin(txIndex: u32): void {
  running = txIndex;
  if (isTaped) tapeWork();
  countExecution();
  clearUnwinding();
  if (mode == BLOCK_STM) beginView(txIndex, isExecutingFinal, <u32>frontierWord());
  else beginView(txIndex, true, 0);
  beginResult(transaction(txIndex));
  const callAddress = call(txIndex);
  beginGas(load<i64>(callAddress, CALL_GAS_LIMIT), load<u32>(callAddress, CALL_INPUT_LENGTH));
  beginContext(callAddress);
}

function complete(): void {
  const txIndex = running;
  running = -1;
  const used = gasUsed();
  setGasUsed(used);
  if (failed()) dropWrites();
  if (mode == BLOCK_STM) {
    noteCost(used);
    if (isExecutingFinal) {
      commitOwnWrites();
      countGas(used);
    } else publishAccesses(txIndex);
    if (isTaped) tapeExecution(isExecutingFinal ? TAPE_FINAL : TAPE_SPECULATIVE, txIndex, incarnationOf(txIndex), used);
    finish(txIndex);
  } else {
    if (mode == SEQUENTIAL) applyWrites();
    if (isTaped) tapeExecution(TAPE_FINAL, txIndex, 0, used);
    countGas(used);
    rewindArena(sequentialMark);
  }
}

function applyWrites(): void {
  const end = endOfAccesses();
  for (let access = firstAccess(); access < end; access += ACCESS_SIZE) {
    const written: usize = load<u32>(access, ACCESS_WRITTEN);
    if (written != 0) apply(load<u32>(access, ACCESS_LOCATION), written);
  }
}

/**
 * The method did not return: the driver caught an error. Where the kernel did not raise it, and gas and stack are not spent,
 * `trapCode` is the code of the contract's failure.
 */
export function unwound(trapCode: u32): void {
  if (running < 0 || unwinding == UNWIND_FAULT) {
    if (!faulted()) setFault(FAULT_INVARIANT);
    running = -1;
    return;
  }
  if (unwinding == UNWIND_ESTIMATE) {
    const txIndex = running;
    running = -1;
    if (isTaped) {
      tapeExecution(TAPE_UNWOUND, txIndex, incarnationOf(txIndex), gasUsed());
      tapeEstimate(txIndex);
    }
    waitFor(txIndex, blocker);
    return;
  }
  if (unwinding == UNWIND_NONE) setTrap(gas < 0, stackLeft < 0, trapCode);
  complete();
}

/**
 * Begin the running call again, as if nothing of it had been run: it is a function of what it reads. A driver can thus run it in one go, and later, when a read was to happen
 * by the driver's clock, run it again if that read would give another record: `giveRead` has it read what it read before up to there.
 */
export function beginAgain(): void {
  const callAddress = call(running);
  clearUnwinding();
  beginViewAgain();
  beginResult(transaction(running));
  beginGas(load<i64>(callAddress, CALL_GAS_LIMIT), load<u32>(callAddress, CALL_INPUT_LENGTH));
  beginContext(callAddress);
}

/** Gas that the running call has used so far. */
export function usedSoFar(): f64 {
  return <f64>gasUsed();
}

/** TxIndex of the running call, -1 while there is none. */
export function runningCall(): i32 {
  return running;
}

/** Which incarnation of it runs. What is executed in order is executed last. */
export function runningIncarnation(): i32 {
  return mode == BLOCK_STM ? incarnationOf(running) : i32.MAX_VALUE;
}

/** Leave the execution phase. */
export function arrive(): void {
  if (atomic.add<u32>(AT_ARRIVED, 1) + 1 == load<u32>(AT_PARTICIPANTS)) atomic.notify(AT_ARRIVED, i32.MAX_VALUE);
}

/** All have arrived: if that is the block's end, pack this worker's part of the write set. */
export function commit(): void {
  // What a patch sets is where it stays, and nobody asks for it.
  if (mode == PATCH) return;
  if (!faulted() && (mode != BLOCK_STM || <u32>frontierWord() == sequentialCount)) packWriteSet();
}

/** Leave the block. The last one wakes the host, and whatever still waits for an earlier block whose worker died. */
export function depart(): void {
  closeLog(worker + WORKER_REPORTS);
  closeLog(worker + WORKER_TAPE);
  storeStats();
  if (atomic.add<u32>(AT_DEPARTED, 1) + 1 == load<u32>(AT_PARTICIPANTS)) atomic.notify(AT_DEPARTED, i32.MAX_VALUE);
}
