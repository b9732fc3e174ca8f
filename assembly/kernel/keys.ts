/**
 * Locations: every (contract, key) that a call has looked up, interned once.
 *
 * ```text
 *   location, 128 bytes at locationsBase + id * 128
 *    0 hash u32 | 4 contract u32 | 8 key length u32 | 12 - | 16 key, to 48 bytes; a longer one: its heap block
 *   64 chain u64 {epoch, newest node}          versions.ts
 *   72 tower u64 {epoch, tower}                versions.ts
 *   80 committed u32: record of the committed value   commit.ts
 *   84 touched u32: epoch in which `committed` was last changed   commit.ts
 *   88 record {length u32, - u32, to 32 bytes}: where a small committed value sits
 * ```
 *
 * The first 64 bytes are written by the worker that interns the key and never change while workers run, so both
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
 * Ids are handed out in batches so that workers do not meet on the counter. `sweep` moves the live locations
 * together, between blocks; then all batches are void, which the sweep counter tells.
 */
import { allocateBlock, freeBlock } from "./heap";
import {
  ABSENT_RECORD, AT_EPOCH, AT_INDEX_MASK, AT_LOCATIONS_USED, AT_SWEEPS, LOCATION_SHIFT, hashSeed, indexBase, indexCapacity,
  locationCapacity, locationsBase,
} from "./layout";
import { copyWords } from "./words";
import { FAULT_INDEX, FAULT_LOCATIONS, raise } from "./fault";

export const MAX_KEY_LENGTH: u32 = 256;
const INLINE_KEY: u32 = 48;
const BATCH: u32 = 32;

const LOCATION_HASH: usize = 0;
const LOCATION_CONTRACT: usize = 4;
const LOCATION_KEY_LENGTH: usize = 8;
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

/** A multiply-and-shift hash over words, seeded per runtime so that nobody can prepare colliding keys. */
@inline
function hashKey(contract: u32, key: usize, length: u32): u32 {
  let hash = hashSeed ^ (((<u64>contract << 32) | length) * 0x9e3779b97f4a7c15);
  const end = key + ((length + 7) & ~7);
  for (; key < end; key += 8) {
    hash = (hash ^ load<u64>(key)) * 0xd6e8feb86659fd93;
    hash ^= hash >> 32;
  }
  hash *= 0xd6e8feb86659fd93;
  return <u32>(hash >> 32);
}

@inline
function sameKey(location: usize, contract: u32, key: usize, length: u32): bool {
  if (load<u32>(location, LOCATION_CONTRACT) != contract || keyLength(location) != length) return false;
  let own = keyBytes(location);
  for (const end = key + ((length + 7) & ~7); key < end; key += 8, own += 8) {
    if (load<u64>(own) != load<u64>(key)) return false;
  }
  return true;
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
  if (nextId == batchEnd) {
    const first = atomic.add<u32>(AT_LOCATIONS_USED, BATCH);
    const full = first + BATCH > locationCapacity;
    if (full || first + BATCH > (indexMask + 1) >> 1) {
      atomic.sub<u32>(AT_LOCATIONS_USED, BATCH);
      raise(full ? FAULT_LOCATIONS : FAULT_INDEX);
    }
    nextId = first;
    batchEnd = first + BATCH;
  }
  const location = locationAt(nextId);
  const padded = (length + 7) & ~7;
  store<u32>(location, hash, LOCATION_HASH);
  store<u32>(location, contract, LOCATION_CONTRACT);
  let to = location + LOCATION_KEY;
  if (length > INLINE_KEY) {
    to = allocateBlock(padded);
    store<u32>(location, to, LOCATION_KEY);
  }
  store<u32>(location, length, LOCATION_KEY_LENGTH);
  copyWords(to, key, padded);
  store<u64>(location, 0, LOCATION_CHAIN);
  store<u64>(location, 0, LOCATION_TOWER);
  store<u32>(location, ABSENT_RECORD, LOCATION_COMMITTED);
  store<u32>(location, 0, LOCATION_TOUCHED);
  return nextId;
}

/** Another worker interned the same key first. */
function dropLocation(id: u32): void {
  const location = locationAt(id);
  if (keyLength(location) > INLINE_KEY) freeBlock(keyBytes(location), (keyLength(location) + 7) & ~7);
  store<u32>(location, 0, LOCATION_KEY_LENGTH);
}

/**
 * Forget every location without a committed value. Between blocks only. Returns how many are left.
 *
 * Live locations move down over dead ones and the index is made anew. A location that was never filled in has
 * key length 0.
 */
export function sweep(): u32 {
  const used = min(atomic.load<u32>(AT_LOCATIONS_USED), locationCapacity);
  let kept: u32 = 0;
  clearIndex(load<u32>(AT_INDEX_MASK));
  for (let id: u32 = 0; id < used; id++) {
    const location = locationAt(id);
    const length = keyLength(location);
    if (length == 0) continue;
    if (load<u32>(location, LOCATION_COMMITTED) == <u32>ABSENT_RECORD) {
      dropLocation(id);
      continue;
    }
    moveLocation(location, locationAt(kept));
    enterIndex(kept);
    kept++;
  }
  memory.fill(locationAt(kept), 0, <usize>(used - kept) << LOCATION_SHIFT);
  store<u32>(AT_SWEEPS, load<u32>(AT_SWEEPS) + 1);
  atomic.store<u32>(AT_LOCATIONS_USED, kept);
  return kept;
}

/** Make the index four times as large, to its capacity at most. Between blocks only. */
export function growIndex(): void {
  const used = min(atomic.load<u32>(AT_LOCATIONS_USED), locationCapacity);
  clearIndex(min<u32>((load<u32>(AT_INDEX_MASK) + 1) << 2, indexCapacity) - 1);
  for (let id: u32 = 0; id < used; id++) {
    if (keyLength(locationAt(id)) != 0) enterIndex(id);
  }
}

function clearIndex(mask: u32): void {
  indexMask = mask;
  store<u32>(AT_INDEX_MASK, mask);
  memory.fill(indexBase, 0, (<usize>mask + 1) << 3);
}

function moveLocation(from: usize, to: usize): void {
  if (from == to) return;
  const inline = load<u32>(from, LOCATION_COMMITTED) == <u32>(from + LOCATION_RECORD);
  memory.copy(to, from, 1 << LOCATION_SHIFT);
  if (inline) store<u32>(to, to + LOCATION_RECORD, LOCATION_COMMITTED);
}

function enterIndex(id: u32): void {
  const hash = load<u32>(locationAt(id), LOCATION_HASH);
  let slot = hash & indexMask;
  while (load<u64>(indexBase + (<usize>slot << 3)) != 0) slot = (slot + 1) & indexMask;
  store<u64>(indexBase + (<usize>slot << 3), (<u64>hash << 32) | (id + 1));
}

/**
 * The epoch has wrapped round: take the tag off every chain, so that none of four thousand million blocks ago is
 * taken for the new block's.
 */
export function forgetEpochs(): void {
  const used = min(atomic.load<u32>(AT_LOCATIONS_USED), locationCapacity);
  for (let id: u32 = 0; id < used; id++) {
    const location = locationAt(id);
    store<u64>(location, 0, LOCATION_CHAIN);
    store<u64>(location, 0, LOCATION_TOWER);
    store<u32>(location, 0, LOCATION_TOUCHED);
  }
  store<u32>(AT_EPOCH, 0);
}
