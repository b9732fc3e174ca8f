// What every collection of numbered tokens here is made of: who owns each, how many everybody has, and what may happen to both.

import { Address, emit, Map, require, Slot } from "blockstm/assembly";

const owners = new Map<u64, Address>();
const balances = new Map<Address, u64>();

/** A token that moved; from the zero address it is new, to it it is gone. */
@event("from", "to", "id")
class Transfer {
  constructor(
    readonly from: Address,
    readonly to: Address,
    readonly id: u64,
  ) {}
}

/** Where the owner of a token stands; nothing is there where there is no such token. */
@inline
export function place(id: u64): Slot<Address> {
  return owners.at(id);
}

/** Reverts with "no such token". */
export function known(id: u64): Address {
  const owner = place(id);
  require(owner.has(), "no such token");
  return owner.get();
}

/** Creates the token `id`, of which there must be none yet, for `to`. */
@inline
export function issue(to: Address, id: u64): void {
  owners.set(id, to);
  count(to, 1);
  emit(new Transfer(new Address(), to, id));
}

/** Destroys a token, which must be `from`'s. */
@inline
export function destroy(from: Address, id: u64): void {
  owners.delete(id);
  count(from, -1);
  emit(new Transfer(from, new Address(), id));
}

/** Moves a token, which must be `from`'s, and announces it. `owner`: its place. */
@inline
export function move(owner: Slot<Address>, from: Address, to: Address, id: u64): void {
  owner.set(to);
  count(from, -1);
  // Read only after the other is written: the two may be one account.
  count(to, 1);
  emit(new Transfer(from, to, id));
}

/** How many tokens an account has. */
@inline
export function held(owner: Address): u64 {
  return balances.get(owner);
}

/** No balance is more than the tokens there are, or less than none. */
@inline
function count(owner: Address, change: i64): void {
  const balance = balances.at(owner);
  balance.set(balance.get() + change);
}
