/**
 * The status of a transaction: one 64-bit word, changed only by the transitions of this file.
 *
 * ```text
 *   63         40 39    10 9         4   3    2 1 0
 *   | dependents | epoch  | incarnation |turn| state |      dependents: TxIndex + 1 of the last to suspend on this one, 0 if none
 *
 *            tryIncarnate            finishExecution            tryCommit
 *   Ready(i) ------------> Executing(i) -----------> Executed(i) ---------> Committed(i)
 *     ^ ^                      |                        |
 *     | |    resume            | suspend                | tryAbort
 *     | +--------------- Suspended(i)                   v
 *     +--------------------------------------------- Aborting(i)
 *            makeReady: the incarnation counts up
 * ```
 *
 * Writers. Ready -> Executing and Executed -> Aborting | Committed are raced for by CAS; whoever wins owns the
 * transaction until the next transition: its read and write set, its result and its nodes in the chains are plain words that only the
 * owner writes, and the next owner reads after its own CAS on this word. Any worker may push a dependent
 * onto a word that is neither Executed nor Committed, so an owner changes it by CAS too, and keeps the dependents.
 *
 * Invariants. Dependents have higher TxIndexes than the transaction they wait for, and all are taken off by the one
 * transition to Executed. So nobody is left behind: a push that comes before it is taken, and one that comes
 * after sees Executed and is refused. An incarnation that starts when all lower transactions have committed is final: it reads what
 * sequential execution reads, and goes from Executing to Committed. `turn`: the next incarnation must be such a one.
 *
 * A word of another epoch is one of an earlier block: the transaction is Ready(0), and has no read and write set. So nothing is
 * initialized, and the line stays with the worker that executes it.
 *
 * A transition that its caller has sole right to and that fails all the same is an invariant broken: it faults the block.
 */
import { FAULT_INVARIANT, raise } from "./fault";
import { transaction } from "./layout";

const READY: u32 = 0;
const EXECUTING: u32 = 1;
const EXECUTED: u32 = 2;
const ABORTING: u32 = 3;
const SUSPENDED: u32 = 4;
const COMMITTED: u32 = 5;

const STATE: u64 = 7;
const TURN: u64 = 8;
const INCARNATION: u64 = 16;
const INCARNATIONS: u64 = 63 * INCARNATION;
const EPOCH_SHIFT: u64 = 10;
/** Epochs are below this. */
export const EPOCHS: u32 = 1 << 30;
const EPOCH: u64 = <u64>(EPOCHS - 1) << EPOCH_SHIFT;
const DEPENDENTS_SHIFT: u64 = 40;
/** All but the dependents. */
const OWN: u64 = ((<u64>1) << DEPENDENTS_SHIFT) - 1;

/** Incarnations of a transaction that may start before its turn. The next one starts when it is at the frontier, and is the last. */
const MAX_SPECULATIVE: u64 = 8;

// ---- a transaction's words (offsets) ----
const TX_STATUS: usize = 0;
/** u64 {number of entries, address}: the read and write set, see accesses.ts. Replaced as one word, since a validator may be looking. */
export const TX_ACCESSES: usize = 8;
const TX_NEXT_DEPENDENT: usize = 16;
export const TX_RESULT: usize = 20;
export const TX_CODE: usize = 24;
export const TX_OUTPUT: usize = 28;
export const TX_OUTPUT_LENGTH: usize = 32;
export const TX_EVENTS: usize = 36;
/** u64 */
export const TX_GAS_USED: usize = 40;

/** The block's epoch, in its place. */
let epochTag: u64 = 0;

export function enterStatus(epoch: u32): void {
  epochTag = <u64>epoch << EPOCH_SHIFT;
}

@inline
function isCurrent(word: u64): bool {
  return (word & EPOCH) == epochTag;
}

@inline
function wordOf(txIndex: u32): u64 {
  const word = atomic.load<u64>(transaction(txIndex), TX_STATUS);
  return isCurrent(word) ? word : epochTag;
}

@inline
function cas(txIndex: u32, from: u64, to: u64): bool {
  return atomic.cmpxchg<u64>(transaction(txIndex), from, to, TX_STATUS) == from;
}

/** The status word if the transaction is Executed, else 0: what `tryAbort` and `tryCommit` take, so that they act on the incarnation that was looked at. */
@inline
export function executedWord(txIndex: u32): u64 {
  const word = wordOf(txIndex);
  return (word & STATE) == EXECUTED ? word : 0;
}

@inline
export function isCommitted(txIndex: u32): bool {
  return (wordOf(txIndex) & STATE) == COMMITTED;
}

/** Whether it is Ready and waits for the frontier. */
@inline
export function awaitsTurn(txIndex: u32): bool {
  return (wordOf(txIndex) & (STATE | TURN)) == TURN;
}

/** The number of its last incarnation. */
export function incarnationOf(txIndex: u32): u32 {
  return <u32>((wordOf(txIndex) & INCARNATIONS) / INCARNATION);
}

/** What its last incarnation used. */
@inline
export function gasUsedBy(txIndex: u32): u64 {
  return load<u64>(transaction(txIndex), TX_GAS_USED);
}

/** Ready -> Executing. False if it is not Ready, waits for its turn and this is not it, or another worker was faster. */
export function tryIncarnate(txIndex: u32, isTurn: bool): bool {
  while (true) {
    const word = atomic.load<u64>(transaction(txIndex), TX_STATUS);
    if (!isCurrent(word)) {
      if (!cas(txIndex, word, epochTag | EXECUTING)) continue;
      store<u64>(transaction(txIndex), 0, TX_ACCESSES);
      return true;
    }
    if ((word & STATE) != READY || ((word & TURN) != 0 && !isTurn)) return false;
    if (cas(txIndex, word, word | EXECUTING)) return true;
  }
}

/** Executing -> Executed, or Committed if it was `final`, taking the dependents off. Returns the first of them as TxIndex + 1, 0 if there is none. */
export function finishExecution(txIndex: u32, final: bool): u32 {
  while (true) {
    const word = wordOf(txIndex);
    if ((word & STATE) != EXECUTING) raise(FAULT_INVARIANT);
    if (cas(txIndex, word, (word & OWN & ~STATE) | (final ? COMMITTED : EXECUTED))) return <u32>(word >> DEPENDENTS_SHIFT);
  }
}

/** The one that suspended before `txIndex` on the same transaction, as TxIndex + 1. */
@inline
export function nextDependent(txIndex: u32): u32 {
  return load<u32>(transaction(txIndex), TX_NEXT_DEPENDENT);
}

/** Executing -> Suspended. */
export function suspend(txIndex: u32): void {
  transition(txIndex, EXECUTING, SUSPENDED, 0);
}

/** Have the suspended `txIndex` resumed when `blocker` finishes. False if `blocker` is Executed or Committed: nothing to wait for. */
export function tryAddDependent(blocker: u32, txIndex: u32): bool {
  while (true) {
    const word = wordOf(blocker);
    const state = <u32>(word & STATE);
    if (state == EXECUTED || state == COMMITTED) return false;
    store<u32>(transaction(txIndex), <u32>(word >> DEPENDENTS_SHIFT), TX_NEXT_DEPENDENT);
    if (cas(blocker, word, (word & OWN) | (<u64>(txIndex + 1) << DEPENDENTS_SHIFT))) return true;
  }
}

/** Suspended -> Ready, next incarnation. True if it waits for its turn, as in `makeReady`. */
export function resume(txIndex: u32): bool {
  return readyAgain(txIndex, SUSPENDED);
}

/** Executed -> Aborting. False if the word has changed: another worker was faster. */
export function tryAbort(txIndex: u32, word: u64): bool {
  return cas(txIndex, word, (word & ~STATE) | ABORTING);
}

/** Aborting -> Ready, next incarnation. From MAX_SPECULATIVE on it waits for its turn: true. */
export function makeReady(txIndex: u32): bool {
  return readyAgain(txIndex, ABORTING);
}

function readyAgain(txIndex: u32, from: u32): bool {
  const waits = (wordOf(txIndex) & INCARNATIONS) >= (MAX_SPECULATIVE - 1) * INCARNATION;
  transition(txIndex, from, READY, INCARNATION | (waits ? TURN : 0));
  return waits;
}

/** Executed -> Committed. False if the word has changed: another worker aborts it. */
export function tryCommit(txIndex: u32, word: u64): bool {
  return cas(txIndex, word, (word & ~STATE) | COMMITTED);
}

function transition(txIndex: u32, from: u32, to: u32, add: u64): void {
  while (true) {
    const word = wordOf(txIndex);
    if ((word & STATE) != from) raise(FAULT_INVARIANT);
    if (cas(txIndex, word, ((word & ~(STATE | TURN)) | to) + add)) return;
  }
}
