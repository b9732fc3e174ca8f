/**
 * Which transaction a worker turns to next. After the Block-STM paper (arXiv 2203.06871, §3 and §4); what differs and why it is
 * right is argued in README.md. Nothing here waits: `next` gives a transaction to execute, or says that there is none now.
 *
 * ```text
 *        0 ... committed ...|frontier          |execution cursor          frontier + lookahead     n
 *        final              | executed, executing, suspended ...  | not started | may not be started yet
 * ```
 *
 * Words, each on a line of its own, written by any worker, all accesses atomic:
 * - execution cursor  the next TxIndex to claim. CAS up by one to claim; CAS down to the lowest transaction made Ready.
 *                     Invariant: every Ready transaction is at or above it, or a worker that claimed it is about to incarnate it.
 * - wave              {end, next}: TxIndexes still to be validated because a lower transaction aborted. Empty if next >= end.
 *                     Only a hint: a wave finds stale reads early, but nothing depends on it.
 * - frontier          {lookahead << 1 | lock, first transaction that has not committed}. The lock is taken by CAS and never waited for.
 *
 * Only the holder of the frontier's lock commits, in order: it validates the transaction at the frontier, whose lower ones are all
 * committed, so the verdict is final. Passed: it is committed. Failed: it is aborted, and its next incarnation reads
 * committed values only. A worker that finishes a transaction and finds the lock taken may go: the holder looks at the frontier again
 * after it has unlocked.
 *
 * Lookahead bounds how far above the frontier work may start. It grows by one with each commit and is halved by each
 * abort at the frontier, down to the number of workers: a contended block wastes little, a free one is not held back.
 */
import { faulted } from "./fault";
import { AT_COUNT, AT_EXECUTION, AT_FRONTIER, AT_PARTICIPANTS, AT_WAVE } from "./layout";
import { wake, wakeAll } from "./park";
import { countAbort, countDependencyWait, countValidation } from "./stats";
import {
  executedWord, finishExecution, isFinal, makeReady, nextDependent, resume, suspend, tryAbort, tryAddDependent, tryCommit,
  tryIncarnate,
} from "./status";
import { markEstimates, readsHold } from "./validate";

/** There is nothing to do now. */
export const IDLE: i32 = -1;
/** Every transaction has committed, or the block is faulted. */
export const DONE: i32 = -2;

const LOCKED: u64 = 1 << 32;
const INITIAL_LOOKAHEAD: u32 = 64;
const MAX_LOOKAHEAD: u32 = 4096;

let count: u32 = 0;
let minLookahead: u32 = 0;
/** A transaction that this worker has made Ready and means to execute itself, + 1. */
let own: u32 = 0;

/** Before a block, by the host. */
export function resetScheduler(): void {
  atomic.store<u32>(AT_EXECUTION, 0);
  atomic.store<u64>(AT_WAVE, 0);
  atomic.store<u64>(AT_FRONTIER, <u64>max(INITIAL_LOOKAHEAD, load<u32>(AT_PARTICIPANTS)) << 33);
}

export function enterScheduler(): void {
  count = load<u32>(AT_COUNT);
  minLookahead = load<u32>(AT_PARTICIPANTS);
  own = 0;
}

/** A transaction that is now Executing and this worker's, IDLE, or DONE. */
export function nextTransaction(): i32 {
  if (faulted()) return DONE;
  while (true) {
    if (own != 0) {
      const claimed = own - 1;
      own = 0;
      if (tryIncarnate(claimed, frontier() == claimed)) return claimed;
    }
    const frontierWord = atomic.load<u64>(AT_FRONTIER);
    if (<u32>frontierWord == count) return DONE;
    const cursor = atomic.load<u32>(AT_EXECUTION);
    if (validateFromWave()) continue;
    const limit = min(count, <u32>frontierWord + <u32>(frontierWord >> 33));
    if (cursor >= limit) return IDLE;
    if (atomic.cmpxchg<u32>(AT_EXECUTION, cursor, cursor + 1) != cursor) continue;
    if (tryIncarnate(cursor, frontier() == cursor)) return cursor;
  }
}

@inline
function frontier(): u32 {
  return <u32>atomic.load<u64>(AT_FRONTIER);
}

/** The execution of `txIndex` is over and published. */
export function finish(txIndex: u32): void {
  resumeDependents(finishExecution(txIndex));
  if (frontier() == txIndex) advance();
}

function resumeDependents(first: u32): void {
  if (first == 0) return;
  let lowest: u32 = u32.MAX_VALUE;
  let resumed: u32 = 0;
  for (let dependent = first; dependent != 0; resumed++) {
    const txIndex = dependent - 1;
    // Once resumed it may be executed, and suspend elsewhere, at any moment.
    dependent = nextDependent(txIndex);
    resume(txIndex);
    lowest = min(lowest, txIndex);
  }
  lowerCursor(lowest);
  wake(resumed);
}

function lowerCursor(to: u32): void {
  while (true) {
    const cursor = atomic.load<u32>(AT_EXECUTION);
    if (cursor <= to || atomic.cmpxchg<u32>(AT_EXECUTION, cursor, to) == cursor) return;
  }
}

/** `txIndex` met an ESTIMATE of `blocker`: leave it until the blocker has finished, or run it again at once if it has. */
export function waitFor(txIndex: u32, blocker: u32): void {
  countDependencyWait();
  suspend(txIndex);
  if (tryAddDependent(blocker, txIndex)) return;
  resume(txIndex);
  own = txIndex + 1;
}

// ---- the frontier ----

/**
 * Commit what can be committed, unless another worker is at it: that one looks again after it has unlocked, whatever it did
 * under the lock. So does this one, also when it has aborted the transaction at the frontier and means to execute it: another
 * may have claimed and executed it before the unlocking, and gone.
 */
function advance(): void {
  while (true) {
    const word = atomic.load<u64>(AT_FRONTIER);
    if ((word & LOCKED) != 0 || <u32>word == count || executedWord(<u32>word) == 0) return;
    if (atomic.cmpxchg<u64>(AT_FRONTIER, word, word | LOCKED) != word) continue;
    // What this worker had aborted on the round before is executed: it was the transaction at the frontier.
    own = 0;
    commitFrom(<u32>word, <u32>(word >> 33));
  }
}

/** With the lock held: commit from `from` on, and unlock. */
function commitFrom(from: u32, lookahead: u32): void {
  const oldLimit = from + lookahead;
  let at = from;
  for (; at < count; at++) {
    const word = executedWord(at);
    if (word == 0) break;
    if (!isFinal(word) && !readsHold(at)) {
      if (tryAbort(at, word)) {
        lookahead = max(lookahead >> 1, minLookahead);
        abort(at);
      }
      break;
    }
    if (!tryCommit(at, word)) break;
    if (lookahead < MAX_LOOKAHEAD) lookahead++;
  }
  atomic.store<u64>(AT_FRONTIER, (<u64>lookahead << 33) | at);
  if (at == count) wakeAll();
  else if (atomic.load<u32>(AT_EXECUTION) >= oldLimit && at + lookahead > oldLimit) wake(at + lookahead - oldLimit);
}

/** Aborting: its writes become ESTIMATEs, those above it that may have read them are validated, and this worker executes it. */
function abort(txIndex: u32): void {
  countAbort();
  markEstimates(txIndex);
  makeReady(txIndex);
  own = txIndex + 1;
  startWave(txIndex + 1, atomic.load<u32>(AT_EXECUTION));
}

// ---- the wave ----

function startWave(from: u32, end: u32): void {
  if (from >= end) return;
  while (true) {
    const word = atomic.load<u64>(AT_WAVE);
    const next = <u32>word;
    const oldEnd = <u32>(word >> 32);
    const merged: u64 =
      next >= oldEnd ? (<u64>end << 32) | from : (<u64>max(end, oldEnd) << 32) | min(next, from);
    if (merged == word) return;
    if (atomic.cmpxchg<u64>(AT_WAVE, word, merged) == word) break;
  }
  wake(1);
}

/** Validate one transaction of the wave. False if the wave is over. */
function validateFromWave(): bool {
  const word = atomic.load<u64>(AT_WAVE);
  const at = <u32>word;
  if (at >= <u32>(word >> 32)) return false;
  if (atomic.cmpxchg<u64>(AT_WAVE, word, word + 1) != word) return true;
  const status = executedWord(at);
  if (status != 0 && !isFinal(status) && !readsHold(at) && tryAbort(at, status)) abort(at);
  return true;
}
