// Counters: numbers that calls add to without reading them.
//
// Calls that read and write one location wait for one another. Calls that only add to a counter do not, even though each learns whether
// its bound was kept: so a supply, a fee or a count of votes is no bottleneck. `get` reads, and a call that reads depends on all
// calls before it that add.

import { add as addTo, lookup, push, subtract as subtractFrom } from "./abi";
import { revert } from "./revert";
import { Slot } from "./storage";

/** A number from 0 to 2^64 - 1 in storage; 0 where nothing was stored. */
@final
export class Counter {
  private prefix: u64 = 0;

  /** `name`: in the layout. Default: the variable's. The compiler puts constant data in the place of this. */
  constructor(name: string = "") {
    ERROR("a storage field is declared as a constant outside of functions, as what it is: new and its class");
  }

  @inline
  private slot(): Slot<u64> {
    push(this.prefix);
    return changetype<Slot<u64>>(lookup(8));
  }

  /** The value. A call that asks for it depends on every call before it that adds. */
  @inline
  get(): u64 {
    return this.slot().get();
  }

  @inline
  set(value: u64): void {
    this.slot().set(value);
  }

  /** Adds. Reverts with "overflow" where the sum would be more than `most`. */
  @inline
  add(amount: u64, most: u64 = u64.MAX_VALUE): void {
    if (!this.tryAdd(amount, most)) revert("overflow");
  }

  /** Subtracts. Reverts with "underflow" where the difference would be less than `least`. */
  @inline
  subtract(amount: u64, least: u64 = 0): void {
    if (!this.trySubtract(amount, least)) revert("underflow");
  }

  /** Adds, or returns false and changes nothing where the sum would be more than `most`. */
  @inline
  tryAdd(amount: u64, most: u64 = u64.MAX_VALUE): bool {
    return addTo(this.slot().index, amount, most) != 0;
  }

  /** Subtracts, or returns false and changes nothing where the difference would be less than `least`. */
  @inline
  trySubtract(amount: u64, least: u64 = 0): bool {
    return subtractFrom(this.slot().index, amount, least) != 0;
  }
}
