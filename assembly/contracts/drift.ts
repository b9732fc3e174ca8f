// Calls whose keys depend on what they read: executed again after another call has changed that, they touch other keys.

import { checked, emit, Map, require } from "blockstm/assembly";
import { fold } from "./shared/digest";

const pointers = new Map<u64, u64>();
const cells = new Map<u64, u64>();

@event
class Visited {
  constructor(
    readonly cell: u64,
    readonly value: u64,
  ) {}
}

/**
 * Follows a pointer, moves it on, and adds `amount` to one of `count` cells: the one numbered `cell`, or where `drifts` the one that the pointer
 * led to. Returns the cell's new value. Reverts with "no cells" or "overflow".
 */
export function visit(pointer: u64, cell: u64, count: u64, drifts: bool, amount: u64): u64 {
  require(count > 0, "no cells");
  const place = pointers.at(pointer);
  const found = place.get();
  place.set(fold(found, amount));
  const target = (drifts ? cell + found : cell) % count;
  const slot = cells.at(target);
  const value = checked.add(slot.get(), amount);
  slot.set(value);
  emit(new Visited(target, value));
  return value;
}

@view
export function valueOf(cell: u64): u64 {
  return cells.get(cell);
}

/** Where a pointer leads: a number of which the remainder by the count of cells is added to the cell asked for. */
@view
export function pointerOf(pointer: u64): u64 {
  return pointers.get(pointer);
}
