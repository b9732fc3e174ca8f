/**
 * The base: where the store has the committed values that are not in memory.
 *
 * A key that is interned gets the value that it has there, before anybody else sees its location. So a location says what is committed, whether it has been in
 * memory or not; and a key that has no location has no value but the base's. The store is told of a block's writes after it has been committed in
 * memory; until it holds them their locations stay (evict.ts).
 *
 * The driver reads the store: it is given the key's place, and leaves the value in this worker's staging area, behind what a key can take there.
 */
import { FAULT_STORE, raise } from "./fault";
import { allocateBlock } from "./heap";
import { INLINE_VALUE, LOCATION_COMMITTED, LOCATION_RECORD } from "./keys";
import { AT_BASE, stagingBase } from "./layout";
import { copyWords } from "./words";

/** In the staging area: after the longest key; the longest value fits. */
const VALUE: usize = 512;
const NO_VALUE: i32 = -1;

/** Writes the value of the key of `length` bytes at `key` to `to`, and returns its length; or -1 where there is none, -2 where the store cannot be read. */
@external("env", "base")
declare function readBase(contract: u32, key: usize, length: u32, to: usize): i32;

export let hasBase: bool = false;

export function enterBase(): void {
  hasBase = load<u32>(AT_BASE) != 0;
}

/** Give `location`, which is being made, the value of its key. Unwinds with FAULT_STORE or FAULT_MEMORY. */
export function loadBase(location: usize, contract: u32, key: usize, keyLength: u32): void {
  const from = stagingBase + VALUE;
  const found = readBase(contract, key, keyLength, from);
  if (found == NO_VALUE) return;
  if (found < 0) raise(FAULT_STORE);
  const length = <u32>found;
  const padded: usize = (length + 7) & ~7;
  const to = length <= INLINE_VALUE ? location + LOCATION_RECORD : allocateBlock(8 + padded);
  store<u64>(to, length);
  copyWords(to + 8, from, padded);
  // Values are compared by words.
  if ((length & 7) != 0) {
    const last = to + padded;
    store<u64>(last, load<u64>(last) & (((<u64>1) << ((length & 7) << 3)) - 1));
  }
  store<u32>(location, to, LOCATION_COMMITTED);
}
