/**
 * The frontier: the lowest transaction that has not committed. {lookahead in sixteenths << 1 | lock, TxIndex} in one word, changed by CAS; the
 * lock is never waited for.
 *
 * Only the holder of the lock commits, in order: it validates the transaction at the frontier, whose lower ones are all committed, so the
 * verdict is final. Passed: it is committed. Failed: it is aborted, and its next incarnation reads committed values only.
 *
 * Who advances the frontier. The worker that holds the run it is in, between two of its calls; where runs are single calls, whoever
 * finished the one at the frontier, as far as it goes; and a worker that has nothing else to do, before it sleeps. So whoever
 * leaves an Executed transaction at the frontier behind is awake, and will come by here before it is not.
 *
 * A *streak* is a worker's transactions that began at the frontier and were executed one after another: all final, though the frontier word
 * stays behind until the run is over, since others need not see it move for each call.
 *
 * Lookahead bounds how far above the frontier work may start. It grows by HELD with each speculative incarnation that commits and shrinks by
 * FAILED with each that does not, down to one run: then nothing is executed speculatively, since that only takes cache lines from
 * the worker at the frontier. From there it grows slowly, so that a part of the block that is less contended is noticed.
 */
import { AT_COUNT, AT_FRONTIER, AT_GRAIN, AT_POLICY, POLICY_ESTIMATES, POLICY_YIELD } from "./layout";
import { wake, wakeAll } from "./park";
import { tell } from "./progress";
import { claimedEnd, closeClaims, grain, heldEnd, isEnd, isRunOver, position } from "./run";
import { countAbort, countGas } from "./stats";
import { awaitsTurn, executedWord, gasUsedBy, isCommitted, makeReady, tryAbort, tryCommit } from "./status";
import { isTaped, tapeAbort, tapeCommit, tapeLock } from "./tape";
import { commitWrites, markEstimates, readsCommitted } from "./validate";
import { startWave } from "./wave";

const LOCKED: u64 = 1 << 32;
/** Lookahead in sixteenths of a transaction. */
const INITIAL_LOOKAHEAD: i32 = 256 << 4;
const MAX_LOOKAHEAD: i32 = 2048 << 4;
const HELD: i32 = 16;
const FAILED: i32 = 24;

let count: u32 = 0;
let marksEstimates: bool = false;
let yields: bool = false;
/** End of this worker's streak, if it has one: all from the frontier to here are final, and executed by it. */
let streakEnd: u32 = 0;
/** A transaction that this worker has made Ready and means to execute itself, + 1. */
let own: u32 = 0;

/** Before a block, by the host. */
export function resetFrontier(): void {
  const initial = max(INITIAL_LOOKAHEAD, <i32>load<u32>(AT_GRAIN) << 5);
  atomic.store<u64>(AT_FRONTIER, <u64>initial << 33);
}

export function enterFrontier(): void {
  count = load<u32>(AT_COUNT);
  marksEstimates = (load<u32>(AT_POLICY) & POLICY_ESTIMATES) != 0;
  yields = (load<u32>(AT_POLICY) & POLICY_YIELD) != 0;
  streakEnd = 0;
  own = 0;
}

@inline
export function frontierWord(): u64 {
  return atomic.load<u64>(AT_FRONTIER);
}

/** Transactions from the frontier on that may be started. */
@inline
export function lookahead(word: u64): u32 {
  return <u32>(word >> 37);
}

/** The frontier as this worker knows it, which may be further on than what it has told. */
@inline
export function frontierFrom(word: u64): u32 {
  return max(<u32>word, streakEnd);
}

/** An incarnation of `txIndex` that starts now reads what sequential execution reads. */
@inline
export function isTurnOf(txIndex: u32): bool {
  return streakEnd == txIndex || <u32>frontierWord() == txIndex;
}

/** A final incarnation of `txIndex` is Executed. */
@inline
export function extendStreak(txIndex: u32): void {
  streakEnd = txIndex + 1;
}

@inline
export function isInStreak(): bool {
  return streakEnd == position && !isRunOver();
}

/** The transaction that this worker is to execute before all others, as TxIndex + 1; 0 if there is none. Forgotten when told. */
@inline
export function takeOwn(): u32 {
  const taken = own;
  own = 0;
  return taken;
}

export function setOwn(txIndex: u32): void {
  own = txIndex + 1;
}

/**
 * Commit what can be committed, to the end of the run that this worker holds, or as far as it goes (`all`). Not while another worker is at it:
 * that one looks again after it has unlocked, whatever it did under the lock. So does this one, also when it has aborted the
 * transaction at the frontier and means to execute it: another may have claimed and executed it before the unlocking, and gone.
 * True if the frontier has moved, or there is something for this worker to execute.
 */
export function advance(all: bool): bool {
  let moved = false;
  while (true) {
    const word = frontierWord();
    const at = <u32>word;
    if ((word & LOCKED) != 0 || at == count) return moved;
    if (streakEnd > at) {
      if (atomic.cmpxchg<u64>(AT_FRONTIER, word, word | LOCKED) != word) continue;
      unlock(word, streakEnd, <i32>(word >> 33) + <i32>(streakEnd - at));
      moved = true;
      continue;
    }
    const limit = all ? count : heldEnd(at);
    if (at >= limit) return moved;
    // Another's streak: it will tell, unless it met this worker's lock.
    if (executedWord(at) == 0 && !(moved && isCommitted(at))) {
      if (awaitsTurn(at)) own = at + 1;
      return moved || own != 0;
    }
    if (atomic.cmpxchg<u64>(AT_FRONTIER, word, word | LOCKED) != word) continue;
    // What this worker had aborted on the round before is executed: it was the transaction at the frontier.
    own = 0;
    commitFrom(word, limit);
    moved = true;
  }
}

/** With the lock held: commit from the frontier on, to `limit` at most, and unlock. */
function commitFrom(word: u64, limit: u32): void {
  if (isTaped) tapeLock();
  let sixteenths = <i32>(word >> 33);
  let at = <u32>word;
  for (; at < limit; at++) {
    const status = executedWord(at);
    if (status == 0) {
      if (isCommitted(at)) continue;
      break;
    }
    if (!readsCommitted(at)) {
      if (tryAbort(at, status)) {
        sixteenths -= FAILED;
        abort(at);
      }
      break;
    }
    if (!tryCommit(at, status)) break;
    commitWrites(at);
    countGas(gasUsedBy(at));
    sixteenths += HELD;
  }
  unlock(word, at, sixteenths);
}

function unlock(word: u64, at: u32, sixteenths: i32): void {
  const bounded = max(<i32>(grain << 4), min(sixteenths, MAX_LOOKAHEAD));
  const now = (<u64>bounded << 33) | at;
  atomic.store<u64>(AT_FRONTIER, now);
  if (isTaped) tapeCommit(<u32>word, at);
  tell(at);
  if (yields && bounded == <i32>(grain << 4)) closeClaims();
  if (isEnd(at)) {
    wakeAll();
    return;
  }
  // One of the runs that may now be claimed is this worker's.
  const claimable = <i32>(at + lookahead(now) - max(claimedEnd(), <u32>word + lookahead(word)));
  if (claimable > <i32>grain) wake(claimable / <i32>grain);
}

/**
 * Aborting: where calls are claimed one by one its writes become ESTIMATEs, and those above it that may have read them are validated; in
 * runs their worker will find out soon. This worker executes it, unless it must wait for its turn and that is not now.
 */
export function abort(txIndex: u32): void {
  countAbort();
  if (isTaped) tapeAbort(txIndex);
  if (marksEstimates) markEstimates(txIndex);
  if (!makeReady(txIndex) || isTurnOf(txIndex)) own = txIndex + 1;
  if (grain == 1) startWave(txIndex + 1, claimedEnd());
}
