// What exchanges have in common: how much of a pool an amount is.

import { mulDiv } from "blockstm/assembly";

/** The part of a pool's `shares` that `amount` is of the `reserve` of one of its tokens; the largest number where it does not fit. */
export function sharesFor(amount: u64, shares: u64, reserve: u64): u64 {
  if (reserve == 0) return u64.MAX_VALUE;
  // amount / reserve > MAX / shares only where the quotient cannot fit.
  return amount / reserve > u64.MAX_VALUE / shares ? u64.MAX_VALUE : mulDiv(amount, shares, reserve);
}
