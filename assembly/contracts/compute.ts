// A transfer with as much integer work as the caller asks for: sets the cost of a call.

import { Address, context, Map } from "blockstm/assembly";
import { Account, Entry } from "./shared/account";
import { fold } from "./shared/digest";

const accounts = new Map<Address, Account>();

/** Creates `amount` for `to`; the entry names the caller. Reverts with "balance overflow". */
export function mint(to: Address, amount: u64): void {
  const slot = accounts.at(to);
  const account = slot.get();
  account.credit(Entry.Mint, context.sender(), amount);
  slot.set(account);
}

/**
 * Moves `amount` from the caller to `to` as `ledger` does, false without funds, after `rounds` rounds of work.
 * The work starts from what the caller's account holds and its result is folded into the account's digest, so that
 * neither can be left out.
 */
export function transfer(to: Address, amount: u64, rounds: u32): bool {
  const from = context.sender();
  const debit = accounts.at(from);
  const payer = debit.get();
  payer.digest = fold(payer.digest, work(payer.digest, rounds));
  const moved = payer.debit(to, amount);
  debit.set(payer);
  if (!moved) return false;
  // Read only after the debit is written: the caller may be `to`.
  const credit = accounts.at(to);
  const payee = credit.get();
  payee.credit(Entry.Credit, from, amount);
  credit.set(payee);
  return true;
}

@view
export function balanceOf(owner: Address): u64 {
  return accounts.get(owner).balance;
}

@view
export function digestOf(owner: Address): u64 {
  return accounts.get(owner).digest;
}

/** `rounds` steps of Marsaglia's xorshift64 (13, 7, 17), from `start` with its lowest bit set: zero would stay zero. */
function work(start: u64, rounds: u32): u64 {
  let state = start | 1;
  for (let round: u32 = 0; round < rounds; round++) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
  }
  return state;
}
