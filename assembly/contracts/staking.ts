// Staking: whoever deposits one token earns another, in proportion to the stake and the time. What has been earned for each unit staked is one number, which only grows; so nobody's
// reward has to be counted before he asks for it. All that is paid in is earned by somebody: while nobody has a stake, the time stands still.

import { Address, checked, context, emit, Map, onlyOwner, require, setOwner, u128, Value } from "blockstm/assembly";
import { collect, pay } from "./shared/payment";

/** Rewards for each second and for each unit are kept in parts of 2^64. */
const fraction: i32 = 64;

class Tokens {
  constructor(
    readonly staked: Address,
    readonly reward: Address,
  ) {}
}

class Pool {
  /** All that is staked. */
  total: u64 = 0;
  /** Reward for each second until `end`. */
  rate: u128 = u128.zero;
  end: u64 = 0;
  /** Up to when rewards have been counted. */
  counted: u64 = 0;
  /** For each unit staked since the beginning. */
  perUnit: u128 = u128.zero;
}

class Stake {
  amount: u64 = 0;
  /** The pool's `perUnit` up to which `earned` has been counted. */
  perUnit: u128 = u128.zero;
  earned: u64 = 0;
}

const tokens = new Value<Tokens>();
const pool = new Value<Pool>();
const stakes = new Map<Address, Stake>();

/** Rewards were paid in, which are earned, with what was left of earlier ones, until `end`: later where nobody has a stake for some time. */
@event
class Funded {
  constructor(
    readonly amount: u64,
    readonly end: u64,
  ) {}
}

@event("staker")
class Staked {
  constructor(
    readonly staker: Address,
    readonly amount: u64,
  ) {}
}

@event("staker")
class Unstaked {
  constructor(
    readonly staker: Address,
    readonly amount: u64,
  ) {}
}

@event("staker")
class RewardPaid {
  constructor(
    readonly staker: Address,
    readonly amount: u64,
  ) {}
}

/** The caller becomes the owner, who pays for the rewards. */
@init
export function open(staked: Address, reward: Address): void {
  // Rewards could be paid from what others have staked.
  require(staked != reward, "the tokens are the same");
  tokens.set(new Tokens(staked, reward));
  setOwner(context.sender());
}

/**
 * Pays rewards in, to be earned evenly in the next `seconds`; what is left of earlier ones is spread with them. For the owner, who has to allow the amount. Reverts with "too short",
 * "nothing to earn", or "slower than before" where stakers would earn less a second than they were promised until the end of what was paid in earlier.
 */
export function fund(amount: u64, seconds: u64): void {
  onlyOwner();
  require(seconds > 0, "too short");
  const state = count();
  const now = state.counted;
  const isOver = state.end <= now;
  const left = isOver ? 0 : ((state.rate * u128.from(state.end - now)) >> fraction).toU64();
  const rate = (u128.from(checked.add(amount, left)) << fraction) / u128.from(seconds);
  require(!rate.isZero, "nothing to earn");
  require(isOver || rate >= state.rate, "slower than before");
  state.rate = rate;
  state.end = checked.add(now, seconds);
  pool.set(state);
  collect(tokens.get().reward, amount);
  emit(new Funded(amount, state.end));
}

/** Deposits `amount`, which has to be allowed. */
export function stake(amount: u64): void {
  require(amount > 0, "nothing to stake");
  const state = count();
  const own = settle(state);
  own.amount = checked.add(own.amount, amount);
  state.total = checked.add(state.total, amount);
  pool.set(state);
  stakes.set(context.sender(), own);
  collect(tokens.get().staked, amount);
  emit(new Staked(context.sender(), amount));
}

/** Takes `amount` back; what it has earned stays to be claimed. Reverts with "insufficient stake". */
export function unstake(amount: u64): void {
  const state = count();
  const own = settle(state);
  require(amount > 0 && own.amount >= amount, "insufficient stake");
  own.amount -= amount;
  state.total -= amount;
  pool.set(state);
  stakes.set(context.sender(), own);
  pay(tokens.get().staked, context.sender(), amount);
  emit(new Unstaked(context.sender(), amount));
}

/**
 * Takes the whole stake back and gives up what it has earned. Nothing is counted: an owner whose reward token lies can make rewards too many to count, and what is staked must not
 * be lost by that. Returns the stake; reverts with "insufficient stake" where there is none.
 */
export function abandon(): u64 {
  const own = stakes.at(context.sender());
  const amount = own.get().amount;
  require(amount > 0, "insufficient stake");
  own.remove();
  const state = pool.get();
  state.total -= amount;
  pool.set(state);
  pay(tokens.get().staked, context.sender(), amount);
  emit(new Unstaked(context.sender(), amount));
  return amount;
}

/** Pays out what the caller has earned, and returns it. */
export function claim(): u64 {
  const state = count();
  const own = settle(state);
  const earned = own.earned;
  own.earned = 0;
  pool.set(state);
  stakes.set(context.sender(), own);
  if (earned == 0) return 0;
  pay(tokens.get().reward, context.sender(), earned);
  emit(new RewardPaid(context.sender(), earned));
  return earned;
}

/** What `staker` could claim now. Reverts with "overflow" as `claim` would. */
@view
export function earned(staker: Address): u64 {
  return earnedBy(stakes.get(staker), perUnitNow(pool.get()));
}

@view
export function stakeOf(staker: Address): u64 {
  return stakes.get(staker).amount;
}

@view
export function totalStaked(): u64 {
  return pool.get().total;
}

/** The pool, with rewards counted up to now. To be stored. */
function count(): Pool {
  const state = pool.get();
  const now = context.timestamp();
  // A block may have an earlier time than one before it: what was counted is not counted again.
  if (now <= state.counted) return state;
  state.perUnit = perUnitNow(state);
  if (state.total == 0 && state.end > state.counted) state.end = checked.add(state.end, now - state.counted);
  state.counted = now;
  return state;
}

/** Rounded down: what is lost that way, less than a unit each time that somebody's reward is counted, stays with the contract. */
function perUnitNow(state: Pool): u128 {
  const until = min(context.timestamp(), state.end);
  if (state.total == 0 || until <= state.counted) return state.perUnit;
  return state.perUnit + (state.rate * u128.from(until - state.counted)) / u128.from(state.total);
}

/** The caller's stake, with rewards counted up to now. To be stored. */
function settle(state: Pool): Stake {
  const own = stakes.get(context.sender());
  own.earned = earnedBy(own, state.perUnit);
  own.perUnit = state.perUnit;
  return own;
}

/** What was counted, and what was earned since then: a difference times an amount, of which the fraction is dropped. */
function earnedBy(own: Stake, perUnit: u128): u64 {
  const since = perUnit - own.perUnit;
  const whole = checked.multiply(own.amount, (since >> fraction).toU64());
  const parts = u128.product(own.amount, (since & u128.from(u64.MAX_VALUE)).toU64()) >> fraction;
  return checked.add(own.earned, checked.add(whole, parts.toU64()));
}
