// English auctions: whoever bids most by the deadline has the `nft`. Bids are paid in a `token`, which the seller names, by calls of
// both contracts. Whoever is outbid, and the seller, fetches the coins: nobody who cannot be paid is in anybody's way. A sale is settled whole or not at all, whoever
// settles it and with whatever gas; one whose `nft` cannot be moved is called off by who has paid for it.

import { Address, checked, context, emit, Map, require, Value } from "blockstm/assembly";
import { Nft } from "./nft.stub";
import { collect, pay } from "./shared/payment";

class Auction {
  constructor(
    public seller: Address,
    /** The contract of what is sold, and its number there. */
    public nft: Address,
    public id: u64,
    /** The contract of what is paid. */
    public coin: Address,
    /** The least bid. */
    public reserve: u64,
    /** Unix time in seconds, from which on nobody may bid. */
    public end: u64,
    /** Who bids most; null before the first bid. */
    public bidder: Address | null,
    public bid: u64,
    public settled: bool,
  ) {}
}

class Account {
  constructor(
    readonly coin: Address,
    readonly owner: Address,
  ) {}
}

/** For so long after its end a sale can only be settled. */
const grace: u64 = 86_400;

const auctions = new Map<u64, Auction>();
const lastAuction = new Value<u64>();
/** Coins that are for somebody to fetch. */
const credits = new Map<Account, u64>();

@event("auction", "seller")
class Opened {
  constructor(
    readonly auction: u64,
    readonly seller: Address,
    readonly nft: Address,
    readonly id: u64,
    readonly coin: Address,
    readonly reserve: u64,
    readonly end: u64,
  ) {}
}

@event("auction", "bidder")
class BidPlaced {
  constructor(
    readonly auction: u64,
    readonly bidder: Address,
    readonly amount: u64,
  ) {}
}

/** The highest bidder has the coins back, and what was for sale is the seller's again. */
@event("auction", "bidder")
class CalledOff {
  constructor(
    readonly auction: u64,
    readonly bidder: Address,
    readonly amount: u64,
  ) {}
}

/** Over. Without a winner nothing was paid. */
@event("auction")
class Settled {
  constructor(
    readonly auction: u64,
    readonly winner: Address | null,
    readonly amount: u64,
  ) {}
}

@event("coin", "owner")
class Withdrawn {
  constructor(
    readonly coin: Address,
    readonly owner: Address,
    readonly amount: u64,
  ) {}
}

/**
 * Puts the caller's token `id` of the contract `nft` up for `seconds` seconds, and takes it into custody: it must be approved for this
 * contract. Returns the auction's number. Reverts with "no time to bid", "overflow", or as `transferFrom` of `nft` does.
 */
export function open(nft: Address, id: u64, coin: Address, reserve: u64, seconds: u64): u64 {
  require(seconds > 0, "no time to bid");
  const seller = context.sender();
  const end = checked.add<u64>(context.timestamp(), seconds);
  const last = lastAuction.slot();
  const auction = last.get() + 1;
  last.set(auction);
  auctions.set(auction, new Auction(seller, nft, id, coin, reserve, end, null, 0, false));
  new Nft(nft).transferFrom(seller, context.self(), id);
  emit(new Opened(auction, seller, nft, id, coin, reserve, end));
  return auction;
}

/**
 * Bids `amount`, which is paid at once: it must be allowed to this contract. Who is outbid has the coins back by `withdraw`. Reverts with
 * "no such auction", "the auction is over", "the seller cannot bid", "the zero address cannot bid", "below the reserve", "below the highest bid", "the token was not paid", or
 * as `transferFrom` of the coin does.
 */
export function bid(auction: u64, amount: u64): void {
  const state = known(auction);
  const bidder = context.sender();
  require(context.timestamp() < state.end && !state.settled, "the auction is over");
  require(bidder != state.seller, "the seller cannot bid");
  // What is for sale could not be moved there, and the seller would not have it back.
  require(!bidder.isZero, "the zero address cannot bid");
  require(amount > 0 && amount >= state.reserve, "below the reserve");
  require(amount > state.bid, "below the highest bid");
  if (state.bidder) credit(state.coin, state.bidder!, state.bid);
  state.bidder = bidder;
  state.bid = amount;
  auctions.set(auction, state);
  collect(state.coin, amount);
  emit(new BidPlaced(auction, bidder, amount));
}

/**
 * Ends an auction that nobody has bid in, at any time. Only its seller may. Reverts with "no such auction", "only the seller may do
 * this", "already settled", "there is a bid", or as `transferFrom` of the `nft` does.
 */
export function cancel(auction: u64): void {
  const state = known(auction);
  require(state.seller == context.sender(), "only the seller may do this");
  require(!state.settled, "already settled");
  require(!state.bidder, "there is a bid");
  finish(auction, state);
}

/**
 * After the deadline, gives the highest bidder what was for sale, and the seller the bid to fetch; without a bid, the seller what was for
 * sale. Anybody may. Reverts with "no such auction", "already settled", "the auction is still open", or as `transferFrom` of the `nft` does.
 */
export function settle(auction: u64): void {
  const state = known(auction);
  require(!state.settled, "already settled");
  require(context.timestamp() >= state.end, "the auction is still open");
  finish(auction, state);
}

/**
 * Gives the highest bidder the bid back, a day after the deadline, where nobody has settled the sale: what was for sale may be such that it cannot be. Only the bidder may.
 * Reverts with "no such auction", "already settled", "not the highest bidder" or "it can still be settled".
 */
export function callOff(auction: u64): void {
  const state = known(auction);
  require(!state.settled, "already settled");
  const bidder = context.sender();
  require(state.bidder == bidder, "not the highest bidder");
  require(context.timestamp() >= checked.add(state.end, grace), "it can still be settled");
  const amount = state.bid;
  state.bidder = null;
  state.bid = 0;
  auctions.set(auction, state);
  credit(state.coin, bidder, amount);
  emit(new CalledOff(auction, bidder, amount));
}

/** Pays out what the caller has to fetch of a coin, and returns how much. Reverts with "nothing to withdraw" or "the token was not paid". */
export function withdraw(coin: Address): u64 {
  const owner = context.sender();
  const slot = credits.at(new Account(coin, owner));
  const amount = slot.get();
  require(amount > 0, "nothing to withdraw");
  // First: a coin that calls back finds nothing any more.
  slot.remove();
  pay(coin, owner, amount);
  emit(new Withdrawn(coin, owner, amount));
  return amount;
}

/** Reverts with "no such auction". */
@view
export function auctionOf(auction: u64): Auction {
  return known(auction);
}

/** What `owner` has to fetch of a coin. */
@view
export function creditOf(coin: Address, owner: Address): u64 {
  return credits.get(new Account(coin, owner));
}

function known(auction: u64): Auction {
  const slot = auctions.at(auction);
  require(slot.has(), "no such auction");
  return slot.get();
}

/** Where what was for sale cannot be moved, nothing happens: a failure that were survived could be brought about, by little gas or a deep stack. */
function finish(auction: u64, state: Auction): void {
  state.settled = true;
  auctions.set(auction, state);
  const winner = state.bidder;
  if (winner) credit(state.coin, state.seller, state.bid);
  new Nft(state.nft).transferFrom(context.self(), winner ? winner : state.seller, state.id);
  emit(new Settled(auction, winner, state.bid));
}

function credit(coin: Address, owner: Address, amount: u64): void {
  const slot = credits.at(new Account(coin, owner));
  slot.set(checked.add<u64>(slot.get(), amount));
}
