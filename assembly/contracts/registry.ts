// Stands in for contracts whose code is not known when real blocks are replayed: one registry serves them all. A call of
// an unknown contract becomes a read-modify-write of that contract's state under the method's selector.

import { Address, Map } from "blockstm/assembly";
import { fold } from "./shared/digest";

@final
class Entry {
  constructor(
    readonly callee: Address,
    readonly selector: u32,
  ) {}
}

@final
class Touched {
  count: u64 = 0;
  digest: u64 = 0;
}

const entries = new Map<Entry, Touched>();

/** Counts the call and folds `value` into the entry's digest, which it returns. */
export function touch(callee: Address, selector: u32, value: u64): u64 {
  const slot = entries.at(new Entry(callee, selector));
  const touched = slot.get();
  touched.count++;
  touched.digest = fold(touched.digest, value);
  slot.set(touched);
  return touched.digest;
}

@view
export function countOf(callee: Address, selector: u32): u64 {
  return entries.get(new Entry(callee, selector)).count;
}

@view
export function digestOf(callee: Address, selector: u32): u64 {
  return entries.get(new Entry(callee, selector)).digest;
}
