// Numbered cells, each a sum: which calls depend on which is what the caller says.

import { Event, Map, require } from "blockstm/assembly";

const cells = new Map<u64, u64>("cells");

// Data: cell, value.
const changed = new Event("Changed");

/** Adds to a cell: reads and writes it. Returns the new value, which shows the order; reverts with "overflow". */
export function add(cell: u64, amount: u64): u64 {
  const slot = cells.at(cell);
  const value = sum(slot.get(), amount);
  slot.set(value);
  changed.emit2(cell, value);
  return value;
}

/** Sets a cell to the value of another plus `amount`: reads `from`, writes `to`. Returns the value; reverts with "overflow". */
export function derive(from: u64, to: u64, amount: u64): u64 {
  const value = sum(cells.get(from), amount);
  cells.set(to, value);
  changed.emit2(to, value);
  return value;
}

export function valueOf(cell: u64): u64 {
  return cells.get(cell);
}

function sum(value: u64, amount: u64): u64 {
  require(value + amount >= value, "overflow");
  return value + amount;
}
