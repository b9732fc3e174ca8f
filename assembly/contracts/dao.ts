// A DAO: members lock a token, propose payments from the treasury and vote with what they have locked. A payment that more say yes to than no, with enough votes cast, may be made
// when the vote is over, and lapses some time later. Who votes has locked the tokens before the proposal and cannot have them back before the vote is over: votes cannot be borrowed
// for a moment, and no token votes twice.

import { Address, checked, context, Counter, CounterMap, emit, Map, require, Set, Value } from "blockstm/assembly";
import { collect, pay } from "./shared/payment";

class Rules {
  constructor(
    /** Locked for votes, and what the treasury has. */
    readonly token: Address,
    /** Votes that have to be cast. */
    readonly quorum: u64,
    /** Seconds that a vote lasts. */
    readonly period: u64,
    /** Seconds after it in which a payment can be made. */
    readonly grace: u64,
  ) {}
}

class Member {
  power: u64 = 0;
  /** Until then what is locked stays: a vote in which it counts goes on. */
  bound: u64 = 0;
  /** The last proposal there was when something was locked. All of it counts for later ones. */
  since: u64 = 0;
}

class Proposal {
  constructor(
    readonly by: Address,
    readonly to: Address,
    readonly amount: u64,
    readonly reason: string,
    /** Times in seconds since 1970: until then one can vote, and until then the payment can be made. */
    readonly end: u64,
    readonly deadline: u64,
    public isExecuted: bool,
  ) {}
}

class Ballot {
  constructor(
    readonly proposal: u64,
    readonly voter: Address,
  ) {}
}

class Tally {
  constructor(
    readonly yes: u64,
    readonly no: u64,
  ) {}
}

const rules = new Value<Rules>();
const members = new Map<Address, Member>();
const proposals = new Map<u64, Proposal>();
const proposed = new Value<u64>();
const ballots = new Set<Ballot>();
const treasury = new Counter();
/** By proposal: counters, so that voters do not conflict. */
const votesFor = new CounterMap<u64>();
const votesAgainst = new CounterMap<u64>();

@event("member")
class Joined {
  constructor(
    readonly member: Address,
    readonly amount: u64,
  ) {}
}

@event("member")
class Left {
  constructor(
    readonly member: Address,
    readonly amount: u64,
  ) {}
}

@event("donor")
class Donated {
  constructor(
    readonly donor: Address,
    readonly amount: u64,
  ) {}
}

@event("id", "by")
class Proposed {
  constructor(
    readonly id: u64,
    readonly by: Address,
    readonly to: Address,
    readonly amount: u64,
  ) {}
}

@event("id", "voter")
class Voted {
  constructor(
    readonly id: u64,
    readonly voter: Address,
    readonly isFor: bool,
    readonly power: u64,
  ) {}
}

@event("id")
class Executed {
  constructor(readonly id: u64) {}
}

/** A vote lasts `period` seconds and takes `quorum` votes; in the `grace` seconds after it, the payment can be made. */
@init
export function found(token: Address, quorum: u64, period: u64, grace: u64): void {
  require(period > 0, "a vote takes time");
  require(grace > 0, "a payment takes time");
  rules.set(new Rules(token, quorum, period, grace));
}

/**
 * Locks `amount`, which has to be allowed, to vote with, on what is proposed from now on: whoever adds to what is locked has no vote any more on what was proposed before.
 * Reverts with "nothing to lock".
 */
export function join(amount: u64): void {
  require(amount > 0, "nothing to lock");
  const own = members.at(context.sender());
  const member = own.get();
  member.power = checked.add(member.power, amount);
  member.since = proposed.get();
  own.set(member);
  collect(rules.get().token, amount);
  emit(new Joined(context.sender(), amount));
}

/** Takes `amount` of what is locked back. Reverts with "nothing to unlock", "insufficient power", or "bound by a vote" while one goes on that it counts in. */
export function leave(amount: u64): void {
  require(amount > 0, "nothing to unlock");
  const own = members.at(context.sender());
  const member = own.get();
  require(member.power >= amount, "insufficient power");
  require(context.timestamp() > member.bound, "bound by a vote");
  member.power -= amount;
  own.set(member);
  pay(rules.get().token, context.sender(), amount);
  emit(new Left(context.sender(), amount));
}

/** Gives `amount`, which has to be allowed, to the treasury. What is sent without this, by a transfer of the token, is nobody's. Reverts with "nothing to give". */
export function donate(amount: u64): void {
  require(amount > 0, "nothing to give");
  treasury.add(amount);
  collect(rules.get().token, amount);
  emit(new Donated(context.sender(), amount));
}

/** Proposes a payment from the treasury. For members. Returns the proposal's number, from 1. Reverts with "not a member" or, for nobody and the DAO itself, "nobody to pay". */
export function propose(to: Address, amount: u64, reason: string): u64 {
  const by = context.sender();
  require(members.get(by).power > 0, "not a member");
  // A payment to itself would be taken from the treasury and arrive nowhere.
  require(!to.isZero && to != context.self(), "nobody to pay");
  const counter = proposed.slot();
  const id = checked.add<u64>(counter.get(), 1);
  counter.set(id);
  const now = rules.get();
  const end = checked.add(context.timestamp(), now.period);
  const deadline = checked.add(end, now.grace);
  proposals.set(id, new Proposal(by, to, amount, reason, end, deadline, false));
  emit(new Proposed(id, by, to, amount));
  return id;
}

/**
 * Votes, once, with everything that the caller has locked. Calls that vote do not wait for one another. Reverts with "no such proposal", "the vote is over", "not a member",
 * "locked too late" or "voted already".
 */
export function vote(id: u64, isFor: bool): void {
  const voter = context.sender();
  const end = find(id).end;
  require(context.timestamp() <= end, "the vote is over");
  const own = members.at(voter);
  const member = own.get();
  require(member.power > 0, "not a member");
  require(member.since < id, "locked too late");
  const ballot = new Ballot(id, voter);
  require(!ballots.has(ballot), "voted already");
  ballots.add(ballot);
  member.bound = max(member.bound, end);
  own.set(member);
  if (isFor) votesFor.add(id, member.power);
  else votesAgainst.add(id, member.power);
  emit(new Voted(id, voter, isFor, member.power));
}

/**
 * Makes the payment that was voted for. For anybody, when the vote is over, until the deadline. Reverts with "no such proposal", "executed already", "the vote goes on", "it has lapsed",
 * "too few votes", "voted down" or "the treasury has too little".
 */
export function execute(id: u64): void {
  const proposal = find(id);
  require(!proposal.isExecuted, "executed already");
  require(context.timestamp() > proposal.end, "the vote goes on");
  require(context.timestamp() <= proposal.deadline, "it has lapsed");
  const tally = count(id);
  require(checked.add(tally.yes, tally.no) >= rules.get().quorum, "too few votes");
  require(tally.yes > tally.no, "voted down");
  require(treasury.trySubtract(proposal.amount), "the treasury has too little");
  proposal.isExecuted = true;
  proposals.set(id, proposal);
  pay(rules.get().token, proposal.to, proposal.amount);
  emit(new Executed(id));
}

@view
export function proposalOf(id: u64): Proposal {
  return find(id);
}

@view
export function tallyOf(id: u64): Tally {
  return count(id);
}

@view
export function powerOf(account: Address): u64 {
  return members.get(account).power;
}

@view
export function treasuryBalance(): u64 {
  return treasury.get();
}

function find(id: u64): Proposal {
  const slot = proposals.at(id);
  require(slot.has(), "no such proposal");
  return slot.get();
}

function count(id: u64): Tally {
  return new Tally(votesFor.get(id), votesAgainst.get(id));
}
