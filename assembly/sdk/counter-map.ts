import { add as addTo, lookup, push, subtract as subtractFrom } from "./abi";
import { encode } from "./codec";
import { revert } from "./revert";
import { Slot } from "./storage";

/**
 * A counter for each key: see `Counter`. Calls that add to one of them do not wait for one another. Its values are those of a `Map<K, u64>`; where nothing was added
 * there is none, which reads as 0.
 */
@final
export class CounterMap<K> {
  private prefix: u64 = 0;

  /** `name`: in the layout. Default: the variable's. The compiler puts constant data in the place of this. */
  constructor(name: string = "") {
    ERROR("a storage field is declared as a constant outside of functions, as what it is: new and its class");
  }

  @inline
  private slot(key: K): Slot<u64> {
    push(this.prefix);
    return changetype<Slot<u64>>(lookup(8 + encode<K>(key)));
  }

  /** The value. A call that asks for it depends on every call before it that adds to this one. */
  @inline
  get(key: K): u64 {
    return this.slot(key).get();
  }

  @inline
  set(key: K, value: u64): void {
    this.slot(key).set(value);
  }

  /** Adds. Reverts with "overflow" where the sum would be more than `most`. */
  @inline
  add(key: K, amount: u64, most: u64 = u64.MAX_VALUE): void {
    if (!this.tryAdd(key, amount, most)) revert("overflow");
  }

  /** Subtracts. Reverts with "underflow" where the difference would be less than `least`. */
  @inline
  subtract(key: K, amount: u64, least: u64 = 0): void {
    if (!this.trySubtract(key, amount, least)) revert("underflow");
  }

  /** Adds, or returns false and changes nothing where the sum would be more than `most`. */
  @inline
  tryAdd(key: K, amount: u64, most: u64 = u64.MAX_VALUE): bool {
    return addTo(this.slot(key).index, amount, most) != 0;
  }

  /** Subtracts, or returns false and changes nothing where the difference would be less than `least`. */
  @inline
  trySubtract(key: K, amount: u64, least: u64 = 0): bool {
    return subtractFrom(this.slot(key).index, amount, least) != 0;
  }
}
