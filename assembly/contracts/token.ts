// A fungible token. Anybody may mint: it is made for examples and workloads.

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

/** Creates `amount` tokens for `to`. Reverts where the total supply would not fit 64 bits. */
export function mint(to: Address, amount: u64): void {
  const total = supply.slot();
  const before = total.get();
  // The supply bounds every balance, so that no credit can overflow.
  require(before + amount >= before, "total supply overflow");
  total.set(before + amount);
  const credit = balances.at(to);
  credit.set(credit.get() + amount);
}

/** Moves `amount` tokens from the caller to `to`. Returns true; reverts with "insufficient balance". */
export function transfer(to: Address, amount: u64): bool {
  const from = context.sender();
  const debit = balances.at(from);
  const balance = debit.get();
  require(balance >= amount, "insufficient balance");
  debit.set(balance - amount);
  // Read only after the debit is written: the caller may be `to`.
  const credit = balances.at(to);
  credit.set(credit.get() + amount);
  emit(new Transfer(from, to, amount));
  return true;
}

@view
export function balanceOf(owner: Address): u64 {
  return balances.get(owner);
}

@view
export function totalSupply(): u64 {
  return supply.get();
}
