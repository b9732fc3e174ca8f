// A DAO: members lock a token, propose payments from the treasury and vote with what they have locked. A payment that more say yes to than no, with enough votes cast, is made
// when its time is over.

import { Address, checked, context, Counter, CounterMap, emit, Map, require, Set, Value } from "blockstm/assembly";
import { Token } from "./token.stub";

class Rules {
  constructor(
    /** Locked for votes, and what the treasury has. */
    readonly token: Address,
    /** Votes that have to be cast. */
    readonly quorum: u64,
    /** Seconds that a vote lasts. */
    readonly period: u64,
  ) {}
}

class Member {
  power: u64 = 0;
  /** Until then what is locked stays: a vote in which it counts goes on. */
  bound: u64 = 0;
}

class Proposal {
  constructor(
    readonly by: Address,
    readonly to: Address,
    readonly amount: u64,
    readonly reason: string,
    readonly end: u64,
    readonly isExecuted: bool,
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

@init
export function found(token: Address, quorum: u64, period: u64): void {
  require(period > 0, "a vote takes time");
  rules.set(new Rules(token, quorum, period));
}

/** Locks `amount`, which has to be allowed, to vote with. */
export function join(amount: u64): void {
  const own = members.at(context.sender());
  const member = own.get();
  member.power = checked.add(member.power, amount);
  own.set(member);
  collect(amount);
}

/** Takes `amount` of what is locked back. Reverts with "bound by a vote" while one goes on that it counts in. */
export function leave(amount: u64): void {
  const own = members.at(context.sender());
  const member = own.get();
  require(member.power >= amount, "insufficient power");
  require(context.timestamp() > member.bound, "bound by a vote");
  member.power -= amount;
  own.set(member);
  pay(context.sender(), amount);
}

/** Gives `amount`, which has to be allowed, to the treasury. */
export function donate(amount: u64): void {
  treasury.add(amount);
  collect(amount);
}

/** Proposes a payment from the treasury. For members. Returns the proposal's number, from 1. */
export function propose(to: Address, amount: u64, reason: string): u64 {
  const by = context.sender();
  require(members.get(by).power > 0, "not a member");
  const counter = proposed.slot();
  const id = checked.add<u64>(counter.get(), 1);
  counter.set(id);
  const end = checked.add(context.timestamp(), rules.get().period);
  proposals.set(id, new Proposal(by, to, amount, reason, end, false));
  emit(new Proposed(id, by, to, amount));
  return id;
}

/** Votes, once, with everything that the caller has locked. Calls that vote do not wait for one another. */
export function vote(id: u64, isFor: bool): void {
  const voter = context.sender();
  const end = find(id).end;
  require(context.timestamp() <= end, "the vote is over");
  const own = members.at(voter);
  const member = own.get();
  require(member.power > 0, "not a member");
  const ballot = new Ballot(id, voter);
  require(!ballots.has(ballot), "voted already");
  ballots.add(ballot);
  member.bound = max(member.bound, end);
  own.set(member);
  if (isFor) votesFor.add(id, member.power);
  else votesAgainst.add(id, member.power);
  emit(new Voted(id, voter, isFor, member.power));
}

/** Makes the payment that was voted for. For anybody, when the vote is over. */
export function execute(id: u64): void {
  const proposal = find(id);
  require(!proposal.isExecuted, "executed already");
  require(context.timestamp() > proposal.end, "the vote goes on");
  const tally = count(id);
  require(checked.add(tally.yes, tally.no) >= rules.get().quorum, "too few votes");
  require(tally.yes > tally.no, "voted down");
  require(treasury.trySubtract(proposal.amount), "the treasury has too little");
  const done = new Proposal(proposal.by, proposal.to, proposal.amount, proposal.reason, proposal.end, true);
  proposals.set(id, done);
  pay(proposal.to, proposal.amount);
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

function collect(amount: u64): void {
  const token = new Token(rules.get().token);
  require(token.transferFrom(context.sender(), context.self(), amount), "the token was not paid");
}

function pay(to: Address, amount: u64): void {
  require(new Token(rules.get().token).transfer(to, amount), "the token was not paid");
}
