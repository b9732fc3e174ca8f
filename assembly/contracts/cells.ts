// Numbered cells, each a sum: which calls depend on which is what the caller says.

import { checked, emit, Map } from "blockstm/assembly";

const cells = new Map<u64, u64>();

@event
class Changed {
  constructor(
    readonly cell: u64,
    readonly value: u64,
  ) {}
}

/** Adds to a cell: reads and writes it. Returns the new value, which shows the order; reverts with "overflow". */
export function add(cell: u64, amount: u64): u64 {
  const slot = cells.at(cell);
  const value = checked.add(slot.get(), amount);
  slot.set(value);
  emit(new Changed(cell, value));
  return value;
}

/** Sets a cell to the value of another plus `amount`: reads `from`, writes `to`. Returns the value; reverts with "overflow". */
export function derive(from: u64, to: u64, amount: u64): u64 {
  const value = checked.add(cells.get(from), amount);
  cells.set(to, value);
  emit(new Changed(to, value));
  return value;
}

@view
export function valueOf(cell: u64): u64 {
  return cells.get(cell);
}
