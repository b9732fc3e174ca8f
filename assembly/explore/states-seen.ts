/**
 * What the explorer adds to the kernel in its test build, third part: the states that the search has seen, and its path through them.
 *
 * ```text
 *   table      open-addressed: {hash of a state u64, bit 0: on the path; ways from there to the end f64; what the search knows of it}, 0 where free
 *   path       {hash u64, ways f64, places u32, -} of the states that the search has come through
 * ```
 *
 * One thread writes it. Its memory is above the kernel's, so that no address of the kernel's changes with it.
 */
import { hashState, places, setWorkspace, WORKSPACE_BYTES } from "./state-hash";

/** Set in a state's word, where its hash has nothing, while the search is below it. */
const ON_PATH: u64 = 1;

export const SEEN: u32 = 0;
export const NEW: u32 = 1;
export const REPEATED: u32 = 2;

let path: usize = 0;
let table: usize = 0;
let mask: u32 = 0;
let seen: u32 = 0;
let slotSize: usize = 16;

const STEP_SHIFT: usize = 5;
const WAYS: usize = 8;
const STEP_PLACES: usize = 16;
const SLOT_KNOWN: usize = 16;

/**
 * Forget all states. At `pathAt` are the workspace of the hash and the path, 32 bytes a step; the table at `at`, with `slots`, a power of two, at first, which have room for `known` bytes, a multiple of 8,
 * that the search keeps of each state.
 */
export function setTable(pathAt: usize, at: usize, slots: u32, known: u32): void {
  setWorkspace(pathAt);
  path = pathAt + WORKSPACE_BYTES;
  slotSize = SLOT_KNOWN + known;
  memory.fill(at, 0, <usize>slots * slotSize);
  table = at;
  mask = slots - 1;
  seen = 0;
}

function slotOf(hash: u64): usize {
  let slot = <u32>(hash >> 20) & mask;
  while (true) {
    const at = table + <usize>slot * slotSize;
    const known = load<u64>(at);
    if (known == 0 || (known & ~ON_PATH) == hash) return at;
    slot = (slot + 1) & mask;
  }
}

/** Twice as many slots, in the same place. */
function grow(): void {
  const slots = mask + 1;
  const end = table + <usize>slots * slotSize;
  memory.fill(end, 0, end - table);
  mask = (slots << 1) - 1;
  // From a free slot on, so that no run of full ones is begun in its middle.
  let first: u32 = 0;
  while (load<u64>(table + <usize>first * slotSize) != 0) first++;
  for (let i: u32 = 0; i < slots; i++) {
    const at = table + <usize>((first + i) & (slots - 1)) * slotSize;
    const word = load<u64>(at);
    if (word == 0) continue;
    store<u64>(at, 0);
    const to = slotOf(word & ~ON_PATH);
    if (to != at) memory.copy(to + 8, at + 8, slotSize - 8);
    store<u64>(to, word);
  }
}

/** The search has come to a state, by its step number `depth`: NEW, SEEN before, or REPEATED: on this very path. `extra` is part of it. */
export function enterState(depth: u32, extra: u32): u32 {
  const step = path + (<usize>depth << STEP_SHIFT);
  const hash = hashState(extra);
  const at = slotOf(hash);
  const word = load<u64>(at);
  store<u32>(step, places, STEP_PLACES);
  if (word == 0) {
    store<u64>(at, hash | ON_PATH);
    store<u64>(at, 0, WAYS);
    store<u64>(step, hash);
    store<f64>(step, 0, WAYS);
    if (++seen > (mask >> 2) * 3) grow();
    return NEW;
  }
  if ((word & ON_PATH) != 0) return REPEATED;
  store<u64>(step, hash);
  addPaths(depth, load<f64>(at, WAYS));
  return SEEN;
}

/** All from the state at step `depth` on has been seen, or `isEnd`: nothing follows. */
export function leaveState(depth: u32, isEnd: bool): void {
  const step = path + (<usize>depth << STEP_SHIFT);
  const at = slotOf(load<u64>(step));
  const paths = isEnd ? 1 : load<f64>(step, WAYS);
  store<u64>(at, load<u64>(step));
  store<f64>(at, paths, WAYS);
  if (depth != 0) addPaths(depth, paths);
}

/** What leads on from the state before step `depth`. */
function addPaths(depth: u32, paths: f64): void {
  const before = path + (<usize>(depth - 1) << STEP_SHIFT);
  store<f64>(before, load<f64>(before, WAYS) + paths, WAYS);
}

/** Ways from the state at step `depth` to the end, as far as they have been counted. */
export function pathsOf(depth: u32): f64 {
  return load<f64>(path + (<usize>depth << STEP_SHIFT), WAYS);
}

/** Where the search keeps what it knows of the state at step `depth`: until another state is entered. */
export function knownOf(depth: u32): usize {
  return slotOf(load<u64>(path + (<usize>depth << STEP_SHIFT))) + SLOT_KNOWN;
}

/** Of each worker, 4 bits: its place in the state at step `depth`. States that differ by who is who have the same workers in the same places. */
export function placesOf(depth: u32): u32 {
  return load<u32>(path + (<usize>depth << STEP_SHIFT), STEP_PLACES);
}

export function statesSeen(): u32 {
  return seen;
}
