import { lookup, push } from "./abi";
import { encode } from "./codec";
import { revert } from "./revert";
import { Slot } from "./storage";

/** The second word of a key: a member by its place, and a member's place. */
const memberTag: u64 = 0;
const placeTag: u64 = 1;

/**
 * Members in a list, and for each its place in it, from 1. What `EnumerableSet` and `EnumerableMap` have in common.
 *
 *   [prefix]                  the size
 *   [prefix] [0] [index]      the member at an index
 *   [prefix] [1] [member]     its index + 1
 */
@inline
function sizeOf(prefix: u64): Slot<u64> {
  push(prefix);
  return changetype<Slot<u64>>(lookup(8));
}

@inline
function memberAt<T>(prefix: u64, index: u64): Slot<T> {
  push(prefix);
  push(memberTag);
  push(index);
  return changetype<Slot<T>>(lookup(24));
}

@inline
function placeOf<T>(prefix: u64, member: T): Slot<u64> {
  push(prefix);
  push(placeTag);
  return changetype<Slot<u64>>(lookup(16 + encode<T>(member)));
}

/** The number of members. */
@inline
export function listSize(prefix: u64): u64 {
  return sizeOf(prefix).get();
}

@inline
export function listHas<T>(prefix: u64, member: T): bool {
  return placeOf<T>(prefix, member).has();
}

/** Reverts with "index out of range". */
export function listAt<T>(prefix: u64, index: u64): T {
  const slot = memberAt<T>(prefix, index);
  if (!slot.has()) revert("index out of range");
  return slot.get();
}

/** Returns whether the member is new. */
export function listAdd<T>(prefix: u64, member: T): bool {
  const place = placeOf<T>(prefix, member);
  if (place.has()) return false;
  const size = sizeOf(prefix);
  const index = size.get();
  size.set(index + 1);
  memberAt<T>(prefix, index).set(member);
  place.set(index + 1);
  return true;
}

/** Returns whether the member was there. The last member takes its place. */
export function listDelete<T>(prefix: u64, member: T): bool {
  const place = placeOf<T>(prefix, member);
  const found = place.get();
  if (found == 0) return false;
  place.remove();
  const size = sizeOf(prefix);
  const last = size.get() - 1;
  size.set(last);
  const end = memberAt<T>(prefix, last);
  if (found - 1 != last) {
    const moved = end.get();
    memberAt<T>(prefix, found - 1).set(moved);
    placeOf<T>(prefix, moved).set(found);
  }
  end.remove();
  return true;
}

/**
 * A set that can be listed. The price: calls that add or delete members wait for one another, since they change the size.
 * Deleting a member moves the last one to its place.
 */
@final
export class EnumerableSet<T> {
  private prefix: u64 = 0;

  /** `name`: in the layout. Default: the variable's. The compiler puts constant data in the place of this. */
  constructor(name: string = "") {
    ERROR("a storage field is declared as a constant outside of functions, as what it is: new and its class");
  }

  @inline
  get size(): u64 {
    return listSize(this.prefix);
  }

  @inline
  has(member: T): bool {
    return listHas<T>(this.prefix, member);
  }

  /** Returns whether the member is new. */
  @inline
  add(member: T): bool {
    return listAdd<T>(this.prefix, member);
  }

  /** Returns whether the member was there. */
  @inline
  delete(member: T): bool {
    return listDelete<T>(this.prefix, member);
  }

  /** A member by its place, from 0. Reverts with "index out of range". */
  @inline
  keyAt(index: u64): T {
    return listAt<T>(this.prefix, index);
  }
}
