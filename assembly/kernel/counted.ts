/**
 * Which counters the running call has only counted on, where it keeps no deltas: what only the tape wants to know.
 *
 * ```text
 *   note, 16 bytes    0 the one before u32 | 4 slot u32 | 8 the record that the last `add` wrote, 0 if none u32 | 12 delta u32
 * ```
 *
 * A call that is final adds by reading and writing. Whether it looked at the counter otherwise is noted here, since another run of the block may keep a delta; and the delta
 * that this would be, for its verdicts. Without a tape there are no notes, and each place that would look for one is one branch on a global of this instance.
 *
 * Invariant: the note of a slot is there as long as the call has done nothing but count on it; what it wrote there otherwise is not the note's record.
 *
 * Notes are in the arena and private to the worker, which writes them while the call runs and reads them when it has ended (tape.ts).
 */
import { ACCESS_DELTA, ACCESS_READ, ACCESS_WRITTEN } from "./accesses";
import { allocate } from "./arena";
import { counterValue, guessOf, newDelta, restoreAdded, tryAdd, trySubtract } from "./delta";

/** Newest note; 0 also where there is no tape. */
let counted: usize = 0;

const NOTE_SLOT: usize = 4;
const NOTE_RECORD: usize = 8;
const NOTE_DELTA: usize = 12;
const NOTE_SIZE: usize = 16;
/** No slot has this number: its access would be past the memory. */
const NO_SLOT: u32 = 0xffffffff;

/** The call has not counted on anything yet. */
@inline
export function beginCounted(): void {
  counted = 0;
}

/** Whether there may be slots that a call which does not keep deltas has counted on. */
@inline
export function hasCounted(): bool {
  return counted != 0;
}

/** The call counts on `slot`, which holds `value`. */
export function noteCounted(slot: u32, value: u64): void {
  const delta = newDelta(value);
  const note = allocate(NOTE_SIZE);
  store<u32>(note, counted);
  store<u32>(note, slot, NOTE_SLOT);
  store<u32>(note, 0, NOTE_RECORD);
  store<u32>(note, <u32>delta, NOTE_DELTA);
  counted = note;
}

/** `slot`, which holds `value`, is counted on. Returns whether the verdict depends on what was there before the call. */
export function noteVerdict(slot: u32, access: usize, value: u64, amount: u64, bound: u64, down: bool): bool {
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
export function isSum(slot: u32, access: usize): bool {
  const written = load<u32>(access, ACCESS_WRITTEN);
  const note = noteOf(slot);
  return written != 0 && note != 0 && written == load<u32>(note, NOTE_RECORD);
}

function noteOf(slot: u32): usize {
  let note = counted;
  while (note != 0 && load<u32>(note, NOTE_SLOT) != slot) note = load<u32>(note);
  return note;
}

/** `record` is what the call has written in the place of the sum, 0 where it has taken that back. */
export function noteSum(slot: u32, record: usize): void {
  const note = noteOf(slot);
  if (note != 0) store<u32>(note, <u32>record, NOTE_RECORD);
}

/** The call looks at what is in `slot`: unless that is what it has put in the place of the sum. */
export function forgetCounted(slot: u32, access: usize): void {
  const note = noteOf(slot);
  if (note == 0) return;
  const written = load<u32>(access, ACCESS_WRITTEN);
  if (written == 0 || written == load<u32>(note, NOTE_RECORD)) store<u32>(note, NO_SLOT, NOTE_SLOT);
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
