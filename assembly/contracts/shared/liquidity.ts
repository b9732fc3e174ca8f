// What pools have in common that belong to whoever paid into them: how much of a pool an amount is.

import { mulDiv, u128 } from "blockstm/assembly";

/** The part of a pool's `shares` that `amount` is of its `reserve`, rounded down; the largest number where it does not fit, or there is no reserve. */
export function sharesFor(amount: u64, shares: u64, reserve: u64): u64 {
  return u128.product(amount, shares).high >= reserve ? u64.MAX_VALUE : mulDiv(amount, shares, reserve);
}
