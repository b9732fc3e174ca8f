import { has, lookup, push, read, write } from "./abi";
import { decode, encode } from "./codec";
import { revert } from "./revert";
import { Slot } from "./storage";

/**
 * Stored elements by index. An element is a location of its own, and an access to one does not read the length: calls that
 * touch different elements do not conflict. `push` and `pop` change the length, so calls that use them wait for one another.
 */
@final
export class Vector<T> {
  private prefix: u64 = 0;

  /** `name`: in the layout. Default: the variable's. The compiler puts constant data in the place of this. */
  constructor(name: string = "") {
    ERROR("a storage field is declared as a constant outside of functions, as what it is: new and its class");
  }

  /** Where the length is kept. */
  @inline
  private size(): Slot<u64> {
    push(this.prefix);
    return changetype<Slot<u64>>(lookup(8));
  }

  @inline
  private element(index: u64): i32 {
    push(this.prefix);
    push(index);
    return lookup(16);
  }

  /** The number of elements. */
  @inline
  get length(): u64 {
    return this.size().get();
  }

  /** The element's location. Reverts with "index out of range". Do not remove what is there: `pop` does. */
  @inline
  at(index: u64): Slot<T> {
    const slot = this.element(index);
    if (has(slot) == 0) outOfRange();
    return changetype<Slot<T>>(slot);
  }

  /** Reverts with "index out of range". */
  @inline
  get(index: u64): T {
    if (read(this.element(index)) < 0) outOfRange();
    return decode<T>();
  }

  /** Reverts with "index out of range". */
  @inline
  set(index: u64, value: T): void {
    this.at(index).set(value);
  }

  /** Adds an element at the end and returns its index. */
  @inline
  push(value: T): u64 {
    const size = this.size();
    const index = size.get();
    size.set(index + 1);
    write(this.element(index), encode<T>(value));
    return index;
  }

  /** Takes the last element away. Reverts with "index out of range" where there is none. */
  @inline
  pop(): T {
    const size = this.size();
    const length = size.get();
    if (length == 0) outOfRange();
    size.set(length - 1);
    const slot = changetype<Slot<T>>(this.element(length - 1));
    const value = slot.get();
    slot.remove();
    return value;
  }
}

function outOfRange(): void {
  revert("index out of range");
}
