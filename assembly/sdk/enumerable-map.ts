import { lookup, push } from "./abi";
import { encode } from "./codec";
import { listAdd, listAt, listDelete, listSize } from "./enumerable-set";
import { Slot } from "./storage";

/** The second word of a key; 0 and 1 are those of the list of keys. */
const valueTag: u64 = 2;

/**
 * A map that can be listed. The price: calls that add or delete keys wait for one another, since they change the size. Calls that
 * set values of keys that are there do not. Deleting a key moves the last one to its place.
 *
 * The keys are kept as those of an `EnumerableSet`, a value under [prefix] [2] [key].
 */
@final
export class EnumerableMap<K, V> {
  private prefix: u64 = 0;

  /** `name`: in the layout. Default: the variable's. The compiler puts constant data in the place of this. */
  constructor(name: string = "") {
    ERROR("a storage field is declared as a constant outside of functions, as what it is: new and its class");
  }

  @inline
  private value(key: K): Slot<V> {
    push(this.prefix);
    push(valueTag);
    return changetype<Slot<V>>(lookup(16 + encode<K>(key)));
  }

  @inline
  get size(): u64 {
    return listSize(this.prefix);
  }

  /** The key's value, or what `absent` gives where there is none. */
  @inline
  get(key: K): V {
    return this.value(key).get();
  }

  @inline
  set(key: K, value: V): void {
    const slot = this.value(key);
    if (!slot.has()) listAdd<K>(this.prefix, key);
    slot.set(value);
  }

  @inline
  has(key: K): bool {
    return this.value(key).has();
  }

  /** Returns whether the key was there. */
  @inline
  delete(key: K): bool {
    this.value(key).remove();
    return listDelete<K>(this.prefix, key);
  }

  /** A key by its place, from 0. Reverts with "index out of range". */
  @inline
  keyAt(index: u64): K {
    return listAt<K>(this.prefix, index);
  }
}
