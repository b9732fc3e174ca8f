// A token that can be paused. Every transfer reads the flag and writes it back as it was, as code does that stores a whole
// record of settings when it is done with it: the flag is written all the time and changes only when it is set.

import { Address, context, require, Value } from "blockstm/assembly";
import { create, held, move } from "./shared/holdings";

const paused = new Value<bool>();

/** Creates `amount` tokens for `to`, paused or not. Reverts with "total supply overflow". */
export function mint(to: Address, amount: u64): void {
  create(to, amount);
}

/** Makes every transfer revert. Anybody may: it is made for workloads. */
export function pause(): void {
  paused.set(true);
}

export function resume(): void {
  paused.set(false);
}

/** Moves `amount` tokens from the caller to `to`. Returns true; reverts with "paused" or "insufficient balance". */
export function transfer(to: Address, amount: u64): bool {
  const setting = paused.slot();
  const flag = setting.get();
  require(!flag, "paused");
  move(context.sender(), to, amount);
  setting.set(flag);
  return true;
}

@view
export function balanceOf(owner: Address): u64 {
  return held(owner);
}

@view
export function isPaused(): bool {
  return paused.get();
}
