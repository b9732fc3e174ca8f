// A constant-product exchange of two tokens and no others, which stay where they are kept: in their own contracts, which it calls.
// Quotients are taken in 128 bits and rounded in the pool's favour.

import { Address, checked, context, emit, Map, mulDiv, mulDivUp, require, squareRoot, Value } from "blockstm/assembly";
import { sharesFor } from "./shared/liquidity";
import { collect, pay } from "./shared/payment";

/** The part of a swap's input that counts, in thousandths; the rest is what those who lend the pool its tokens earn. */
const netThousandths: u64 = 997;
/** Shares that nobody gets: with a few of them a first provider could make a share worth so much that others get none for what they pay in. */
const lockedShares: u64 = 1000;

class Pair {
  constructor(
    readonly token0: Address,
    readonly token1: Address,
  ) {}
}

/** What the exchange has of both tokens by its own books, and the shares that it belongs to. */
class Pool {
  constructor(
    readonly reserve0: u64,
    readonly reserve1: u64,
    readonly shares: u64,
  ) {}
}

/** Tokens that go in or come out together. */
class Amounts {
  constructor(
    readonly amount0: u64,
    readonly amount1: u64,
  ) {}
}

const pair = new Value<Pair>();
const pool = new Value<Pool>();
const holdings = new Map<Address, u64>();

@event("provider")
class LiquidityAdded {
  constructor(
    readonly provider: Address,
    readonly amount0: u64,
    readonly amount1: u64,
    readonly shares: u64,
  ) {}
}

@event("provider")
class LiquidityRemoved {
  constructor(
    readonly provider: Address,
    readonly amount0: u64,
    readonly amount1: u64,
    readonly shares: u64,
  ) {}
}

@event("trader")
class Swapped {
  constructor(
    readonly trader: Address,
    readonly paid: Address,
    readonly amountIn: u64,
    readonly amountOut: u64,
  ) {}
}

@init
export function open(token0: Address, token1: Address): void {
  require(token0 != token1, "the tokens are the same");
  pair.set(new Pair(token0, token1));
}

/**
 * Pays in up to these amounts, in the pool's ratio, which the first provider sets. Returns the shares received. The exchange has to be allowed both amounts.
 * Reverts with "too little liquidity" where that is none, or fewer than `least`.
 */
export function addLiquidity(amount0: u64, amount1: u64, least: u64): u64 {
  const before = pool.get();
  let paid = new Amounts(amount0, amount1);
  let minted: u64;
  let received: u64;
  if (before.shares == 0) {
    minted = squareRoot(amount0, amount1);
    require(minted > lockedShares, "too little liquidity");
    received = minted - lockedShares;
  } else {
    minted = min(
      sharesFor(amount0, before.shares, before.reserve0),
      sharesFor(amount1, before.shares, before.reserve1),
    );
    received = minted;
    paid = new Amounts(
      mulDivUp(minted, before.reserve0, before.shares),
      mulDivUp(minted, before.reserve1, before.shares),
    );
  }
  require(received > 0 && received >= least, "too little liquidity");
  pool.set(
    new Pool(
      checked.add(before.reserve0, paid.amount0),
      checked.add(before.reserve1, paid.amount1),
      checked.add(before.shares, minted),
    ),
  );
  const provider = context.sender();
  const held = holdings.at(provider);
  held.set(held.get() + received);
  const tokens = pair.get();
  collect(tokens.token0, paid.amount0);
  collect(tokens.token1, paid.amount1);
  emit(new LiquidityAdded(provider, paid.amount0, paid.amount1, received));
  return received;
}

/** Gives up shares and pays out what they are worth. Reverts with "insufficient shares", or "too little received" where that is less than asked for. */
export function removeLiquidity(shares: u64, least0: u64, least1: u64): Amounts {
  const provider = context.sender();
  const held = holdings.at(provider);
  require(shares > 0 && held.get() >= shares, "insufficient shares");
  const before = pool.get();
  const amount0 = mulDiv(shares, before.reserve0, before.shares);
  const amount1 = mulDiv(shares, before.reserve1, before.shares);
  require(amount0 >= least0 && amount1 >= least1, "too little received");
  held.set(held.get() - shares);
  pool.set(new Pool(before.reserve0 - amount0, before.reserve1 - amount1, before.shares - shares));
  const tokens = pair.get();
  pay(tokens.token0, provider, amount0);
  pay(tokens.token1, provider, amount1);
  emit(new LiquidityRemoved(provider, amount0, amount1, shares));
  return new Amounts(amount0, amount1);
}

/**
 * Swaps `amountIn` of `token` for the other one. Returns what the caller receives. The exchange has to be allowed the amount.
 * Reverts with "too late" after the time `deadline`, "too little received" below `least`, "not traded here", "no liquidity".
 */
export function swap(token: Address, amountIn: u64, least: u64, deadline: u64): u64 {
  require(context.timestamp() <= deadline, "too late");
  const tokens = pair.get();
  const isFirst = token == tokens.token0;
  require(isFirst || token == tokens.token1, "not traded here");
  const before = pool.get();
  const reserveIn = isFirst ? before.reserve0 : before.reserve1;
  const reserveOut = isFirst ? before.reserve1 : before.reserve0;
  const amountOut = price(amountIn, reserveIn, reserveOut);
  require(amountOut > 0 && amountOut >= least, "too little received");
  const after = checked.add(reserveIn, amountIn);
  pool.set(
    isFirst
      ? new Pool(after, reserveOut - amountOut, before.shares)
      : new Pool(reserveOut - amountOut, after, before.shares),
  );
  const trader = context.sender();
  collect(token, amountIn);
  pay(isFirst ? tokens.token1 : tokens.token0, trader, amountOut);
  emit(new Swapped(trader, token, amountIn, amountOut));
  return amountOut;
}

/** What a swap of `amountIn` of `token` would give now. */
@view
export function quote(token: Address, amountIn: u64): u64 {
  const tokens = pair.get();
  const isFirst = token == tokens.token0;
  require(isFirst || token == tokens.token1, "not traded here");
  const state = pool.get();
  return isFirst ? price(amountIn, state.reserve0, state.reserve1) : price(amountIn, state.reserve1, state.reserve0);
}

@view
export function reserves(): Pool {
  return pool.get();
}

@view
export function sharesOf(owner: Address): u64 {
  return holdings.get(owner);
}

/** So that the product of the reserves does not become less. */
function price(amountIn: u64, reserveIn: u64, reserveOut: u64): u64 {
  require(reserveIn > 0 && reserveOut > 0, "no liquidity");
  const net = mulDiv(amountIn, netThousandths, 1000);
  return mulDiv(reserveOut, net, checked.add(reserveIn, net));
}
