// Storage: what a contract keeps between calls.
//
// A key is one word that names the field (FNV-1a of the name given here) and, for a map, the words of the key.

import { has, lookup, push, read, remove, write } from "./abi";
import { absent, decode, encode } from "./codec";

/**
 * One location, looked up. `this` is not a pointer but the slot's number: a slot costs no memory and dies with the call.
 * Take it from `Value.slot()` or `Map.at(key)` to read, change and write with a single lookup.
 */
@unmanaged @final
export class Slot<T> {
  /** The slot's number, for functions of "blockstm/assembly/abi". */
  @inline
  get index(): i32 {
    return changetype<i32>(this);
  }

  /** The value, or 0, false, "", no bytes, the zero address or a new object where there is none. */
  @inline
  get(): T {
    return read(this.index) < 0 ? absent<T>() : decode<T>();
  }

  @inline
  set(value: T): void {
    write(this.index, encode<T>(value));
  }

  @inline
  has(): bool {
    return has(this.index) != 0;
  }

  @inline
  remove(): void {
    remove(this.index);
  }
}

/**
 * A single stored value.
 *
 * `const owner = new Value<Address>("owner")` at the top level of a file costs nothing at run time: the compiler lays it
 * out as constant data. The name is the layout: change it and the value under the old name is out of reach.
 */
@final
export class Value<T> {
  private prefix: u64 = 0;

  /** `name`: in the layout. Default: the variable's. The compiler puts constant data in the place of this. */
  constructor(name: string = "") {
    ERROR("a storage field is declared as a constant outside of functions, as what it is: new and its class");
  }

  @inline
  slot(): Slot<T> {
    push(this.prefix);
    return changetype<Slot<T>>(lookup(8));
  }

  /** The value, or 0, false, "", no bytes, the zero address or a new object where there is none. */
  @inline
  get(): T {
    return this.slot().get();
  }

  @inline
  set(value: T): void {
    this.slot().set(value);
  }

  @inline
  has(): bool {
    return this.slot().has();
  }

  @inline
  remove(): void {
    this.slot().remove();
  }
}
