/**
 * Locations: every (contract, key) that a call has looked up, interned once.
 *
 * ```text
 *   location, 128 bytes at locationsBase + id * 128
 *    0 hash u32 | 4 contract u32 | 8 key length u32 | 12 counted u32: epoch in which a tape named it as a counter (tape.ts) | 16 key, to 48 bytes; a longer one: its heap block
 *   64 chain u64 {epoch, newest node}          versions.ts
 *   72 tower u64 {epoch, tower}                versions.ts
 *   80 committed u32: record of the committed value   commit.ts; atomic while workers run
 *   84 touched u32: epoch in which `committed` was last changed   commit.ts
 *   88 record {length u32, - u32, to 32 bytes}: where a small committed value sits
 * ```
 *
 * The first 64 bytes are written by the worker that interns the key and, without a tape, never change while workers run, so both
 * cores keep the line; the second 64 are what a block's reads and writes meet.
 *
 * The index is an open-addressed table of 64-bit words {hash, id + 1}, 0 where free, probed linearly. A worker writes the location
 * first and then puts its word into the free slot by CAS; whoever loads the word sees the location. A worker that
 * loses the CAS looks at the winner's word, which may be the same key, and keeps its own id for the next new key.
 * Words are never changed or removed while workers run: two workers can never intern one key twice.
 *
 * The index is half full at most. It starts small, since a table that is larger than its content costs cache and address
 * translation, and is made anew, larger, between blocks. A block that needs more room while it runs is
 * faulted with FAULT_INDEX: the host has the index grow and executes the block again.
 *
 * Where there is a base, a location starts with the value that its key has there: memory holds what was used of the state (base.ts, evict.ts).
 *
 * Ids are handed out in batches so that workers do not meet on the counter. A sweep moves the live locations
 * together, between blocks; then all batches are void, which the sweep counter tells.
 */
import { enterBase, hasBase, loadBase } from "./base";
import { allocateBlock, freeBlock, freeRecord } from "./heap";
import {
  ABSENT_RECORD, AT_INDEX_MASK, INITIAL_INDEX, AT_LOCATIONS_USED, AT_SECRETS, AT_SWEEPS, LOCATION_SHIFT, indexBase, indexCapacity,
  locationCapacity, locationsBase,
} from "./layout";
import { copyWords, sameWords } from "./words";
import { FAULT_INDEX, FAULT_LOCATIONS, raise } from "./fault";

export const MAX_KEY_LENGTH: u32 = 256;
const INLINE_KEY: u32 = 48;
export const INLINE_VALUE: u32 = 32;
const BATCH: u32 = 32;

const LOCATION_HASH: usize = 0;
const LOCATION_CONTRACT: usize = 4;
const LOCATION_KEY_LENGTH: usize = 8;
export const LOCATION_COUNTED: usize = 12;
const LOCATION_KEY: usize = 16;
export const LOCATION_CHAIN: usize = 64;
export const LOCATION_TOWER: usize = 72;
export const LOCATION_COMMITTED: usize = 80;
export const LOCATION_TOUCHED: usize = 84;
export const LOCATION_RECORD: usize = 88;

let indexMask: u32 = 0;
let nextId: u32 = 0;
let batchEnd: u32 = 0;
let sweeps: u32 = 0;

/** Before a block: the index may have grown, and a sweep voids the ids that this worker has reserved. */
export function enterKeys(): void {
  indexMask = load<u32>(AT_INDEX_MASK);
  enterBase();
  if (sweeps != load<u32>(AT_SWEEPS)) {
    sweeps = load<u32>(AT_SWEEPS);
    nextId = 0;
    batchEnd = 0;
  }
}

@inline
export function locationAt(id: u32): usize {
  return locationsBase + (<usize>id << LOCATION_SHIFT);
}

@inline
export function locationId(location: usize): u32 {
  return <u32>(location - locationsBase) >> LOCATION_SHIFT;
}

@inline
export function locationContract(location: usize): u32 {
  return load<u32>(location, LOCATION_CONTRACT);
}

@inline
export function keyLength(location: usize): u32 {
  return load<u32>(location, LOCATION_KEY_LENGTH);
}

/** Where the key's bytes are; zero padded to a whole number of words. */
@inline
export function keyBytes(location: usize): usize {
  return keyLength(location) <= INLINE_KEY ? location + LOCATION_KEY : <usize>load<u32>(location, LOCATION_KEY);
}

/** The record of the committed value: in block-stm, of what the transactions below the frontier have left. */
@inline
export function committed(location: usize): usize {
  return atomic.load<u32>(location, LOCATION_COMMITTED);
}

/**
 * NH, the universal hash of UMAC (Black, Halevi, Krawczyk, Krovetz, Rogaway 1999): for each word the product of its halves, each
 * with a secret added. The secrets are drawn for each runtime, so whoever chooses keys without knowing them cannot make them collide.
 */
@inline
export function hashKey(contract: u32, key: usize, length: u32): u32 {
  let secret = AT_SECRETS;
  let hash = halves(<u64>contract << 32 | length, load<u64>(secret));
  const end = key + ((length + 7) & ~7);
  for (; key < end; key += 8) {
    secret += 8;
    hash += halves(load<u64>(key), load<u64>(secret));
  }
  hash ^= hash >> 32;
  return <u32>((hash * 0x9e3779b97f4a7c15) >> 32);
}

@inline
function halves(word: u64, secret: u64): u64 {
  return <u64>(<u32>word + <u32>secret) * <u64>(<u32>(word >> 32) + <u32>(secret >> 32));
}

@inline
function sameKey(location: usize, contract: u32, key: usize, length: u32): bool {
  if (load<u32>(location, LOCATION_CONTRACT) != contract || keyLength(location) != length) return false;
  return sameWords(keyBytes(location), key, (length + 7) & ~7);
}

/** The location of a key of 1 to 256 bytes at `key`, zero padded to whole words. Unwinds with FAULT_LOCATIONS. */
export function intern(contract: u32, key: usize, length: u32): usize {
  const hash = hashKey(contract, key, length);
  let own: u32 = 0;
  let slot = hash & indexMask;
  while (true) {
    const at = indexBase + (<usize>slot << 3);
    let word = atomic.load<u64>(at);
    if (word == 0) {
      if (own == 0) own = newLocation(hash, contract, key, length) + 1;
      word = atomic.cmpxchg<u64>(at, 0, (<u64>hash << 32) | own);
      if (word == 0) {
        nextId++;
        return locationAt(own - 1);
      }
    }
    if (<u32>(word >> 32) == hash) {
      const location = locationAt(<u32>word - 1);
      if (sameKey(location, contract, key, length)) {
        if (own != 0) dropLocation(own - 1);
        return location;
      }
    }
    slot = (slot + 1) & indexMask;
  }
}

/** Fill in the next id of this worker's batch; it is consumed only once it is in the index. */
function newLocation(hash: u32, contract: u32, key: usize, length: u32): u32 {
  if (nextId == batchEnd) reserveIds();
  const location = locationAt(nextId);
  const padded = (length + 7) & ~7;
  // A location without a key length is none: so it stays until all the rest is there, should the worker be stopped.
  store<u32>(location, 0, LOCATION_KEY_LENGTH);
  store<u32>(location, hash, LOCATION_HASH);
  store<u32>(location, contract, LOCATION_CONTRACT);
  store<u64>(location, 0, LOCATION_CHAIN);
  store<u64>(location, 0, LOCATION_TOWER);
  store<u32>(location, ABSENT_RECORD, LOCATION_COMMITTED);
  store<u32>(location, 0, LOCATION_TOUCHED);
  // Before the key has a block, which would be lost where the base cannot be read.
  if (hasBase) loadBase(location, contract, key, length);
  let to = location + LOCATION_KEY;
  if (length > INLINE_KEY) {
    to = allocateBlock(padded);
    store<u32>(location, to, LOCATION_KEY);
  }
  copyWords(to, key, padded);
  store<u32>(location, length, LOCATION_KEY_LENGTH);
  return nextId;
}

/** The next batch: what is left, if that is less. Unwinds where there is nothing left, or the index would be more than half full. */
function reserveIds(): void {
  while (true) {
    const first = atomic.load<u32>(AT_LOCATIONS_USED);
    if (first >= locationCapacity) raise(FAULT_LOCATIONS);
    const end = min(first + BATCH, locationCapacity);
    if (end > (indexMask + 1) >> 1) raise(FAULT_INDEX);
    if (atomic.cmpxchg<u32>(AT_LOCATIONS_USED, first, end) == first) {
      nextId = first;
      batchEnd = end;
      return;
    }
  }
}

/** Nobody has the location, or it is not worth keeping: another worker interned the same key first, or nothing is there. */
export function dropLocation(id: u32): void {
  const location = locationAt(id);
  const length = keyLength(location);
  const bytes = keyBytes(location);
  const record: usize = load<u32>(location, LOCATION_COMMITTED);
  // First: a worker that is stopped here leaks a block, and the other way round it would be freed twice.
  store<u32>(location, 0, LOCATION_KEY_LENGTH);
  if (length > INLINE_KEY) freeBlock(bytes, (length + 7) & ~7);
  if (record != ABSENT_RECORD && record != location + LOCATION_RECORD) freeRecord(record);
}

// ---- between blocks, by the host, some ids at a time: its event loop has other things to do ----

/**
 * Take away locations from `from` to `end` that were filled in and never entered in the index: their worker was stopped in
 * between. While the index is whole. Returns whether there are ids from `end` on.
 */
export function dropOrphans(from: u32, end: u32): bool {
  const used = atomic.load<u32>(AT_LOCATIONS_USED);
  for (let id = from; id < min(end, used); id++) {
    if (keyLength(locationAt(id)) != 0 && !isIndexed(id)) dropLocation(id);
  }
  return end < used;
}

function isIndexed(id: u32): bool {
  const mask = load<u32>(AT_INDEX_MASK);
  const hash = load<u32>(locationAt(id), LOCATION_HASH);
  const own = (<u64>hash << 32) | (id + 1);
  let slot = hash & mask;
  while (true) {
    const word = load<u64>(indexBase + (<usize>slot << 3));
    if (word == own) return true;
    if (word == 0) return false;
    slot = (slot + 1) & mask;
  }
}

/** The location is none any more. */
@inline
export function clearKeyLength(location: usize): void {
  store<u32>(location, 0, LOCATION_KEY_LENGTH);
}

/** Empty the index and make it as small as it was at first. */
export function resetIndex(): void {
  const slots = min(indexCapacity, INITIAL_INDEX);
  store<u32>(AT_INDEX_MASK, slots - 1);
  memory.fill(indexBase, 0, <usize>slots << 3);
}

/** Empty the index; `larger`: and make it four times as large, to its capacity at most. */
export function beginIndex(larger: bool): void {
  const slots = load<u32>(AT_INDEX_MASK) + 1;
  const mask = (larger ? min<u32>(slots << 2, indexCapacity) : slots) - 1;
  store<u32>(AT_INDEX_MASK, mask);
  memory.fill(indexBase, 0, (<usize>mask + 1) << 3);
}

/** Enter the locations from `from` to `end`. Returns whether there are ids from `end` on. */
export function enterIndexed(from: u32, end: u32): bool {
  const used = atomic.load<u32>(AT_LOCATIONS_USED);
  for (let id = from; id < min(end, used); id++) {
    if (keyLength(locationAt(id)) != 0) enterIndex(id);
  }
  return end < used;
}

export function enterIndex(id: u32): void {
  const mask = load<u32>(AT_INDEX_MASK);
  const hash = load<u32>(locationAt(id), LOCATION_HASH);
  let slot = hash & mask;
  while (load<u64>(indexBase + (<usize>slot << 3)) != 0) slot = (slot + 1) & mask;
  store<u64>(indexBase + (<usize>slot << 3), (<u64>hash << 32) | (id + 1));
}
