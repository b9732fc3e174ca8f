/**
 * The status of a transaction: one 64-bit word, changed only by the transitions of this file.
 *
 * ```text
 *   63            32 31              4   3     2 1 0
 *   | dependents    | incarnation      |final| state |      dependents: TxIndex + 1 of the last to suspend on this one, 0 if none
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
 * after sees Executed and is refused. `final` is set where all lower transactions had committed before the
 * incarnation started, so that it read what sequential execution reads and needs no validation.
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
const FINAL: u64 = 8;
const INCARNATION: u64 = 16;
const OWN_HALF: u64 = 0xffffffff;

// ---- a transaction's words (offsets) ----
const TX_STATUS: usize = 0;
/** u64 {number of entries, address}: the read and write set, see view.ts. Replaced as one word, since a validator may be looking. */
export const TX_ACCESSES: usize = 8;
const TX_NEXT_DEPENDENT: usize = 16;
export const TX_RESULT: usize = 20;
export const TX_CODE: usize = 24;
export const TX_OUTPUT: usize = 28;
export const TX_OUTPUT_LENGTH: usize = 32;
export const TX_EVENTS: usize = 36;
/** u64 */
export const TX_GAS_USED: usize = 40;

@inline
function wordOf(txIndex: u32): u64 {
  return atomic.load<u64>(transaction(txIndex), TX_STATUS);
}

@inline
function cas(txIndex: u32, from: u64, to: u64): bool {
  return atomic.cmpxchg<u64>(transaction(txIndex), from, to, TX_STATUS) == from;
}

/** Ready, incarnation 0, no read or write set. While no worker runs. */
export function initialize(txIndex: u32): void {
  store<u64>(transaction(txIndex), READY, TX_STATUS);
  store<u64>(transaction(txIndex), 0, TX_ACCESSES);
}

/** The status word if the transaction is Executed, else 0: what `tryAbort` and `tryCommit` take, so that they act on the incarnation that was looked at. */
@inline
export function executedWord(txIndex: u32): u64 {
  const word = wordOf(txIndex);
  return (word & STATE) == EXECUTED ? word : 0;
}

@inline
export function isFinal(word: u64): bool {
  return (word & FINAL) != 0;
}

/** Ready -> Executing. False if it is not Ready or another worker was faster. */
export function tryIncarnate(txIndex: u32, final: bool): bool {
  while (true) {
    const word = wordOf(txIndex);
    if ((word & STATE) != READY) return false;
    if (cas(txIndex, word, word | EXECUTING | (final ? FINAL : 0))) return true;
  }
}

/** Executing -> Executed, taking the dependents off. Returns the first of them as TxIndex + 1, 0 if there is none. */
export function finishExecution(txIndex: u32): u32 {
  while (true) {
    const word = wordOf(txIndex);
    if ((word & STATE) != EXECUTING) raise(FAULT_INVARIANT);
    if (cas(txIndex, word, (word & OWN_HALF & ~STATE) | EXECUTED)) return <u32>(word >> 32);
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
    store<u32>(transaction(txIndex), <u32>(word >> 32), TX_NEXT_DEPENDENT);
    if (cas(blocker, word, (word & OWN_HALF) | (<u64>(txIndex + 1) << 32))) return true;
  }
}

/** Suspended -> Ready, next incarnation. */
export function resume(txIndex: u32): void {
  transition(txIndex, SUSPENDED, READY, INCARNATION);
}

/** Executed -> Aborting. False if the word has changed: another worker was faster. */
export function tryAbort(txIndex: u32, word: u64): bool {
  return cas(txIndex, word, (word & ~STATE) | ABORTING);
}

/** Aborting -> Ready, next incarnation. */
export function makeReady(txIndex: u32): void {
  transition(txIndex, ABORTING, READY, INCARNATION);
}

/** Executed -> Committed. False if the word has changed: another worker aborts it. */
export function tryCommit(txIndex: u32, word: u64): bool {
  return cas(txIndex, word, (word & ~STATE) | COMMITTED);
}

function transition(txIndex: u32, from: u32, to: u32, add: u64): void {
  while (true) {
    const word = wordOf(txIndex);
    if ((word & STATE) != from) raise(FAULT_INVARIANT);
    if (cas(txIndex, word, ((word & ~STATE & ~FINAL) | to) + add)) return;
  }
}
