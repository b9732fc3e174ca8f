/**
 * What a running call sees and does: its view of the store, recorded in its accesses (accesses.ts).
 *
 * A read gives the call's own write, or what it read before, or, where the call is not final, the newest uncommitted version below it, or the
 * committed value. An ESTIMATE never gives a value: the call is unwound at once, and `blocker` is the transaction to wait for.
 *
 * What a call within the call changes is noted first where that can fail without its caller (undo.ts). What a failed one has read stays in the
 * read set, and the verdicts on what it added in the delta, for they decided that it fails. So an access can have read, not written, and added.
 *
 * The view declares no layout. Accesses and records that a call writes are private to its worker until they are published (validate.ts). What it reads of shared memory are versions and committed
 * values, which others publish and commit meanwhile: records are immutable, versions.ts and keys.ts say why their address is read as it is, and what a read has missed is found out at the frontier.
 */
import {
  ACCESS_DELTA, ACCESS_LOCATION, ACCESS_READ, ACCESS_SIZE, ACCESS_WRITTEN, accessAt, beginAccesses, endOfAccesses, firstAccess,
} from "./accesses";
import { allocate } from "./arena";
import { beginCounted, forgetCounted, hasCounted, noteCounted, noteSum, noteVerdict } from "./counted";
import {
  COUNTER_LENGTH, counterValue, dropAdded, isAdded, isCounter, newDeltaAt, sumRecord, tryAdd, trySubtract,
} from "./delta";
import { UNWIND_ESTIMATE, unwind } from "./fault";
import { committed } from "./keys";
import { ABSENT, AT_FRONTIER, AT_POLICY, POLICY_DELTAS } from "./layout";
import { CODE_COUNTER, misuse } from "./result";
import { isCommitted } from "./status";
import { isTaped } from "./tape";
import { beginJournal, isJournaled, noteUndo } from "./undo";
import { ESTIMATE, findBelow, nodeRecord, nodeTx } from "./versions";

/** The transaction whose ESTIMATE ended the call. */
export let blocker: u32 = 0;
/** The location that it left it at. */
export let blockedAt: usize = 0;

/** The call reads committed values only: sequentially, or because its turn has come. */
let isFinal: bool = true;
/** Add without reading where the call is not final. */
let keepsDeltas: bool = false;
/** Lower versions than the frontier's when the call began are committed. */
let floor: u32 = 0;
let txIndex: u32 = 0;

export function enterView(): void {
  keepsDeltas = (load<u32>(AT_POLICY) & POLICY_DELTAS) != 0;
}

/** Start with an empty read and write set. */
@inline
export function beginView(transaction: u32, final: bool, frontier: u32): void {
  txIndex = transaction;
  isFinal = final;
  floor = frontier;
  beginAccesses();
  beginCounted();
  beginJournal();
}

/** The record that the call sees at `slot`; its length word is ABSENT where there is no value. */
@inline
export function readSlot(slot: u32): usize {
  const access = accessAt(slot);
  if (hasCounted()) forgetCounted(slot, access);
  return readAt(access);
}

@inline
function readAt(access: usize): usize {
  const written: usize = load<u32>(access, ACCESS_WRITTEN);
  if (written != 0) return written;
  let record: usize = load<u32>(access, ACCESS_READ);
  if (record == 0) {
    record = visible(load<u32>(access, ACCESS_LOCATION));
    store<u32>(access, record, ACCESS_READ);
  }
  const delta: usize = load<u32>(access, ACCESS_DELTA);
  return delta == 0 || !isAdded(delta) ? record : materialize(access, delta, record);
}

/** The call knows nothing of the counter, and if it adds to it now it need not. */
function isUnknown(access: usize): bool {
  return keepsDeltas && load<u64>(access, ACCESS_READ) == 0 && load<u32>(access, ACCESS_DELTA) == 0;
}

/** The call reads what it has added to: from here on it has read the counter and written it. */
function materialize(access: usize, delta: usize, record: usize): usize {
  if (!isCounter(record)) misuse(CODE_COUNTER);
  // Not noted: where a note says what was added, it says that nothing was written, too; and without one the sum stands.
  const sum = sumRecord(delta, record, txIndex);
  dropAdded(delta);
  store<u32>(access, sum, ACCESS_WRITTEN);
  return sum;
}

/** Add `amount` to the counter at `slot`, to at most `bound`; or, `down`, subtract it, to at least `bound`. False if that would pass the bound. */
export function addAtSlot(slot: u32, amount: u64, bound: u64, down: bool): bool {
  const access = accessAt(slot);
  if (!isFinal && keepsDeltas && load<u64>(access, ACCESS_READ) == 0) {
    const delta = deltaOf(access);
    if (delta != 0 && isJournaled) noteUndo(access);
    if (delta != 0) return down ? trySubtract(delta, amount, bound) : tryAdd(delta, amount, bound);
  }
  const isNew = isTaped && isUnknown(access);
  const record = readAt(access);
  if (!isCounter(record)) misuse(CODE_COUNTER);
  const value = counterValue(record);
  if (isNew) noteCounted(slot, value);
  const isNoted = hasCounted() && noteVerdict(slot, access, value, amount, bound, down);
  const sum = down ? value - amount : value + amount;
  if (down ? value < amount || sum < bound : sum < value || sum > bound) return false;
  const written = writeSlot(slot, COUNTER_LENGTH);
  store<u64>(written, sum, 8);
  if (isNoted) noteSum(slot, written);
  return true;
}

/** The delta of an access that neither read nor wrote; 0 where the value is no counter, and has to be read. */
function deltaOf(access: usize): usize {
  const known: usize = load<u32>(access, ACCESS_DELTA);
  if (known != 0) return known;
  const delta = newDeltaAt(load<u32>(access, ACCESS_LOCATION));
  store<u32>(access, delta, ACCESS_DELTA);
  return delta;
}

@inline
function visible(location: usize): usize {
  if (isFinal) return committed(location);
  const record = visibleAbove(location, txIndex, floor);
  if (record & ESTIMATE) {
    blockedAt = location;
    unwind(UNWIND_ESTIMATE);
  }
  return record;
}

/** What the running call would read now at `location`: a record, or its address with ESTIMATE set where it would be unwound. */
@inline
export function visibleNow(location: usize): usize {
  return isFinal ? committed(location) : visibleAbove(location, txIndex, floor);
}

/** What a call of `txIndex` would read now: a record, or its address with ESTIMATE set. */
export function visibleBelow(location: usize, txIndex: u32): usize {
  return visibleAbove(location, txIndex, <u32>atomic.load<u64>(AT_FRONTIER));
}

/**
 * The newest version below `txIndex` that has not committed, where `frontier` is the lowest such transaction; else the committed
 * value. A version that commits meanwhile is what was committed, or is found out at the frontier.
 */
@inline
function visibleAbove(location: usize, txIndex: u32, frontier: u32): usize {
  const node = findBelow(location, txIndex);
  if (node == 0 || nodeTx(node) < frontier) return committed(location);
  const record = nodeRecord(node);
  if ((record & ESTIMATE) == 0) return record;
  blocker = nodeTx(node);
  return isCommitted(blocker) ? committed(location) : record;
}

/** A record for `length` bytes (or ABSENT) that becomes what the call writes at `slot`; the caller fills in its bytes at + 8. */
@inline
export function writeSlot(slot: u32, length: u32): usize {
  const access = accessAt(slot);
  if (isJournaled) noteUndo(access);
  const padded: usize = length == ABSENT ? 0 : (length + 7) & ~7;
  const record = allocate(8 + padded);
  store<u32>(record, length);
  store<u32>(record, txIndex, 4);
  store<u32>(access, record, ACCESS_WRITTEN);
  const delta: usize = load<u32>(access, ACCESS_DELTA);
  if (delta != 0) dropAdded(delta);
  return record;
}

/** Drop what the call has written, since it failed; what it read still counts. */
export function dropWrites(): void {
  const end = endOfAccesses();
  for (let access = firstAccess(); access < end; access += ACCESS_SIZE) {
    store<u32>(access, 0, ACCESS_WRITTEN);
    const delta: usize = load<u32>(access, ACCESS_DELTA);
    if (delta != 0) dropAdded(delta);
  }
}

/** Start again, as the call began (rerun.ts). */
export function beginViewAgain(): void {
  beginView(txIndex, isFinal, floor);
}
