// A fungible token with allowances. Anybody may mint: it is made for examples and workloads. Balances are those of
// shared/holdings.ts; what an allowance is and who may do what is said here.

import { Address, context, emit, Map, require } from "blockstm/assembly";
import { create, created, destroy, held, move } from "./shared/holdings";

/** An allowance that is not used up. */
const unlimited: u64 = u64.MAX_VALUE;

/** Whose tokens who else may move. */
class Permission {
  constructor(
    readonly owner: Address,
    readonly spender: Address,
  ) {}
}

const allowances = new Map<Permission, u64>();

/** What `spender` may move of `owner`'s from now on. */
@event("owner", "spender")
class Approval {
  constructor(
    readonly owner: Address,
    readonly spender: Address,
    readonly amount: u64,
  ) {}
}

/** Creates `amount` tokens for `to`. Reverts with "total supply overflow" where the supply would not fit 64 bits. */
export function mint(to: Address, amount: u64): void {
  create(to, amount);
}

/** Destroys `amount` of the caller's tokens. Reverts with "insufficient balance". */
export function burn(amount: u64): void {
  destroy(context.sender(), amount);
}

/** Moves `amount` tokens from the caller to `to`. Returns true; reverts with "insufficient balance". */
export function transfer(to: Address, amount: u64): bool {
  move(context.sender(), to, amount);
  return true;
}

/**
 * Lets `spender` move `amount` of the caller's tokens, whatever it could before; the largest number is without limit.
 * A spender who is quick may use the old allowance and then the new one: set 0 first where that matters.
 */
export function approve(spender: Address, amount: u64): bool {
  const owner = context.sender();
  allowances.set(new Permission(owner, spender), amount);
  emit(new Approval(owner, spender, amount));
  return true;
}

/**
 * Moves `amount` tokens of `from` to `to`, which the caller was allowed to. Returns true; reverts with
 * "insufficient allowance" or "insufficient balance".
 */
export function transferFrom(from: Address, to: Address, amount: u64): bool {
  const allowed = allowances.at(new Permission(from, context.sender()));
  const left = allowed.get();
  require(left >= amount, "insufficient allowance");
  if (left != unlimited) allowed.set(left - amount);
  move(from, to, amount);
  return true;
}

@view
export function balanceOf(owner: Address): u64 {
  return held(owner);
}

/** What `spender` may still move of `owner`'s tokens. */
@view
export function allowance(owner: Address, spender: Address): u64 {
  return allowances.get(new Permission(owner, spender));
}

@view
export function totalSupply(): u64 {
  return created();
}

@view
export function name(): string {
  return "Sample Token";
}

@view
export function symbol(): string {
  return "SMPL";
}

/** Digits behind the point where amounts are shown to people; the contract counts the smallest unit. */
@view
export function decimals(): u8 {
  return 6;
}
