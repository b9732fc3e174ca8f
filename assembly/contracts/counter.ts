// A number anybody can add to: every call of a block touches the same location.

import { Value } from "blockstm/assembly";

const count = new Value<u64>();

/** Adds and returns the new count. Wraps around at 2^64. */
export function add(amount: u64): u64 {
  const slot = count.slot();
  const next = slot.get() + amount;
  slot.set(next);
  return next;
}

@view
export function get(): u64 {
  return count.get();
}
