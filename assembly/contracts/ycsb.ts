// A table of records, of which a call reads some and overwrites some: the operations of the YCSB benchmark's core workloads, several in one call.
// Source: B. Cooper et al., "Benchmarking Cloud Serving Systems with YCSB", SoCC 2010.

import { Map, require } from "blockstm/assembly";
import { fold } from "./shared/digest";

/** Operations of a call: as many as the bits that say which of them write. */
const operationsMax = 64;
/** Bytes of a value that count in the digest of what was read. */
const wordBytes = 8;

const records = new Map<u64, StaticArray<u8>>();

/** Gives `count` records from number `from` on the same value. */
export function fill(from: u64, count: u32, value: StaticArray<u8>): void {
  for (let offset: u32 = 0; offset < count; offset++) records.set(from + offset, value);
}

/**
 * Goes through `keys` in order: reads the record, or where the bit of `updates` is set (the lowest is the first key's) overwrites it with `value`, unread. Returns a digest
 * of what was read: of each value its length and first 8 bytes. A record that is not there reads as no bytes. Reverts with "too many operations".
 */
export function operate(keys: u64[], updates: u64, value: StaticArray<u8>): u64 {
  require(keys.length <= operationsMax, "too many operations");
  let digest: u64 = 0;
  for (let index = 0; index < keys.length; index++) {
    if (((updates >> <u64>index) & 1) != 0) records.set(keys[index], value);
    else digest = read(keys[index], digest);
  }
  return digest;
}

@view
export function valueOf(key: u64): StaticArray<u8> {
  return records.get(key);
}

function read(key: u64, digest: u64): u64 {
  const value = records.get(key);
  let word: u64 = 0;
  const counted = min(value.length, wordBytes);
  for (let index = 0; index < counted; index++) word |= <u64>value[index] << <u64>(index * 8);
  return fold(fold(digest, <u64>value.length), word);
}
