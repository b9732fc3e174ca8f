// What every fungible token here is made of: holders' balances, how much there is, and what may happen to both. The functions
// are inlined, since a transfer is what everybody waits for.

import { Address, emit, Map, require, Value } from "blockstm/assembly";

const balances = new Map<Address, u64>();
const supply = new Value<u64>("totalSupply");

/** Tokens that moved; from the zero address they are new. To it they are gone, of no use to anybody; `totalSupply` counts them unless they were burnt. */
@event
class Transfer {
  constructor(
    readonly from: Address,
    readonly to: Address,
    readonly amount: u64,
  ) {}
}

/** Creates `amount` for `to`. Reverts with "total supply overflow": the supply bounds every balance, so that no credit can overflow. */
@inline
export function create(to: Address, amount: u64): void {
  const total = supply.slot();
  const before = total.get();
  require(before + amount >= before, "total supply overflow");
  total.set(before + amount);
  const credit = balances.at(to);
  credit.set(credit.get() + amount);
  emit(new Transfer(new Address(), to, amount));
}

/** Destroys `amount` of what `from` has. Reverts with "insufficient balance". */
@inline
export function destroy(from: Address, amount: u64): void {
  const debit = balances.at(from);
  const balance = debit.get();
  require(balance >= amount, "insufficient balance");
  debit.set(balance - amount);
  const total = supply.slot();
  total.set(total.get() - amount);
  emit(new Transfer(from, new Address(), amount));
}

/** Moves `amount` and announces it. Reverts with "insufficient balance". */
@inline
export function move(from: Address, to: Address, amount: u64): void {
  const debit = balances.at(from);
  const balance = debit.get();
  require(balance >= amount, "insufficient balance");
  debit.set(balance - amount);
  // Read only after the debit is written: the two may be one account.
  const credit = balances.at(to);
  credit.set(credit.get() + amount);
  emit(new Transfer(from, to, amount));
}

@inline
export function held(owner: Address): u64 {
  return balances.get(owner);
}

/** How much there is. */
@inline
export function created(): u64 {
  return supply.get();
}
