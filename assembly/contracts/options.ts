// Options in escrow: a writer locks tokens that whoever holds the option may buy at the strike price until it expires. Nobody has to trust anybody: what is
// promised is in the contract's hands. Only the two tokens have to be what they seem, which the writer chooses: whoever buys an option looks at both.

import { Address, checked, context, emit, Map, require, Value } from "blockstm/assembly";
import { collect, pay } from "./shared/payment";
import { Token } from "./token.stub";

enum State {
  Offered = 0,
  Sold = 1,
  Exercised = 2,
  Ended = 3,
}

class Option {
  constructor(
    readonly writer: Address,
    readonly holder: Address,
    /** What can be bought, and how much of it. */
    readonly asset: Address,
    readonly amount: u64,
    /** What is paid with: the premium for the option, the strike for the asset. */
    readonly currency: Address,
    readonly premium: u64,
    readonly strike: u64,
    /** In seconds since 1970; until then, and not after, it can be exercised. */
    readonly expiry: u64,
    readonly state: u8,
  ) {}

  with(holder: Address, state: State): Option {
    return new Option(
      this.writer,
      holder,
      this.asset,
      this.amount,
      this.currency,
      this.premium,
      this.strike,
      this.expiry,
      <u8>state,
    );
  }
}

const options = new Map<u64, Option>();
const written = new Value<u64>();

@event("id", "writer")
class Written {
  constructor(
    readonly id: u64,
    readonly writer: Address,
  ) {}
}

@event("id", "holder")
class Bought {
  constructor(
    readonly id: u64,
    readonly holder: Address,
  ) {}
}

@event("id", "holder")
class Assigned {
  constructor(
    readonly id: u64,
    readonly holder: Address,
  ) {}
}

@event("id")
class Exercised {
  constructor(readonly id: u64) {}
}

@event("id")
class Ended {
  constructor(readonly id: u64) {}
}

/** Locks `amount` of `asset`, which has to be allowed, and offers the right to buy it. Returns the option's number, from 1. */
export function write(
  asset: Address,
  amount: u64,
  currency: Address,
  premium: u64,
  strike: u64,
  expiry: u64,
): u64 {
  require(amount > 0, "nothing is offered");
  require(asset != currency, "the tokens are the same");
  require(expiry > context.timestamp(), "it has expired");
  const counter = written.slot();
  const id = checked.add<u64>(counter.get(), 1);
  counter.set(id);
  const writer = context.sender();
  options.set(id, new Option(writer, new Address(), asset, amount, currency, premium, strike, expiry, <u8>State.Offered));
  collect(asset, amount);
  emit(new Written(id, writer));
  return id;
}

/** Buys the option for its premium, which has to be allowed. */
export function buy(id: u64): void {
  const option = find(id);
  require(option.state == <u8>State.Offered, "it is not offered");
  require(context.timestamp() <= option.expiry, "it has expired");
  const holder = context.sender();
  options.set(id, option.with(holder, State.Sold));
  move(option.currency, holder, option.writer, option.premium);
  emit(new Bought(id, holder));
}

/** Buys the asset for the strike price, which has to be allowed. For the holder. */
export function exercise(id: u64): void {
  const option = find(id);
  require(option.state == <u8>State.Sold, "it is not sold");
  const holder = context.sender();
  require(holder == option.holder, "not the holder");
  require(context.timestamp() <= option.expiry, "it has expired");
  options.set(id, option.with(holder, State.Exercised));
  move(option.currency, holder, option.writer, option.strike);
  pay(option.asset, holder, option.amount);
  emit(new Exercised(id));
}

/** Hands the option to somebody else. For the holder. */
export function assign(id: u64, to: Address): void {
  const option = find(id);
  require(option.state == <u8>State.Sold, "it is not sold");
  require(context.sender() == option.holder, "not the holder");
  options.set(id, option.with(to, State.Sold));
  emit(new Assigned(id, to));
}

/** Gives the asset back to the writer, who asks for it: as long as nobody has bought the option, or when it has expired. */
export function reclaim(id: u64): void {
  const option = find(id);
  require(context.sender() == option.writer, "not the writer");
  const isOpen = option.state == <u8>State.Sold;
  require(isOpen || option.state == <u8>State.Offered, "it has ended");
  require(!isOpen || context.timestamp() > option.expiry, "it has not expired");
  options.set(id, option.with(option.holder, State.Ended));
  pay(option.asset, option.writer, option.amount);
  emit(new Ended(id));
}

@view
export function optionOf(id: u64): Option {
  return find(id);
}

@view
export function count(): u64 {
  return written.get();
}

function find(id: u64): Option {
  const slot = options.at(id);
  require(slot.has(), "no such option");
  return slot.get();
}

function move(token: Address, from: Address, to: Address, amount: u64): void {
  if (amount > 0) require(new Token(token).transferFrom(from, to, amount), "the token was not paid");
}
