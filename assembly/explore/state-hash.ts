/**
 * What the explorer adds to the kernel in its test build, second part: recognising a state by a hash of what its future depends on.
 *
 * ```text
 *   hashed     {address u32, bytes u32, kind u32, of u32} ...: what the future depends on; first what is shared, then of each worker as many
 *   workspace  of each worker u64: a hash of its own words; slots of its arena that have been reached; those of them that have been hashed; a hash of
 *              how others refer to it; eight of each
 * ```
 *
 * One thread writes it. Its memory is above the kernel's, so that no address of the kernel's changes with it.
 */
import { allocate, appendLog } from "../kernel/arena";
import { AT_FRONTIER, STAGED_CAPACITY, STAGING_SIZE, WORKER_JOURNAL, WORKER_REPORTS, worker } from "../kernel/layout";

/** Hashed as it is. */
const PLAIN: u32 = 0;
/** Only while the word at `of` is not 0. */
const WHILE: u32 = 1;
/** From the address to what the word at `of` says. */
const UP_TO: u32 = 2;
/** Only whether the word there is that at `of`. */
const SAME: u32 = 3;
/** A worker's stack, up to what the word at `of` says: with copies of the frontier. */
const STACK: u32 = 4;
/** A ring of 16 entries of 8 bytes; at `of` is the number of the oldest, then, 8 bytes each, that of the next, a position and its end, which mean nothing once they are one. */
const RING: u32 = 5;

let hashed: usize = 0;
let sharedEnd: usize = 0;
let ownBytes: usize = 0;
let workers: u32 = 0;
let isAlike: bool = false;
let chunks: usize = 0;
let staging: usize = 0;
/** Bytes of an arena in which an incarnation has what it allocates, 0: allocated one after another. */
let slotBytes: u32 = 0;
/** Of each worker, 4 bits: the place that it has in a hash. */
export let places: u32 = 0;

export const WORKSPACE_BYTES: usize = 256;
let workspace: usize = 0;

export function setWorkspace(at: usize): void {
  workspace = at;
}

/** Take chunks for the arena and the logs of this worker now, so that who takes one first is no part of a schedule. */
export function takeChunks(): void {
  allocate(8);
  appendLog(worker + WORKER_REPORTS, 8);
  appendLog(worker + WORKER_JOURNAL, 8);
}

/**
 * What the future depends on: `shared` entries of 16 bytes at `from`, then `own` of each of `count` workers. With `alike` workers are interchangeable: states that
 * differ by who is who are one.
 */
export function setHashed(from: usize, shared: u32, own: u32, count: u32, alike: bool): void {
  hashed = from;
  sharedEnd = from + (<usize>shared << 4);
  ownBytes = <usize>own << 4;
  workers = count;
  isAlike = alike;
}

/**
 * Where workers have chunks of their own, as `takeChunks` took them, the first worker the highest; and their staging areas. With `bytes` of a slot, arenas are hashed by what
 * of them is reached: slot by slot.
 */
export function setOwned(chunksFrom: usize, stagingFrom: usize, bytes: u32): void {
  chunks = chunksFrom;
  staging = stagingFrom;
  slotBytes = bytes;
}

@inline
function mix(hash: u64, word: u64): u64 {
  const mixed = (hash ^ word) * 0x9e3779b97f4a7c15;
  return mixed ^ (mixed >> 29);
}

const CHUNKS: u32 = 3;
const OWN_CHUNK: u64 = 1 << 40;
const OWN_STAGING: u64 = 2 << 40;

@inline
function placeOf(owner: u32): u64 {
  return <u64>((places >> (owner << 2)) & 15) << 32;
}

/** Of each worker, u64 each: slots of its arena that have been reached, and those of them that have been hashed; and a hash of how others refer to it. */
@inline
function reachedOf(owner: u32): usize {
  return workspace + 64 + (<usize>owner << 3);
}

@inline
function doneOf(owner: u32): usize {
  return workspace + 128 + (<usize>owner << 3);
}

@inline
function referredOf(owner: u32): usize {
  return workspace + 192 + (<usize>owner << 3);
}

/** The place of the word that is being hashed. */
let wordAt: usize = 0;

@inline
function reach(owner: u32, offset: u32): void {
  const reached = reachedOf(owner);
  store<u64>(reached, load<u64>(reached) | ((<u64>1) << <u64>(offset / slotBytes)));
  const referred = referredOf(owner);
  store<u64>(referred, load<u64>(referred) + mix(wordAt, offset));
}

/** A word in which an address of a worker's own memory says whose by the place that he has, and not by who he is. */
@inline
function renamed(word: u32): u64 {
  const inChunks = word - <u32>chunks;
  if (inChunks < (workers * CHUNKS) << 16) {
    const taken = workers * CHUNKS - 1 - (inChunks >> 16);
    if (slotBytes != 0 && taken % CHUNKS == 0) reach(taken / CHUNKS, word & 0xffff);
    return OWN_CHUNK | placeOf(taken / CHUNKS) | ((taken % CHUNKS) << 16) | (word & 0xffff);
  }
  const inStaging = word - <u32>staging;
  if (inStaging < workers * <u32>STAGING_SIZE) {
    // Lower ones could be counts as well, and no worker stops while it has such an address at hand.
    const offset = inStaging % <u32>STAGING_SIZE;
    if (offset >= <u32>STAGED_CAPACITY) return OWN_STAGING | placeOf(inStaging / <u32>STAGING_SIZE) | offset;
  }
  return word;
}

/** How much the lookahead's half of the frontier can differ from what it is at first, where it bounds nothing; 0 where it may. */
let lookaheadRange: u32 = 0;
let firstLookahead: u32 = 0;

/**
 * The lookahead bounds nothing in this block, whatever happens: it is then known by its fraction, on which it depends how many are woken, and copies of it that workers have in
 * their hands by whether they are what it is now. One that is not never comes to be it again at the same frontier, where the lookahead only shrinks.
 */
export function setLookahead(range: u32): void {
  lookaheadRange = range;
  firstLookahead = load<u32>(AT_FRONTIER, 4);
}

@inline
function ofFrontier(word: u32): u32 {
  if (lookaheadRange == 0 || word - (firstLookahead - lookaheadRange) >= 2 * lookaheadRange) return word;
  return ((word ^ load<u32>(AT_FRONTIER, 4)) & ~1) == 0 ? 0x7fff0000 | (word & 31) : 0x7fff8000;
}

/** Two words, renamed, as one. */
@inline
function joined(low: u64, high: u64): u64 {
  return low ^ (high * 0xd6e8feb86659fd93);
}

function hashEntries(hash: u64, from: usize, until: usize): u64 {
  for (let entry = from; entry < until; entry += 16) {
    let at: usize = load<u32>(entry);
    let end = at + load<u32>(entry, 4);
    const kind = load<u32>(entry, 8);
    if (kind != PLAIN) {
      const word = load<u32>(load<u32>(entry, 12));
      if (kind == SAME) {
        hash = mix(hash, word == load<u32>(at));
        continue;
      }
      if (kind == RING) {
        const ends = load<u32>(entry, 12);
        const next = load<u32>(ends, 8);
        hash = mix(hash, next - word);
        const position = load<u32>(ends, 16);
        const end = load<u32>(ends, 24);
        if (position < end) hash = mix(hash, (<u64>end << 32) | position);
        for (let each = word; each != next; each++) hash = mix(hash, load<u64>(at + (<usize>(each & 15) << 3)));
        continue;
      }
      if (kind == STACK) {
        hash = mix(hash, <u64>(word - <u32>at));
        for (end = word; at < end; at += 8) {
          const both = load<u64>(at);
          hash = mix(hash, joined(renamed(ofFrontier(<u32>both)), renamed(ofFrontier(<u32>(both >> 32)))));
        }
        continue;
      }
      hash = mix(hash, kind == WHILE ? word : <u64>(word - <u32>at));
      if (kind == UP_TO) end = word;
      else if (word == 0) continue;
    }
    for (; at < end; at += 8) {
      wordAt = at;
      const word = load<u64>(at);
      hash = mix(hash, joined(renamed(<u32>word), renamed(<u32>(word >> 32))));
    }
  }
  return hash;
}

/** What of the arenas can be reached from what has been hashed. */
function hashReached(hash: u64, order: u32): u64 {
  let isMore = true;
  while (isMore) {
    isMore = false;
    for (let place: u32 = 0; place < workers; place++) {
      const owner = (order >> (place << 2)) & 15;
      let todo = load<u64>(reachedOf(owner)) & ~load<u64>(doneOf(owner));
      store<u64>(doneOf(owner), load<u64>(doneOf(owner)) | todo);
      const arena = chunks + ((<usize>(workers * CHUNKS) - 1 - owner * CHUNKS) << 16);
      for (; todo != 0; todo &= todo - 1, isMore = true) {
        const slot = ctz(todo);
        hash = mix(hash, slot | (<u64>place << 8));
        const end = arena + (<usize>slot + 1) * slotBytes;
        for (let at = end - slotBytes; at < end; at += 8) {
          const word = load<u64>(at);
          hash = mix(hash, joined(renamed(<u32>word), renamed(<u32>(word >> 32))));
        }
      }
    }
  }
  return hash;
}

/** Of the state and `extra`: 63 bits, bit 0 is not set, and never 0. Each worker has the place that a hash of its own words gives it. */
export function hashState(extra: u32): u64 {
  const start: u64 = 0x243f6a8885a308d3 + extra;
  places = 0x76543210;
  let order = places;
  if (isAlike) {
    for (let worker: u32 = 0; worker < workers; worker++) {
      const from = sharedEnd + worker * ownBytes;
      // Itself, and others.
      places = 0x11111111 ^ (<u32>1 << (worker << 2));
      store<u64>(workspace + (<usize>worker << 3), hashEntries(start, from, from + ownBytes));
    }
    if (slotBytes != 0) {
      memory.fill(referredOf(0), 0, 64);
      places = 0;
      hashEntries(start, hashed, sharedEnd);
      for (let worker: u32 = 0; worker < workers; worker++) {
        const at = workspace + (<usize>worker << 3);
        store<u64>(at, mix(load<u64>(at), load<u64>(referredOf(worker))));
      }
    }
    let sorted: u32 = 0;
    order = 0;
    for (let worker: u32 = 0; worker < workers; worker++) {
      const own = load<u64>(workspace + (<usize>worker << 3));
      let place: u32 = 0;
      for (let other: u32 = 0; other < workers; other++) {
        const its = load<u64>(workspace + (<usize>other << 3));
        if (its < own || (its == own && other < worker)) place++;
      }
      sorted |= place << (worker << 2);
      order |= worker << (place << 2);
    }
    places = sorted;
  }
  memory.fill(reachedOf(0), 0, 128);
  let hash = hashEntries(start, hashed, sharedEnd);
  hash = mix(hash, (<u64>load<u32>(AT_FRONTIER) << 32) | ofFrontier(load<u32>(AT_FRONTIER, 4)));
  for (let place: u32 = 0; place < workers; place++) {
    const from = sharedEnd + ((order >> (place << 2)) & 15) * ownBytes;
    hash = hashEntries(hash, from, from + ownBytes);
  }
  if (slotBytes != 0) hash = hashReached(hash, order);
  hash = mix(hash, hash >> 32) & ~<u64>1;
  return hash == 0 ? 2 : hash;
}
