/**
 * What a running call sees and does: its view of the store, recorded as its read and write set.
 *
 * ```text
 *   access, 16 bytes    0 location u32 | 4 read u32: the record it read, 0 if none | 8 written u32: the record it wrote, 0 if none
 *                       12 delta u32: what it added, 0 if nothing (delta.ts)
 *   undo, 32 bytes      0 the one before u32 | 4 slot u32 | 8 written u32, 12 delta u32: of the access, before it changed
 *                       16 the delta's sum u64 | 24 whether it was added u32 | 28 whether `written` was the sum of a note u32
 *   mark, 8 bytes, per worker and location    {stamp u32, index of the access u32}
 * ```
 *
 * A slot of the contract interface is an index into the accesses. The first lookup of a location adds an access;
 * the marks find it again: a mark counts only with the stamp of the running incarnation, so none is ever cleared.
 * Where calls within the call can fail without it, what they change is noted in undo entries first. What a failed one has read stays in the
 * read set, and the verdicts on what it added in the delta, for they decided that it fails. So an access can have read, not written, and added.
 *
 * All of this is private to the worker until `keepAccesses` puts a copy into the arena for the validators.
 *
 * A read gives the call's own write, or what it read before, or, where the call is not final, the newest uncommitted version below it, or the
 * committed value. An ESTIMATE never gives a value: the call is unwound at once, and `blocker` is the transaction to wait for.
 */
import { allocate } from "./arena";
import {
  COUNTER_LENGTH, counterValue, dropAdded, guessOf, isAdded, isCounter, newDelta, newDeltaAt, restoreAdded, sumOf, sumRecord, tryAdd, trySubtract,
} from "./delta";
import { UNWIND_ESTIMATE, unwind } from "./fault";
import { committed, intern, locationContract, locationId } from "./keys";
import {
  ABSENT, AT_FRONTIER, AT_LOCATIONS_USED, AT_POLICY, POLICY_DELTAS, STAGING_ACCESSES, STAGING_SIZE, marksBase, stagingBase,
} from "./layout";
import { CODE_COUNTER, CODE_SLOT, misuse } from "./result";
import { isCommitted } from "./status";
import { isTaped } from "./tape";
import { ESTIMATE, findBelow, nodeRecord, nodeTx } from "./versions";
import { copyWords } from "./words";

const ACCESS_SHIFT: usize = 4;
export const ACCESS_SIZE: usize = 16;
export const ACCESS_LOCATION: usize = 0;
export const ACCESS_READ: usize = 4;
export const ACCESS_WRITTEN: usize = 8;
export const ACCESS_DELTA: usize = 12;

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
let accesses: usize = 0;
let count: u32 = 0;
let capacity: u32 = 0;
let stamp: u32 = 0;
/** Slots below are known to be the running contract's: all of them, or none where the transaction has called another contract. */
let ownSlots: u32 = 0;
let isShared: bool = false;
/** The contract that runs, where slots are not all of one. */
let owner: u32 = 0;
/** Newest undo entry, and whether there are to be any. */
let journal: usize = 0;
let isJournaled: bool = false;
/** Newest note of a slot that a call which does not keep deltas has only counted on; 0 also where there is no tape. */
let counted: usize = 0;

/** This instance knows none of the marks in memory, which may be another's that died. */
export function attachView(): void {
  forgetMarks();
}

function forgetMarks(): void {
  memory.fill(marksBase, 0, <usize>atomic.load<u32>(AT_LOCATIONS_USED) << 3);
  stamp = 0;
}

export function enterView(): void {
  keepsDeltas = (load<u32>(AT_POLICY) & POLICY_DELTAS) != 0;
}

/** Start with an empty read and write set. */
@inline
export function beginView(transaction: u32, final: bool, frontier: u32): void {
  txIndex = transaction;
  isFinal = final;
  floor = frontier;
  accesses = stagingBase + STAGING_ACCESSES;
  capacity = <u32>((STAGING_SIZE - STAGING_ACCESSES) >> ACCESS_SHIFT);
  count = 0;
  ownSlots = 0;
  isShared = false;
  isJournaled = false;
  counted = 0;
  if (++stamp == 0) {
    forgetMarks();
    stamp = 1;
  }
}

/** The slot of a key of this call's contract: `length` bytes at `key`, zero padded to words. */
@inline
export function slotOf(contract: u32, key: usize, length: u32): u32 {
  const location = intern(contract, key, length);
  const mark = marksBase + (<usize>locationId(location) << 3);
  const word = load<u64>(mark);
  if (<u32>(word >> 32) == stamp) return <u32>word;
  return addAccess(location, mark);
}

function addAccess(location: usize, mark: usize): u32 {
  if (count == capacity) growAccesses();
  const slot = count++;
  if (!isShared) ownSlots = count;
  const access = accesses + (<usize>slot << ACCESS_SHIFT);
  store<u64>(access, location);
  store<u64>(access, 0, ACCESS_WRITTEN);
  store<u64>(mark, (<u64>stamp << 32) | slot);
  return slot;
}

function growAccesses(): void {
  const larger = allocate(<usize>capacity << (ACCESS_SHIFT + 1));
  memory.copy(larger, accesses, <usize>capacity << ACCESS_SHIFT);
  accesses = larger;
  capacity <<= 1;
}

@inline
function accessAt(slot: u32): usize {
  if (slot >= ownSlots) checkOwner(slot);
  return accesses + (<usize>slot << ACCESS_SHIFT);
}

function checkOwner(slot: u32): void {
  if (slot >= count || locationContract(load<u32>(accesses + (<usize>slot << ACCESS_SHIFT))) != owner) misuse(CODE_SLOT);
}

/** The record that the call sees at `slot`; its length word is ABSENT where there is no value. */
@inline
export function readSlot(slot: u32): usize {
  const access = accessAt(slot);
  if (counted != 0) forgetCounted(slot, access);
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
  const isNoted = counted != 0 && noteVerdict(slot, access, value, amount, bound, down);
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
  const end = accesses + (<usize>count << ACCESS_SHIFT);
  for (let access = accesses; access < end; access += ACCESS_SIZE) {
    store<u32>(access, 0, ACCESS_WRITTEN);
    const delta: usize = load<u32>(access, ACCESS_DELTA);
    if (delta != 0) dropAdded(delta);
  }
}

// ---- a call within the call ----

/** From here on `contract` runs, which may use the slots of its own locations only. */
export function setOwner(contract: u32): void {
  owner = contract;
  isShared = true;
  ownSlots = 0;
}

const UNDO_SLOT: usize = 4;
const UNDO_WRITTEN: usize = 8;
const UNDO_DELTA: usize = 12;
const UNDO_SUM: usize = 16;
const UNDO_ADDED: usize = 24;
const UNDO_SUMMED: usize = 28;
const UNDO_SIZE: usize = 32;

/** Where the journal stands, for `undoTo`; what changes from here on is noted. */
export function openJournal(): usize {
  if (!isJournaled) journal = 0;
  isJournaled = true;
  return journal;
}

/** Whether changes are still noted: there is a call below that can fail without its caller. */
export function keepJournal(isNeeded: bool): void {
  isJournaled = isNeeded;
}

/** Write down what `access` is before it changes. */
function noteUndo(access: usize): void {
  const entry = allocate(UNDO_SIZE);
  const delta: usize = load<u32>(access, ACCESS_DELTA);
  store<u32>(entry, journal);
  store<u32>(entry, <u32>((access - accesses) >> ACCESS_SHIFT), UNDO_SLOT);
  store<u32>(entry, load<u32>(access, ACCESS_WRITTEN), UNDO_WRITTEN);
  store<u32>(entry, delta, UNDO_DELTA);
  if (delta != 0) {
    store<u64>(entry, sumOf(delta), UNDO_SUM);
    store<u32>(entry, isAdded(delta), UNDO_ADDED);
  }
  if (counted != 0) store<u32>(entry, isSum(load<u32>(entry, UNDO_SLOT), access), UNDO_SUMMED);
  else store<u32>(entry, 0, UNDO_SUMMED);
  journal = entry;
}

/** Take back what was written and added since the journal stood at `mark`. */
export function undoTo(mark: usize): void {
  for (; journal != mark; journal = load<u32>(journal)) {
    const access = accesses + (<usize>load<u32>(journal, UNDO_SLOT) << ACCESS_SHIFT);
    const written: usize = load<u32>(journal, UNDO_WRITTEN);
    store<u32>(access, <u32>written, ACCESS_WRITTEN);
    if (counted != 0) noteSum(load<u32>(journal, UNDO_SLOT), load<u32>(journal, UNDO_SUMMED) != 0 ? written : 0);
    const delta: usize = load<u32>(journal, UNDO_DELTA);
    if (delta != 0) restoreAdded(delta, load<u64>(journal, UNDO_SUM), load<u32>(journal, UNDO_ADDED) != 0);
  }
}

// ---- what only the tape wants to know ----
//
//   note, 16 bytes    0 the one before u32 | 4 slot u32 | 8 the record that the last `add` wrote, 0 if none u32 | 12 delta u32
//
// A call that is final adds by reading and writing. Whether it looked at the counter otherwise is noted here, since another run of the block may keep a delta; and the delta
// that this would be, for its verdicts.

const NOTE_SLOT: usize = 4;
const NOTE_RECORD: usize = 8;
const NOTE_DELTA: usize = 12;
const NOTE_SIZE: usize = 16;
/** No slot has this number: its access would be past the memory. */
const NO_SLOT: u32 = 0xffffffff;

/** The call knows nothing of the counter, and if it adds to it now it need not. */
function isUnknown(access: usize): bool {
  return keepsDeltas && load<u64>(access, ACCESS_READ) == 0 && load<u32>(access, ACCESS_DELTA) == 0;
}

/** The call counts on `slot`, which holds `value`. */
function noteCounted(slot: u32, value: u64): void {
  const delta = newDelta(value);
  const note = allocate(NOTE_SIZE);
  store<u32>(note, counted);
  store<u32>(note, slot, NOTE_SLOT);
  store<u32>(note, 0, NOTE_RECORD);
  store<u32>(note, <u32>delta, NOTE_DELTA);
  counted = note;
}

/** `slot`, which holds `value`, is counted on. Returns whether the verdict depends on what was there before the call. */
function noteVerdict(slot: u32, access: usize, value: u64, amount: u64, bound: u64, down: bool): bool {
  const note = noteOf(slot);
  if (note == 0) return false;
  const written = load<u32>(access, ACCESS_WRITTEN);
  if (written != 0 && written != load<u32>(note, NOTE_RECORD)) return false;
  const delta: usize = load<u32>(note, NOTE_DELTA);
  // Part of what was added may have been taken back.
  restoreAdded(delta, value, false);
  if (down) trySubtract(delta, amount, bound);
  else tryAdd(delta, amount, bound);
  return true;
}

/** What the call has written at `slot` is what it has added, and what was there. */
function isSum(slot: u32, access: usize): bool {
  const written = load<u32>(access, ACCESS_WRITTEN);
  const note = noteOf(slot);
  return written != 0 && note != 0 && written == load<u32>(note, NOTE_RECORD);
}

function noteOf(slot: u32): usize {
  let note = counted;
  while (note != 0 && load<u32>(note, NOTE_SLOT) != slot) note = load<u32>(note);
  return note;
}

function noteSum(slot: u32, record: usize): void {
  const note = noteOf(slot);
  if (note != 0) store<u32>(note, <u32>record, NOTE_RECORD);
}

/** The call looks at what is in `slot`: unless that is what it has put in the place of the sum. */
function forgetCounted(slot: u32, access: usize): void {
  const note = noteOf(slot);
  if (note == 0) return;
  const written = load<u32>(access, ACCESS_WRITTEN);
  if (written == 0 || written == load<u32>(note, NOTE_RECORD)) store<u32>(note, NO_SLOT, NOTE_SLOT);
}

/** Whether there may be slots that a call which does not keep deltas has counted on. */
@inline
export function hasCounted(): bool {
  return counted != 0;
}

/** Where the call has only counted on `slot`: the delta of that, with what it has added if that stands; else 0. */
export function countedDelta(slot: u32, access: usize): usize {
  const own: usize = load<u32>(access, ACCESS_DELTA);
  if (own != 0) return load<u32>(access, ACCESS_READ) == 0 ? own : 0;
  if (counted == 0) return 0;
  const note = noteOf(slot);
  if (note == 0) return 0;
  const delta: usize = load<u32>(note, NOTE_DELTA);
  const added = isSum(slot, access);
  restoreAdded(delta, added ? counterValue(load<u32>(access, ACCESS_WRITTEN)) : guessOf(delta), added);
  return delta;
}

// ---- running a call again, given what it has read (executor.ts) ----

export function beginViewAgain(): void {
  beginView(txIndex, isFinal, floor);
}

/** Whether the call has looked `slot` up, and neither read nor written it. */
export function isUnread(slot: u32): bool {
  return slot < count && load<u64>(accesses + (<usize>slot << ACCESS_SHIFT), ACCESS_READ) == 0;
}

/** The record that the call has read at `slot`, 0 if none. */
export function recordRead(slot: u32): usize {
  return slot < count ? <usize>load<u32>(accesses + (<usize>slot << ACCESS_SHIFT), ACCESS_READ) : 0;
}

/** The record that the call would read at `slot` if it did so now; with ESTIMATE set where it would be unwound. */
export function recordNow(slot: u32): usize {
  const location = load<u32>(accesses + (<usize>slot << ACCESS_SHIFT));
  return isFinal ? committed(location) : visibleAbove(location, txIndex, floor);
}

/** Have the call read `record` at `slot`, which it has looked up and not read. */
export function giveRead(slot: u32, record: usize): void {
  store<u32>(accesses + (<usize>slot << ACCESS_SHIFT), <u32>record, ACCESS_READ);
}

/** The running call's accesses, for its own worker: address, and end. */
@inline
export function firstAccess(): usize {
  return accesses;
}

@inline
export function endOfAccesses(): usize {
  return accesses + (<usize>count << ACCESS_SHIFT);
}

/** Copy the accesses into the arena. Returns {count, address} as one word. */
export function keepAccesses(): u64 {
  const bytes = <usize>count << ACCESS_SHIFT;
  const kept = allocate(bytes);
  copyWords(kept, accesses, bytes);
  return (<u64>count << 32) | kept;
}
