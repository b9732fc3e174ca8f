/**
 * What a call within the call has changed of the accesses, so that it can fail without its caller.
 *
 * ```text
 *   undo, 32 bytes      0 the one before u32 | 4 slot u32 | 8 written u32, 12 delta u32: of the access, before it changed
 *                       16 the delta's sum u64 | 24 whether it was added u32 | 28 whether `written` was the sum of a note u32 (counted.ts)
 * ```
 *
 * Entries are in the arena, newest first, and are there only between `openJournal` and `keepJournal(false)`: whoever calls nobody in that way pays one branch.
 * Invariant: going through the entries down to a mark gives what was written and added when the journal stood there. What a failed call has read stays in the
 * read set, and the verdicts on what it added in the delta, for they decided that it fails. (The journal that takes back a block is another: commit.ts.)
 *
 * All of this is private to the worker: nobody else reads or writes it.
 */
import { ACCESS_DELTA, ACCESS_WRITTEN, knownAccess, slotOfAccess } from "./accesses";
import { allocate } from "./arena";
import { hasCounted, isSum, noteSum } from "./counted";
import { isAdded, restoreAdded, sumOf } from "./delta";

/** Newest entry, and whether there are to be any. */
let journal: usize = 0;
export let isJournaled: bool = false;

const UNDO_SLOT: usize = 4;
const UNDO_WRITTEN: usize = 8;
const UNDO_DELTA: usize = 12;
const UNDO_SUM: usize = 16;
const UNDO_ADDED: usize = 24;
const UNDO_SUMMED: usize = 28;
const UNDO_SIZE: usize = 32;

/** The call has called nobody yet. */
@inline
export function beginJournal(): void {
  isJournaled = false;
}

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
export function noteUndo(access: usize): void {
  const entry = allocate(UNDO_SIZE);
  const delta: usize = load<u32>(access, ACCESS_DELTA);
  store<u32>(entry, journal);
  store<u32>(entry, slotOfAccess(access), UNDO_SLOT);
  store<u32>(entry, load<u32>(access, ACCESS_WRITTEN), UNDO_WRITTEN);
  store<u32>(entry, delta, UNDO_DELTA);
  if (delta != 0) {
    store<u64>(entry, sumOf(delta), UNDO_SUM);
    store<u32>(entry, isAdded(delta), UNDO_ADDED);
  }
  if (hasCounted()) store<u32>(entry, isSum(load<u32>(entry, UNDO_SLOT), access), UNDO_SUMMED);
  else store<u32>(entry, 0, UNDO_SUMMED);
  journal = entry;
}

/** Take back what was written and added since the journal stood at `mark`. */
export function undoTo(mark: usize): void {
  for (; journal != mark; journal = load<u32>(journal)) {
    const access = knownAccess(load<u32>(journal, UNDO_SLOT));
    const written: usize = load<u32>(journal, UNDO_WRITTEN);
    store<u32>(access, <u32>written, ACCESS_WRITTEN);
    if (hasCounted()) noteSum(load<u32>(journal, UNDO_SLOT), load<u32>(journal, UNDO_SUMMED) != 0 ? written : 0);
    const delta: usize = load<u32>(journal, UNDO_DELTA);
    if (delta != 0) restoreAdded(delta, load<u64>(journal, UNDO_SUM), load<u32>(journal, UNDO_ADDED) != 0);
  }
}
