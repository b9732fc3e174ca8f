// The five transactions and one query of the SmallBank benchmark: customers with a savings and a checking account each, from which little is read and
// little written, in ways that look independent and are not.
// Source: M. Alomari, M. Cahill, A. Fekete, U. Röhm, "The Cost of Serializability on Platforms That Use Snapshot Isolation", ICDE 2008.

import { checked, Map, require } from "blockstm/assembly";

/** What a check costs that is not covered. */
const penalty: i64 = 1;

const savings = new Map<u64, i64>();
const checking = new Map<u64, i64>();

/** Opens a customer's accounts with these balances, or sets them. */
export function open(customer: u64, inSavings: i64, inChecking: i64): void {
  savings.set(customer, inSavings);
  checking.set(customer, inChecking);
}

/** What a customer has in both accounts. Reverts with "no such customer", "overflow" or "underflow". */
export function balance(customer: u64): i64 {
  return checked.add(known(customer), checking.get(customer));
}

/** Pays into the checking account. Reverts with "no such customer", "negative amount" or "overflow". */
export function depositChecking(customer: u64, amount: i64): void {
  require(amount >= 0, "negative amount");
  const account = checking.at(customer);
  require(account.has(), "no such customer");
  account.set(checked.add(account.get(), amount));
}

/** Pays into the savings account, or with a negative amount out of it. Reverts with "no such customer", "insufficient funds" or "overflow". */
export function transactSavings(customer: u64, amount: i64): void {
  const account = savings.at(customer);
  require(account.has(), "no such customer");
  const after = checked.add(account.get(), amount);
  require(after >= 0, "insufficient funds");
  account.set(after);
}

/** Moves all that one customer has to another's checking account. Reverts with "no such customer", "the same customer" or "overflow". */
export function amalgamate(from: u64, to: u64): void {
  require(from != to, "the same customer");
  const fromSavings = savings.at(from);
  const fromChecking = checking.at(from);
  const toChecking = checking.at(to);
  require(fromSavings.has() && toChecking.has(), "no such customer");
  toChecking.set(checked.add(toChecking.get(), checked.add(fromSavings.get(), fromChecking.get())));
  fromSavings.set(0);
  fromChecking.set(0);
}

/**
 * Pays a check: `amount` out of the checking account, which it may overdraw, and a penalty besides where both accounts together do not cover it.
 * Reverts with "no such customer", "negative amount", "overflow" or "underflow".
 */
export function writeCheck(customer: u64, amount: i64): void {
  require(amount >= 0, "negative amount");
  const saved = known(customer);
  const account = checking.at(customer);
  const before = account.get();
  const isCovered = checked.add(saved, before) >= amount;
  account.set(checked.subtract(before, isCovered ? amount : checked.add(amount, penalty)));
}

/** Moves `amount` from one checking account to another. Reverts with "no such customer", "the same customer", "negative amount", "insufficient funds" or "overflow". */
export function sendPayment(from: u64, to: u64, amount: i64): void {
  require(from != to, "the same customer");
  require(amount >= 0, "negative amount");
  const debit = checking.at(from);
  const credit = checking.at(to);
  require(debit.has() && credit.has(), "no such customer");
  const before = debit.get();
  require(before >= amount, "insufficient funds");
  debit.set(before - amount);
  credit.set(checked.add(credit.get(), amount));
}

@view
export function savingsOf(customer: u64): i64 {
  return savings.get(customer);
}

@view
export function checkingOf(customer: u64): i64 {
  return checking.get(customer);
}

/** The customer's savings. */
function known(customer: u64): i64 {
  const account = savings.at(customer);
  require(account.has(), "no such customer");
  return account.get();
}
