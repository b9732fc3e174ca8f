/**
 * Running a call again, given what it has read: for a driver by whose clock the reads of a call happen while it runs (`beginAgain` in executor.ts).
 *
 * The driver runs the method in one go and asks after each operation what it has read. When the time of a read comes, it asks what the read would give now, and
 * where that is another record has the call run again, with the reads before it given. Workers that run on threads do nothing of this.
 *
 * The accesses are private to the worker (accesses.ts), and looked at between two of its steps only: nobody else reads or writes them. No layout is declared here.
 */
import { ACCESS_LOCATION, ACCESS_READ, isSlot, knownAccess } from "./accesses";
import { visibleNow } from "./view";

/** Whether the call has looked `slot` up, and neither read nor written it. */
export function isUnread(slot: u32): bool {
  return isSlot(slot) && load<u64>(knownAccess(slot), ACCESS_READ) == 0;
}

/** The record that the call has read at `slot`, 0 if none. */
export function recordRead(slot: u32): usize {
  return isSlot(slot) ? <usize>load<u32>(knownAccess(slot), ACCESS_READ) : 0;
}

/** The record that the call would read at `slot` if it did so now; with ESTIMATE set where it would be unwound. */
export function recordNow(slot: u32): usize {
  return visibleNow(load<u32>(knownAccess(slot), ACCESS_LOCATION));
}

/** Have the call read `record` at `slot`, which it has looked up and not read. */
export function giveRead(slot: u32, record: usize): void {
  store<u32>(knownAccess(slot), <u32>record, ACCESS_READ);
}
