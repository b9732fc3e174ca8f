// A constant-product exchange of two coins, coin 0 and coin 1, which it keeps the accounts of itself.
// Every product is taken in 128 bits; rounding always favours the pool.

import { Address, checked, context, Map, mulDiv, mulDivUp, require, squareRoot, Value } from "blockstm/assembly";
import { sharesFor } from "./shared/liquidity";

/** The part of a swap's input that counts, the rest is the pool's fee: 0.3%. */
const netNumerator: u64 = 997;
const netDenominator: u64 = 1000;

/** What one account holds. */
@final
class Holding {
  amount0: u64 = 0;
  amount1: u64 = 0;
  /** Its part of the pool. */
  shares: u64 = 0;
}

@final
class Pool {
  reserve0: u64 = 0;
  reserve1: u64 = 0;
  shares: u64 = 0;
}

const holdings = new Map<Address, Holding>();
const pool = new Value<Pool>();

/** Creates coins for `to`. Anybody may: this contract is made for examples and workloads. */
export function fund(to: Address, amount0: u64, amount1: u64): void {
  const slot = holdings.at(to);
  const holding = slot.get();
  holding.amount0 = checked.add(holding.amount0, amount0);
  holding.amount1 = checked.add(holding.amount1, amount1);
  slot.set(holding);
}

/**
 * Pays into the pool up to these amounts, in the pool's ratio, and returns the shares received.
 * The first to pay sets the ratio and receives the geometric mean.
 */
export function addLiquidity(amount0: u64, amount1: u64): u64 {
  const poolSlot = pool.slot();
  const state = poolSlot.get();
  let paid0 = amount0;
  let paid1 = amount1;
  let shares: u64;
  if (state.shares == 0) {
    shares = squareRoot(amount0, amount1);
  } else {
    // Bounded by what the smaller side buys; a side too large for 64 bits of shares cannot be the smaller one.
    shares = min(sharesFor(amount0, state.shares, state.reserve0), sharesFor(amount1, state.shares, state.reserve1));
    paid0 = mulDivUp(shares, state.reserve0, state.shares);
    paid1 = mulDivUp(shares, state.reserve1, state.shares);
  }
  require(shares > 0, "too little liquidity");

  const holdingSlot = holdings.at(context.sender());
  const holding = holdingSlot.get();
  require(holding.amount0 >= paid0 && holding.amount1 >= paid1, "insufficient balance");
  holding.amount0 -= paid0;
  holding.amount1 -= paid1;
  state.reserve0 = checked.add(state.reserve0, paid0);
  state.reserve1 = checked.add(state.reserve1, paid1);
  state.shares = checked.add(state.shares, shares);
  // The pool's total bounds each holding.
  holding.shares += shares;
  holdingSlot.set(holding);
  poolSlot.set(state);
  return shares;
}

/** Gives `shares` back for their part of both reserves. */
export function removeLiquidity(shares: u64): void {
  const holdingSlot = holdings.at(context.sender());
  const holding = holdingSlot.get();
  require(shares > 0 && holding.shares >= shares, "insufficient shares");
  const poolSlot = pool.slot();
  const state = poolSlot.get();
  const amount0 = mulDiv(shares, state.reserve0, state.shares);
  const amount1 = mulDiv(shares, state.reserve1, state.shares);
  state.reserve0 -= amount0;
  state.reserve1 -= amount1;
  state.shares -= shares;
  holding.shares -= shares;
  holding.amount0 = checked.add(holding.amount0, amount0);
  holding.amount1 = checked.add(holding.amount1, amount1);
  holdingSlot.set(holding);
  poolSlot.set(state);
}

/**
 * Sells `amountIn` of coin 0 (`zeroForOne`) or of coin 1 and returns what was bought.
 * Reverts with "too little output" where that is less than `minimumOut`.
 */
export function swap(zeroForOne: bool, amountIn: u64, minimumOut: u64): u64 {
  const poolSlot = pool.slot();
  const state = poolSlot.get();
  const holdingSlot = holdings.at(context.sender());
  const holding = holdingSlot.get();
  const amountOut = output(state, zeroForOne, amountIn);
  require(amountOut > 0 && amountOut >= minimumOut, "too little output");
  if (zeroForOne) {
    require(holding.amount0 >= amountIn, "insufficient balance");
    holding.amount0 -= amountIn;
    holding.amount1 = checked.add(holding.amount1, amountOut);
    state.reserve0 += amountIn;
    state.reserve1 -= amountOut;
  } else {
    require(holding.amount1 >= amountIn, "insufficient balance");
    holding.amount1 -= amountIn;
    holding.amount0 = checked.add(holding.amount0, amountOut);
    state.reserve1 += amountIn;
    state.reserve0 -= amountOut;
  }
  holdingSlot.set(holding);
  poolSlot.set(state);
  return amountOut;
}

/** What `swap` would give now. */
@view
export function quote(zeroForOne: bool, amountIn: u64): u64 {
  return output(pool.get(), zeroForOne, amountIn);
}

/** What the pool holds of coin 0, or with `second` of coin 1. */
@view
export function reserveOf(second: bool): u64 {
  const state = pool.get();
  return second ? state.reserve1 : state.reserve0;
}

/** What `owner` holds of coin 0, or with `second` of coin 1. */
@view
export function balanceOf(owner: Address, second: bool): u64 {
  const holding = holdings.get(owner);
  return second ? holding.amount1 : holding.amount0;
}

@view
export function sharesOf(owner: Address): u64 {
  return holdings.get(owner).shares;
}

/** out = reserveOut * net / (reserveIn + net), so that the product of the reserves never falls. */
function output(state: Pool, zeroForOne: bool, amountIn: u64): u64 {
  const reserveIn = zeroForOne ? state.reserve0 : state.reserve1;
  const reserveOut = zeroForOne ? state.reserve1 : state.reserve0;
  require(reserveIn > 0 && reserveOut > 0, "the pool is empty");
  // Checked with the whole input: that is what the reserve grows by.
  checked.add(reserveIn, amountIn);
  const net = mulDiv(amountIn, netNumerator, netDenominator);
  return mulDiv(reserveOut, net, reserveIn + net);
}
