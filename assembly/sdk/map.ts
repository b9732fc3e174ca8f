import { lookup, push } from "./abi";
import { encode } from "./codec";
import { Slot } from "./storage";

/**
 * A stored value for each key. It cannot be listed: two calls that touch different keys never conflict.
 *
 * `const balances = new Map<Address, u64>("balances")` at the top level of a file costs nothing at run time: the compiler
 * lays it out as constant data. The name is the layout: change it and the values under the old name are out of reach.
 */
@final
export class Map<K, V> {
  private prefix: u64 = 0;

  /** `name`: in the layout. Default: the variable's. The compiler puts constant data in the place of this. */
  constructor(name: string = "") {
    ERROR("a storage field is declared as a constant outside of functions, as what it is: new and its class");
  }

  /** The key's location: read, change and write it with this one lookup. */
  @inline
  at(key: K): Slot<V> {
    push(this.prefix);
    return changetype<Slot<V>>(lookup(8 + encode<K>(key)));
  }

  /** The key's value, or 0, false, "", no bytes, the zero address or a new object where there is none. */
  @inline
  get(key: K): V {
    return this.at(key).get();
  }

  @inline
  set(key: K, value: V): void {
    this.at(key).set(value);
  }

  @inline
  has(key: K): bool {
    return this.at(key).has();
  }

  @inline
  delete(key: K): void {
    this.at(key).remove();
  }
}
