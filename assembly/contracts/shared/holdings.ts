// What contracts that are tokens besides have in common with `token`: holders' balances, and what may happen to them.

import { Address, context, emit, Map, require, Value } from "blockstm/assembly";

const balances = new Map<Address, u64>();
const supply = new Value<u64>("totalSupply");

@event
class Transfer {
  constructor(
    readonly from: Address,
    readonly to: Address,
    readonly amount: u64,
  ) {}
}

/** Creates `amount` for `to`. Reverts where the total supply would not fit 64 bits, so that no credit can overflow. */
export function create(to: Address, amount: u64): void {
  const total = supply.slot();
  const before = total.get();
  require(before + amount >= before, "total supply overflow");
  total.set(before + amount);
  const credit = balances.at(to);
  credit.set(credit.get() + amount);
}

/** Moves `amount` from the caller to `to` and announces it. Reverts with "insufficient balance". */
export function move(to: Address, amount: u64): void {
  const from = context.sender();
  const debit = balances.at(from);
  const balance = debit.get();
  require(balance >= amount, "insufficient balance");
  debit.set(balance - amount);
  // Read only after the debit is written: the caller may be `to`.
  const credit = balances.at(to);
  credit.set(credit.get() + amount);
  emit(new Transfer(from, to, amount));
}

export function held(owner: Address): u64 {
  return balances.get(owner);
}
