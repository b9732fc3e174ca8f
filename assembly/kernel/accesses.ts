/**
 * The accesses of the running call: one for each location that it has looked up, which together become its read and write set.
 *
 * ```text
 *   access, 16 bytes    0 location u32 | 4 read u32: the record it read, 0 if none | 8 written u32: the record it wrote, 0 if none
 *                       12 delta u32: what it added, 0 if nothing (delta.ts)
 *   mark, 8 bytes, per worker and location    {stamp u32, index of the access u32}
 * ```
 *
 * A slot of the contract interface is an index into the accesses. The first lookup of a location adds an access;
 * the marks find it again: a mark counts only with the stamp of the running incarnation, so none is ever cleared.
 * The accesses begin in the worker's staging area, and move to its arena when they outgrow that. What is in read, written and delta is the business of view.ts.
 *
 * Invariants: a slot below `ownSlots` is a location of the contract that runs; a location has one access at most.
 *
 * All of this is private to the worker, written and read by it alone with plain loads and stores, until `keepAccesses` puts a copy into the arena for
 * the validators. Nobody writes the copy, and one word of the transaction points to it (TX_ACCESSES in status.ts).
 */
import { allocate } from "./arena";
import { intern, locationContract, locationId } from "./keys";
import { AT_LOCATIONS_USED, STAGING_ACCESSES, STAGING_SIZE, marksBase, stagingBase } from "./layout";
import { CODE_SLOT, misuse } from "./result";
import { copyWords } from "./words";

const ACCESS_SHIFT: usize = 4;
export const ACCESS_SIZE: usize = 16;
export const ACCESS_LOCATION: usize = 0;
export const ACCESS_READ: usize = 4;
export const ACCESS_WRITTEN: usize = 8;
export const ACCESS_DELTA: usize = 12;

let accesses: usize = 0;
let count: u32 = 0;
let capacity: u32 = 0;
let stamp: u32 = 0;
/** Slots below are known to be the running contract's: all of them, or none where the transaction has called another contract. */
let ownSlots: u32 = 0;
let isShared: bool = false;
/** The contract that runs, where slots are not all of one. */
let owner: u32 = 0;

/** This instance knows none of the marks in memory, which may be another's that died. */
export function attachAccesses(): void {
  forgetMarks();
}

function forgetMarks(): void {
  memory.fill(marksBase, 0, <usize>atomic.load<u32>(AT_LOCATIONS_USED) << 3);
  stamp = 0;
}

/** Start with none. */
@inline
export function beginAccesses(): void {
  accesses = stagingBase + STAGING_ACCESSES;
  capacity = <u32>((STAGING_SIZE - STAGING_ACCESSES) >> ACCESS_SHIFT);
  count = 0;
  ownSlots = 0;
  isShared = false;
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

/** The access of a slot that the contract gave. A slot that is not its own ends the call. */
@inline
export function accessAt(slot: u32): usize {
  if (slot >= ownSlots) checkOwner(slot);
  return accesses + (<usize>slot << ACCESS_SHIFT);
}

function checkOwner(slot: u32): void {
  if (slot >= count || locationContract(load<u32>(accesses + (<usize>slot << ACCESS_SHIFT))) != owner) misuse(CODE_SLOT);
}

/** The access of a slot that the kernel gave. */
@inline
export function knownAccess(slot: u32): usize {
  return accesses + (<usize>slot << ACCESS_SHIFT);
}

@inline
export function slotOfAccess(access: usize): u32 {
  return <u32>((access - accesses) >> ACCESS_SHIFT);
}

/** Whether the call has looked up so many locations that there is such a slot. */
@inline
export function isSlot(slot: u32): bool {
  return slot < count;
}

/** From here on `contract` runs, which may use the slots of its own locations only. */
export function setOwner(contract: u32): void {
  owner = contract;
  isShared = true;
  ownSlots = 0;
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
