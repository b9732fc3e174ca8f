import { has, lookup, push, remove, write } from "./abi";
import { encode } from "./codec";

/**
 * Stored members: each is there or not. It cannot be listed and does not know its size, so that calls that touch different
 * members never conflict; `EnumerableSet` does, at a price.
 */
@final
export class Set<T> {
  private prefix: u64 = 0;

  /** `name`: in the layout. Default: the variable's. The compiler puts constant data in the place of this. */
  constructor(name: string = "") {
    ERROR("a storage field is declared as a constant outside of functions, as what it is: new and its class");
  }

  @inline
  private slot(member: T): i32 {
    push(this.prefix);
    return lookup(8 + encode<T>(member));
  }

  @inline
  has(member: T): bool {
    return has(this.slot(member)) != 0;
  }

  @inline
  add(member: T): void {
    write(this.slot(member), 0);
  }

  @inline
  delete(member: T): void {
    remove(this.slot(member));
  }
}
