/**
 * What the explorer adds to the kernel in its test build: keeping, putting back and recognising states of the whole machine.
 *
 * ```text
 *   regions    {address u32, bytes u32} ...: all that a step can change; kept and put back as they are
 *   hashed     {address u32, bytes u32, kind u32, of u32} ...: what the future depends on; first what is shared, then of each worker as many
 *   table      open-addressed: {hash of a state u64, bit 0: on the path; ways from there to the end f64}, 0 where free
 *   path       {hash u64, ways u64} of the states that the search has come through
 * ```
 *
 * One thread writes all of this. Its memory is above the kernel's, so that no address of the kernel's changes with it.
 */
import { allocate, appendLog } from "../kernel/arena";
import { STAGED_CAPACITY, STAGING_SIZE, WORKER_JOURNAL, WORKER_REPORTS, worker } from "../kernel/layout";

/** Hashed as it is. */
const PLAIN: u32 = 0;
/** Only while the word at `of` is not 0. */
const WHILE: u32 = 1;
/** From the address to what the word at `of` says. */
const UP_TO: u32 = 2;
/** Only whether the word there is that at `of`. */
const SAME: u32 = 3;

let regions: usize = 0;
let regionsEnd: usize = 0;
let hashed: usize = 0;
let sharedEnd: usize = 0;
let ownBytes: usize = 0;
let workers: u32 = 0;
let isAlike: bool = false;
let chunks: usize = 0;
let staging: usize = 0;
/** Of each worker, 4 bits: the place that it has in a hash. */
let places: u32 = 0;

/** Take chunks for the arena and the logs of this worker now, so that who takes one first is no part of a schedule. */
export function takeChunks(): void {
  allocate(8);
  appendLog(worker + WORKER_REPORTS, 8);
  appendLog(worker + WORKER_JOURNAL, 8);
}

export function setRegions(from: usize, end: usize): void {
  regions = from;
  regionsEnd = end;
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

/** Where workers have chunks of their own, as `takeChunks` took them, the first worker the highest; and their staging areas. */
export function setOwned(chunksFrom: usize, stagingFrom: usize): void {
  chunks = chunksFrom;
  staging = stagingFrom;
}

/** Copy every region to `to`. Returns the bytes. */
export function keepState(to: usize): usize {
  const start = to;
  for (let region = regions; region < regionsEnd; region += 8) {
    const bytes: usize = load<u32>(region, 4);
    memory.copy(to, load<u32>(region), bytes);
    to += bytes;
  }
  return to - start;
}

export function putBack(from: usize): void {
  for (let region = regions; region < regionsEnd; region += 8) {
    const bytes: usize = load<u32>(region, 4);
    memory.copy(load<u32>(region), from, bytes);
    from += bytes;
  }
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

/** A word in which an address of a worker's own memory says whose by the place that he has, and not by who he is. */
@inline
function renamed(word: u32): u64 {
  const inChunks = word - <u32>chunks;
  if (inChunks < (workers * CHUNKS) << 16) {
    const taken = workers * CHUNKS - 1 - (inChunks >> 16);
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
      hash = mix(hash, kind == WHILE ? word : <u64>(word - <u32>at));
      if (kind == UP_TO) end = word;
      else if (word == 0) continue;
    }
    for (; at < end; at += 8) {
      const word = load<u64>(at);
      hash = mix(hash, renamed(<u32>word) ^ (renamed(<u32>(word >> 32)) * 0xd6e8feb86659fd93));
    }
  }
  return hash;
}

/** Of the state and `extra`: 63 bits, never 0. Each worker has the place that a hash of its own words gives it. */
function hashState(extra: u32): u64 {
  const start: u64 = 0x243f6a8885a308d3 + extra;
  places = 0x76543210;
  let order = places;
  if (isAlike) {
    for (let worker: u32 = 0; worker < workers; worker++) {
      const from = sharedEnd + worker * ownBytes;
      // Itself, and others.
      places = 0x11111111 ^ (<u32>1 << (worker << 2));
      store<u64>(signatures + (<usize>worker << 3), hashEntries(start, from, from + ownBytes));
    }
    let sorted: u32 = 0;
    order = 0;
    for (let worker: u32 = 0; worker < workers; worker++) {
      const own = load<u64>(signatures + (<usize>worker << 3));
      let place: u32 = 0;
      for (let other: u32 = 0; other < workers; other++) {
        const its = load<u64>(signatures + (<usize>other << 3));
        if (its < own || (its == own && other < worker)) place++;
      }
      sorted |= place << (worker << 2);
      order |= worker << (place << 2);
    }
    places = sorted;
  }
  let hash = hashEntries(start, hashed, sharedEnd);
  for (let place: u32 = 0; place < workers; place++) {
    const from = sharedEnd + ((order >> (place << 2)) & 15) * ownBytes;
    hash = hashEntries(hash, from, from + ownBytes);
  }
  hash = mix(hash, hash >> 32) & ~ON_PATH;
  return hash == 0 ? 2 : hash;
}

// ---- the states that have been seen ----

/** Set in a state's word while the search is below it. */
const ON_PATH: u64 = 1;

export const SEEN: u32 = 0;
export const NEW: u32 = 1;
export const REPEATED: u32 = 2;

/** Hashes of the workers' own words, u64 each: below the path. */
let signatures: usize = 0;
let path: usize = 0;
let table: usize = 0;
let mask: u32 = 0;
let seen: u32 = 0;

/** Forget all states. The path is at `pathAt`, 16 bytes a step; the table at `at`, with `slots`, a power of two, of 16 bytes at first. */
export function setTable(pathAt: usize, at: usize, slots: u32): void {
  signatures = pathAt;
  path = pathAt + 64;
  memory.fill(at, 0, <usize>slots << 4);
  table = at;
  mask = slots - 1;
  seen = 0;
}

function slotOf(hash: u64): usize {
  let slot = <u32>(hash >> 20) & mask;
  while (true) {
    const at = table + (<usize>slot << 4);
    const known = load<u64>(at);
    if (known == 0 || (known & ~ON_PATH) == hash) return at;
    slot = (slot + 1) & mask;
  }
}

/** Twice as many slots, in the same place. */
function grow(): void {
  const slots = mask + 1;
  memory.fill(table + (<usize>slots << 4), 0, <usize>slots << 4);
  mask = (slots << 1) - 1;
  // From a free slot on, so that no run of full ones is begun in its middle.
  let first: u32 = 0;
  while (load<u64>(table + (<usize>first << 4)) != 0) first++;
  for (let i: u32 = 0; i < slots; i++) {
    const at = table + (<usize>((first + i) & (slots - 1)) << 4);
    const word = load<u64>(at);
    if (word == 0) continue;
    const paths = load<u64>(at, 8);
    store<u64>(at, 0);
    const to = slotOf(word & ~ON_PATH);
    store<u64>(to, word);
    store<u64>(to, paths, 8);
  }
}

/** The search has come to a state, by its step number `depth`: NEW, SEEN before, or REPEATED: on this very path. `extra` is part of it. */
export function enterState(depth: u32, extra: u32): u32 {
  const step = path + (<usize>depth << 4);
  const hash = hashState(extra);
  const at = slotOf(hash);
  const word = load<u64>(at);
  if (word == 0) {
    store<u64>(at, hash | ON_PATH);
    store<u64>(at, 0, 8);
    store<u64>(step, hash);
    store<f64>(step, 0, 8);
    if (++seen > (mask >> 2) * 3) grow();
    return NEW;
  }
  if ((word & ON_PATH) != 0) return REPEATED;
  addPaths(depth, load<f64>(at, 8));
  return SEEN;
}

/** All from the state at step `depth` on has been seen, or `isEnd`: nothing follows. */
export function leaveState(depth: u32, isEnd: bool): void {
  const step = path + (<usize>depth << 4);
  const at = slotOf(load<u64>(step));
  const paths = isEnd ? 1 : load<f64>(step, 8);
  store<u64>(at, load<u64>(step));
  store<f64>(at, paths, 8);
  if (depth != 0) addPaths(depth, paths);
}

/** What leads on from the state before step `depth`. */
function addPaths(depth: u32, paths: f64): void {
  const before = path + (<usize>(depth - 1) << 4);
  store<f64>(before, load<f64>(before, 8) + paths, 8);
}

/** Ways from the state at step `depth` to the end, as far as they have been counted. */
export function pathsOf(depth: u32): f64 {
  return load<f64>(path + (<usize>depth << 4), 8);
}

export function statesSeen(): u32 {
  return seen;
}
