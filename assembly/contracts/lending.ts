// A lending pool: depositors lend one token and earn interest, borrowers take it against another token as collateral, and whoever finds a loan that its collateral does not cover
// any more may pay part of it and take collateral for that. What is owed when no collateral is left is lost: the deposits, which are shares of what there is, are worth less from
// then on, all in the same measure. Debts are kept as what they would have been at the beginning, of which one number says what they are now. Rounding always favours the pool.

import { Address, checked, context, emit, Map, mulDiv, mulDivUp, onlyOwner, require, Roles, setOwner, u128, Value } from "blockstm/assembly";
import { sharesFor } from "./shared/liquidity";
import { collect, pay } from "./shared/payment";

/** A loan may be worth so much of its collateral, and from so much on it may be liquidated; in percent. */
const loanPercent: u64 = 66;
const liquidationPercent: u64 = 80;
/** Collateral for what a liquidator pays, in percent of its worth; and how much of a loan may be paid at once, as long as collateral of that worth is left for all of it. */
const bonusPercent: u64 = 105;
const closePercent: u64 = 50;
/** Interest in a year, in parts of a million of what is owed. */
const yearlyRate: u64 = 100_000;
const year: u64 = 31_536_000;
/** Prices are in parts of a million of the lent token's unit for a unit of collateral. */
const priceUnit: u64 = 1_000_000;
const fraction: i32 = 64;
/**
 * Shares that nobody has, and the units of the token that they begin with. A share is a thousandth of a unit at first; with only a few of them, a first depositor could make one
 * worth so much, by rounding, that others get none for what they pay in.
 */
const nobodysShares: u64 = 1000;
const nobodysUnits: u64 = 1;
/** Who may set the price. */
const oracle = "oracle";

class Tokens {
  constructor(
    readonly lent: Address,
    readonly collateral: Address,
  ) {}
}

class Market {
  /** Of the lent token, in the pool's hands. */
  cash: u64 = 0;
  /** What all deposits and all loans are in shares. */
  depositShares: u64 = 0;
  debtShares: u64 = 0;
  /** What a share of debt is worth, in parts of 2^64, up to `counted`. */
  index: u128 = u128.zero;
  counted: u64 = 0;
  price: u64 = 0;
}

class Loan {
  collateral: u64 = 0;
  shares: u64 = 0;
}

/** An account's loan as it is worth now. */
class Position {
  constructor(
    readonly deposited: u64,
    readonly collateral: u64,
    readonly owed: u64,
    /** What may be owed before it can be liquidated. */
    readonly covered: u64,
  ) {}
}

const tokens = new Value<Tokens>();
const market = new Value<Market>();
const deposits = new Map<Address, u64>();
const loans = new Map<Address, Loan>();
const roles = new Roles();

@event("account")
class Deposited {
  constructor(
    readonly account: Address,
    readonly amount: u64,
  ) {}
}

@event("account")
class Withdrawn {
  constructor(
    readonly account: Address,
    readonly amount: u64,
  ) {}
}

@event("account")
class CollateralAdded {
  constructor(
    readonly account: Address,
    readonly amount: u64,
  ) {}
}

@event("account")
class CollateralRemoved {
  constructor(
    readonly account: Address,
    readonly amount: u64,
  ) {}
}

@event("account")
class Borrowed {
  constructor(
    readonly account: Address,
    readonly amount: u64,
  ) {}
}

@event("account")
class Repaid {
  constructor(
    readonly account: Address,
    readonly amount: u64,
  ) {}
}

@event("account", "liquidator")
class Liquidated {
  constructor(
    readonly account: Address,
    readonly liquidator: Address,
    readonly paid: u64,
    readonly collateral: u64,
  ) {}
}

/** Owed by an account that has no collateral left: the depositors have lost it. */
@event("account")
class Lost {
  constructor(
    readonly account: Address,
    readonly amount: u64,
  ) {}
}

@event("account")
class OracleSet {
  constructor(
    readonly account: Address,
    readonly allowed: bool,
  ) {}
}

@event
class PriceSet {
  constructor(readonly price: u64) {}
}

/** The caller becomes the owner, and the oracle. */
@init
export function open(lent: Address, collateral: Address, price: u64): void {
  require(lent != collateral, "the tokens are the same");
  require(price > 0, "no price");
  tokens.set(new Tokens(lent, collateral));
  const state = new Market();
  state.index = u128.from(1) << fraction;
  state.counted = context.timestamp();
  state.price = price;
  market.set(state);
  setOwner(context.sender());
  roles.grant(oracle, context.sender());
}

/** Says whether `account` may set the price. For the owner. */
export function setOracle(account: Address, allowed: bool): void {
  onlyOwner();
  if (allowed) roles.grant(oracle, account);
  else roles.revoke(oracle, account);
  emit(new OracleSet(account, allowed));
}

/** Says what a unit of collateral is worth, in millionths of a unit of the lent token. It holds until it is set again. For oracles. */
export function setPrice(price: u64): void {
  roles.require(oracle);
  require(price > 0, "no price");
  const state = market.get();
  state.price = price;
  market.set(state);
  emit(new PriceSet(price));
}

/**
 * Lends `amount`, which has to be allowed, to the pool. Reverts with "too little" where that is not worth a share, and with "too many shares" where there would be 2^64 of them: so large
 * a deposit, or so great losses before it that a share is worth next to nothing.
 */
export function deposit(amount: u64): void {
  const state = current();
  const before = allShares(state);
  const shares = sharesFor(amount, before, allUnits(state));
  require(shares > 0, "too little");
  // With nobody's shares, all of them can still be counted.
  require(shares <= u64.MAX_VALUE - before, "too many shares");
  state.cash = checked.add(state.cash, amount);
  state.depositShares += shares;
  market.set(state);
  const own = deposits.at(context.sender());
  own.set(own.get() + shares);
  collect(tokens.get().lent, amount);
  emit(new Deposited(context.sender(), amount));
}

/** Takes `amount` back, with the interest earned. Reverts with "insufficient deposit", or "insufficient cash" where too much is lent out. */
export function withdraw(amount: u64): void {
  require(amount > 0, "too little");
  const state = current();
  const own = deposits.at(context.sender());
  require(amount <= worth(own.get(), state), "insufficient deposit");
  require(amount <= state.cash, "insufficient cash");
  const shares = mulDivUp(amount, allShares(state), allUnits(state));
  own.set(own.get() - shares);
  state.cash -= amount;
  state.depositShares -= shares;
  market.set(state);
  pay(tokens.get().lent, context.sender(), amount);
  emit(new Withdrawn(context.sender(), amount));
}

/** Adds collateral, which has to be allowed. Reverts with "too little". */
export function addCollateral(amount: u64): void {
  require(amount > 0, "too little");
  const loan = loans.at(context.sender());
  const state = loan.get();
  state.collateral = checked.add(state.collateral, amount);
  loan.set(state);
  collect(tokens.get().collateral, amount);
  emit(new CollateralAdded(context.sender(), amount));
}

/** Takes collateral back that the loan does not need. Reverts with "too little" or "insufficient collateral". */
export function removeCollateral(amount: u64): void {
  require(amount > 0, "too little");
  const state = current();
  const loan = loans.at(context.sender());
  const own = loan.get();
  require(own.collateral >= amount, "insufficient collateral");
  own.collateral -= amount;
  require(owed(own, state) <= limit(own, state, loanPercent), "insufficient collateral");
  loan.set(own);
  pay(tokens.get().collateral, context.sender(), amount);
  emit(new CollateralRemoved(context.sender(), amount));
}

/** Borrows `amount` against the caller's collateral. Reverts with "insufficient collateral" or "insufficient cash". */
export function borrow(amount: u64): void {
  require(amount > 0, "too little");
  const state = current();
  require(amount <= state.cash, "insufficient cash");
  const shares = sharesOf(amount, state, true);
  const loan = loans.at(context.sender());
  const own = loan.get();
  own.shares = checked.add(own.shares, shares);
  state.cash -= amount;
  state.debtShares = checked.add(state.debtShares, shares);
  require(owed(own, state) <= limit(own, state, loanPercent), "insufficient collateral");
  loan.set(own);
  market.set(state);
  pay(tokens.get().lent, context.sender(), amount);
  emit(new Borrowed(context.sender(), amount));
}

/** Pays back up to `amount` of the caller's loan, which has to be allowed. Returns what was paid. Reverts with "nothing is owed" or "too little". */
export function repay(amount: u64): u64 {
  const state = current();
  const loan = loans.at(context.sender());
  const own = loan.get();
  require(own.shares > 0, "nothing is owed");
  const paid = min(amount, owed(own, state));
  require(reduce(own, state, paid), "too little");
  loan.set(own);
  market.set(state);
  collect(tokens.get().lent, paid);
  emit(new Repaid(context.sender(), paid));
  return paid;
}

/**
 * Pays up to `amount` of another's loan that is not covered any more, half of it at most, and takes collateral of that worth and a twentieth more.
 * Where all the collateral is worth less than the loan and a twentieth more, pays up to what all of it is sold for at that price; what is still owed when none is left is lost,
 * and the loan is over. Returns the collateral. Reverts with "the loan is covered" or "too little".
 */
export function liquidate(account: Address, amount: u64): u64 {
  const state = current();
  const loan = loans.at(account);
  const own = loan.get();
  const debt = owed(own, state);
  require(debt > limit(own, state, liquidationPercent), "the loan is covered");
  const proceeds = mulDivUp(limit(own, state, 100), 100, bonusPercent);
  const isShort = debt > proceeds;
  const paid = min(amount, isShort ? proceeds : mulDivUp(debt, closePercent, 100));
  const isAll = isShort && paid == proceeds;
  // All of the collateral may be worth less than what makes the loan less, or nothing.
  require(reduce(own, state, paid) || isAll, "too little");
  const collateral = isAll ? own.collateral : min(own.collateral, soldFor(paid, state.price));
  own.collateral -= collateral;
  if (own.collateral == 0 && own.shares > 0) {
    emit(new Lost(account, owed(own, state)));
    state.debtShares -= own.shares;
    own.shares = 0;
  }
  loan.set(own);
  market.set(state);
  if (paid > 0) collect(tokens.get().lent, paid);
  pay(tokens.get().collateral, context.sender(), collateral);
  emit(new Liquidated(account, context.sender(), paid, collateral));
  return collateral;
}

/** What `account` has lent and borrowed, with interest up to now. */
@view
export function positionOf(account: Address): Position {
  const state = current();
  const loan = loans.get(account);
  const deposited = worth(deposits.get(account), state);
  return new Position(deposited, loan.collateral, owed(loan, state), limit(loan, state, liquidationPercent));
}

/** The market, with interest up to now. */
@view
export function marketState(): Market {
  return current();
}

/** The market with interest counted up to now: to be stored by what changes it. */
function current(): Market {
  const state = market.get();
  const now = context.timestamp();
  if (now > state.counted) {
    const rate = checked.multiply(yearlyRate, now - state.counted);
    state.index = state.index + (state.index * u128.from(rate)) / u128.from(year * 1_000_000);
    state.counted = now;
  }
  return state;
}

/** Of deposits; and what they are worth together, cash and debts. */
function allShares(state: Market): u64 {
  return checked.add(state.depositShares, nobodysShares);
}

function allUnits(state: Market): u64 {
  return checked.add(checked.add(state.cash, worthOf(state.debtShares, state)), nobodysUnits);
}

function worth(shares: u64, state: Market): u64 {
  return mulDiv(shares, allUnits(state), allShares(state));
}

function owed(loan: Loan, state: Market): u64 {
  return worthOf(loan.shares, state);
}

/** What shares of debt are worth, rounded up. */
function worthOf(shares: u64, state: Market): u64 {
  return ((u128.from(shares) * state.index + u128.from(u64.MAX_VALUE)) >> fraction).toU64();
}

/** The shares of debt that `amount` is worth. */
function sharesOf(amount: u64, state: Market, isRoundedUp: bool): u64 {
  const exact = u128.from(amount) << fraction;
  return (isRoundedUp ? (exact + state.index - u128.from(1)) / state.index : exact / state.index).toU64();
}

/** What may be owed on a loan's collateral. A worth that does not fit 64 bits counts as the largest that does. */
function limit(loan: Loan, state: Market, percent: u64): u64 {
  return mulDiv(bounded(u128.product(loan.collateral, state.price) / u128.from(priceUnit)), percent, 100);
}

/** Collateral of the worth of `paid` and of the bonus. */
function soldFor(paid: u64, price: u64): u64 {
  return bounded((u128.product(paid, priceUnit) * u128.from(bonusPercent)) / (u128.from(price) * u128.from(100)));
}

function bounded(amount: u128): u64 {
  return amount > u128.from(u64.MAX_VALUE) ? u64.MAX_VALUE : amount.toU64();
}

/** Takes `paid`, no more than is owed, off the loan. False where that does not make it less, so that the payment would be lost for who makes it. */
function reduce(loan: Loan, state: Market, paid: u64): bool {
  const shares = paid == owed(loan, state) ? loan.shares : sharesOf(paid, state, false);
  loan.shares -= shares;
  state.debtShares -= shares;
  state.cash = checked.add(state.cash, paid);
  return shares > 0;
}
