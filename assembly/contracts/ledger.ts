// A native coin whose state shows the order in which a block was executed.
//
// Plain transfers commute: equal balances prove little. Here every account also carries a digest of its history (see
// shared/account.ts), a transfer without funds included, so that two executions agree only if they agree on the order.

import { Address, context, Map, Value } from "blockstm/assembly";
import { Account, Entry } from "./shared/account";
import { fold } from "./shared/digest";

const accounts = new Map<Address, Account>();
const sealed = new Value<u64>("seal");

/** Creates `amount` for `to`; the entry names the caller. Reverts with "balance overflow". */
export function mint(to: Address, amount: u64): void {
  const slot = accounts.at(to);
  const account = slot.get();
  account.credit(Entry.Mint, context.sender(), amount);
  slot.set(account);
}

/** Moves `amount` from the caller to `to`. Without funds it returns false, and the caller's digest records the attempt. */
export function transfer(to: Address, amount: u64): bool {
  return move(context.sender(), to, amount);
}

/**
 * A transfer that also folds into the one digest of the contract: the last word of the caller's address, that of `to`,
 * the amount, and 1 or 0 for whether it went through. Every such call depends on the one before.
 */
export function transferSealed(to: Address, amount: u64): bool {
  const from = context.sender();
  const moved = move(from, to, amount);
  const slot = sealed.slot();
  slot.set(fold(fold(fold(fold(slot.get(), from.word3), to.word3), amount), <u64>moved));
  return moved;
}

@view
export function balanceOf(owner: Address): u64 {
  return accounts.get(owner).balance;
}

@view
export function digestOf(owner: Address): u64 {
  return accounts.get(owner).digest;
}

/** The contract's digest: that of every `transferSealed` so far. */
@view
export function seal(): u64 {
  return sealed.get();
}

function move(from: Address, to: Address, amount: u64): bool {
  const debit = accounts.at(from);
  const payer = debit.get();
  const moved = payer.debit(to, amount);
  debit.set(payer);
  if (!moved) return false;
  // Read only after the debit is written: the payer may be `to`.
  const credit = accounts.at(to);
  const payee = credit.get();
  payee.credit(Entry.Credit, from, amount);
  credit.set(payee);
  return true;
}
