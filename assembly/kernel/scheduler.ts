/**
 * Which transaction a worker turns to next. After the Block-STM paper (arXiv 2203.06871, §3 and §4); what differs and why it is
 * right is argued in README.md. Nothing here waits: `next` gives a transaction to execute, or says that there is none now.
 *
 * ```text
 *        0 ... committed ...|frontier          |execution cursor          frontier + lookahead     n
 *        final              | executed, executing, suspended ...  | not started | may not be started yet
 * ```
 *
 * Invariant: every Ready transaction is at or above the execution cursor; or in a run of a worker that has not come to it; or a worker that made it
 * Ready is about to incarnate it; or it waits for its turn, and then whoever moves the frontier to it, or finds the frontier there, incarnates it.
 */
import { forgetGuess } from "./delta";
import { faulted } from "./fault";
import {
  abort, advance, enterFrontier, extendStreak, frontierFrom, frontierWord, isInStreak, isTurnOf, lookahead, resetFrontier, setOwn, takeOwn,
} from "./frontier";
import { AT_POLICY, POLICY_PARK } from "./layout";
import { wake } from "./park";
import { claimRun, enterRuns, grain, heldEnd, isEnd, isRunOver, lowerCursor, nextOfRun, resetCursor } from "./run";
import { countDependencyWait } from "./stats";
import {
  executedWord, finishExecution, incarnationOf, nextDependent, resume, suspend, tryAbort, tryAddDependent, tryIncarnate,
} from "./status";
import { isTaped, tapeBegin, tapeResumed, tapeValidation } from "./tape";
import { readsHold } from "./validate";
import { nextOfWave, resetWave } from "./wave";

/** There is nothing to do now. */
export const IDLE: i32 = -1;
/** Every transaction has committed, or the block is faulted. */
export const DONE: i32 = -2;

let parks: bool = false;
/** The incarnation that this worker executes started at the frontier: it reads what sequential execution reads. */
export let isExecutingFinal: bool = false;

/** Before a block, by the host. */
export function resetScheduler(): void {
  resetCursor();
  resetWave();
  resetFrontier();
}

export function enterScheduler(): void {
  parks = (load<u32>(AT_POLICY) & POLICY_PARK) != 0;
  enterRuns();
  enterFrontier();
}

/** A transaction that is now Executing and this worker's, IDLE, or DONE. */
export function nextTransaction(): i32 {
  if (faulted()) return DONE;
  while (true) {
    const own = takeOwn();
    if (own != 0) {
      if (incarnate(own - 1)) return own - 1;
      continue;
    }
    const word = frontierWord();
    if (isRunOver()) {
      if (isEnd(<u32>word)) return DONE;
      // Before the frontier moves on, so that a worker in a streak goes on with it: what it needs is in its core's cache.
      if (validateFromWave()) continue;
      const frontier = frontierFrom(word);
      const claimed = claimRun(frontier, frontier + lookahead(word));
      if (claimed) forgetGuess();
      if (!advance(grain == 1 || !claimed) && !claimed) return IDLE;
    } else if (isInStreak() || heldEnd(<u32>word) == 0 || !advance(grain == 1)) {
      const txIndex = nextOfRun();
      if (incarnate(txIndex)) return txIndex;
    }
  }
}

@inline
function incarnate(txIndex: u32): bool {
  const final = isTurnOf(txIndex);
  if (!tryIncarnate(txIndex, final)) return false;
  isExecutingFinal = final;
  return true;
}

/** The execution of `txIndex` is over and published. */
export function finish(txIndex: u32): void {
  const dependents = finishExecution(txIndex, isExecutingFinal);
  if (isExecutingFinal) extendStreak(txIndex);
  resumeDependents(dependents);
  if (!isInStreak() && (isExecutingFinal || <u32>frontierWord() == txIndex)) advance(grain == 1);
}

function resumeDependents(first: u32): void {
  if (first == 0) return;
  let lowest: u32 = u32.MAX_VALUE;
  let resumed: u32 = 0;
  for (let dependent = first; dependent != 0; resumed++) {
    const txIndex = dependent - 1;
    // Once resumed it may be executed, and suspend elsewhere, at any moment.
    dependent = nextDependent(txIndex);
    if (isTaped) tapeResumed(txIndex);
    if (!resume(txIndex)) lowest = min(lowest, txIndex);
    else if (isTurnOf(txIndex)) setOwn(txIndex);
  }
  lowerCursor(lowest);
  wake(resumed);
}

/** `txIndex` met an ESTIMATE of `blocker`: leave it until the blocker has finished, or run it again at once if it has. */
export function waitFor(txIndex: u32, blocker: u32): void {
  countDependencyWait();
  suspend(txIndex);
  if (parks && tryAddDependent(blocker, txIndex)) return;
  if (isTaped) tapeResumed(txIndex);
  if (!resume(txIndex) || isTurnOf(txIndex)) setOwn(txIndex);
}

/** Validate one transaction of the wave. False if the wave is over. */
function validateFromWave(): bool {
  const at = nextOfWave();
  if (at < 0) return false;
  const word = executedWord(at);
  if (word == 0) return true;
  const incarnation = incarnationOf(at);
  if (isTaped) tapeBegin();
  if (!readsHold(at) && tryAbort(at, word)) abort(at);
  if (isTaped) tapeValidation(at, incarnation);
  return true;
}
