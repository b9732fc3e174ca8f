// A token that sums up what was ever transferred: in a counter that calls add to without reading it, in a value that they
// read and write, or not at all. The three transfers differ in nothing else, so that what the sum costs can be measured.

import { Address, checked, Counter, context, Value } from "blockstm/assembly";
import { create, held, move } from "./shared/holdings";

const added = new Counter("addedVolume");
const written = new Value<u64>("writtenVolume");

/** Creates `amount` tokens for `to`. Reverts with "total supply overflow". */
export function mint(to: Address, amount: u64): void {
  create(to, amount);
}

/** Moves `amount` tokens from the caller to `to` and sums up nothing. Returns true; reverts with "insufficient balance". */
export function transfer(to: Address, amount: u64): bool {
  move(context.sender(), to, amount);
  return true;
}

/** The same, and adds `amount` to a counter. Such calls do not depend on one another. Reverts with "overflow" too. */
export function transferAdding(to: Address, amount: u64): bool {
  move(context.sender(), to, amount);
  added.add(amount);
  return true;
}

/** The same, and reads and writes a sum. Every such call depends on the one before. Reverts with "overflow" too. */
export function transferWriting(to: Address, amount: u64): bool {
  move(context.sender(), to, amount);
  const slot = written.slot();
  slot.set(checked.add(slot.get(), amount));
  return true;
}

@view
export function balanceOf(owner: Address): u64 {
  return held(owner);
}

/** What `transferAdding` has moved so far. */
@view
export function addedVolume(): u64 {
  return added.get();
}

/** What `transferWriting` has moved so far. */
@view
export function writtenVolume(): u64 {
  return written.get();
}
