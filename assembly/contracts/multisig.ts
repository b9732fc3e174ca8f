// A wallet of several owners. An owner proposes a call of another contract; when enough of them have confirmed it, any of them
// has it made, with the wallet as its sender. In the same way they change who the owners are: nobody else can. A confirmation
// counts as long as who gave it is an owner without a break: one who was removed, and comes back, confirms anew.

import { Address, CallOutcome, context, emit, Map, require, Set, Value } from "blockstm/assembly";
import { callVoid, stageMethod, stageTarget, tryCallVoid } from "blockstm/assembly/call";
import { stageBytes } from "./shared/bytes";

/** Every confirmation is looked up as a proposal is executed. */
const ownersLimit = 32;

/** Who decides. */
class Council {
  constructor(
    public owners: Address[],
    /** Owners who have to confirm. */
    public threshold: u32,
  ) {}

  /** As many as it takes, and nobody twice. */
  check(): void {
    require(this.owners.length <= ownersLimit, "too many owners");
    require(this.threshold > 0 && this.threshold <= <u32>this.owners.length, "bad threshold");
    for (let index = 0; index < this.owners.length; index++) {
      // The wallet could not confirm anything: it is never entered while it is at work.
      require(!this.owners[index].isZero && this.owners[index] != context.self(), "bad owner");
      for (let other = 0; other < index; other++) require(this.owners[index] != this.owners[other], "owner twice");
    }
  }

  /** -1 for who is no owner. */
  indexOf(account: Address): i32 {
    for (let index = 0; index < this.owners.length; index++) if (this.owners[index] == account) return index;
    return -1;
  }
}

/** Who decides now, and since when. */
class Term {
  constructor(
    /** How often the council was changed. */
    readonly number: u64,
    readonly council: Council,
    /** For each owner, the term in which he became one, the last time. */
    readonly since: u64[],
  ) {}

  /** The one that an owner, by index, gives or has given. */
  confirmation(proposal: u64, owner: i32): Confirmation {
    return new Confirmation(proposal, this.council.owners[owner], this.since[owner]);
  }

  /** The term after this one. Who stays an owner keeps what he has confirmed. */
  next(council: Council): Term {
    const number = this.number + 1;
    const since = new Array<u64>();
    for (let index = 0; index < council.owners.length; index++) {
      const before = this.council.indexOf(council.owners[index]);
      since.push(before < 0 ? number : this.since[before]);
    }
    return new Term(number, council, since);
  }
}

class Proposal {
  constructor(
    public proposer: Address,
    /** The contract to call; the wallet itself where the owners are to change. */
    public target: Address,
    public method: string,
    /** As the method takes it. */
    public input: StaticArray<u8>,
    public council: Council | null,
    /** How often the council had been changed. */
    public term: u64,
    public executed: bool,
  ) {}
}

class Confirmation {
  constructor(
    readonly proposal: u64,
    readonly owner: Address,
    /** Of the owner's term. Given by who was removed since, it is never looked up again. */
    readonly since: u64,
  ) {}
}

/** How an attempt ended. */
class Attempt {
  constructor(
    public ok: bool,
    /** 0 ok, 1 reverted, 2 trapped, 3 invalid, 4 out of gas. */
    public status: u8,
    /** What the contract called said as it failed. */
    public message: string,
  ) {}
}

const term = new Value<Term>();
const proposals = new Map<u64, Proposal>();
const lastProposal = new Value<u64>();
const confirmations = new Set<Confirmation>();

@event("proposal", "target")
class Proposed {
  constructor(
    readonly proposal: u64,
    readonly target: Address,
    readonly method: string,
    readonly proposer: Address,
  ) {}
}

@event("proposal", "owner")
class Confirmed {
  constructor(
    readonly proposal: u64,
    readonly owner: Address,
  ) {}
}

@event("proposal", "owner")
class Revoked {
  constructor(
    readonly proposal: u64,
    readonly owner: Address,
  ) {}
}

@event("proposal")
class Executed {
  constructor(readonly proposal: u64) {}
}

@event("proposal")
class ExecutionFailed {
  constructor(
    readonly proposal: u64,
    readonly status: u8,
    readonly message: string,
  ) {}
}

/** The first owners. Reverts with "too many owners" (32), "bad threshold", "bad owner" (the zero address, or the wallet itself) or "owner twice". */
@init
export function create(owners: Address[], threshold: u32): void {
  const first = new Council(owners, threshold);
  first.check();
  const since = new Array<u64>(owners.length);
  term.set(new Term(0, first, since));
}

/**
 * Proposes a call and confirms it; returns the proposal's number. `input` are the encoded arguments. Only an owner may;
 * reverts with "proposeOwners changes the wallet" where the target is the wallet.
 */
export function propose(target: Address, method: string, input: StaticArray<u8>): u64 {
  require(target != context.self(), "proposeOwners changes the wallet");
  return add(target, method, input, null);
}

/**
 * Proposes other owners, or another threshold, and confirms it; returns the proposal's number. It lapses where another change comes first. Only an owner may;
 * reverts as `create` does.
 */
export function proposeOwners(owners: Address[], threshold: u32): u64 {
  const next = new Council(owners, threshold);
  next.check();
  return add(context.self(), "create", [], next);
}

/** Only an owner may. Reverts with "no such proposal", "already executed" or "already confirmed". */
export function confirm(proposal: u64): void {
  const now = term.get();
  const owner = requireOwner(now);
  open(proposal);
  const confirmation = now.confirmation(proposal, owner);
  require(!confirmations.has(confirmation), "already confirmed");
  confirmations.add(confirmation);
  emit(new Confirmed(proposal, confirmation.owner));
}

/** Takes the caller's confirmation back. Only an owner may; reverts with "no such proposal", "already executed" or "not confirmed". */
export function revoke(proposal: u64): void {
  const now = term.get();
  const owner = requireOwner(now);
  open(proposal);
  const confirmation = now.confirmation(proposal, owner);
  require(confirmations.has(confirmation), "not confirmed");
  confirmations.delete(confirmation);
  emit(new Revoked(proposal, confirmation.owner));
}

/**
 * Makes the call, once. Where it fails, this fails in the same way and the proposal stays open. Only an owner may; reverts with
 * "no such proposal", "already executed", "not enough confirmations" or, where it is one to change them, "the owners have changed since".
 */
export function execute(proposal: u64): void {
  const state = begin(proposal);
  if (state.council) term.set(term.get().next(state.council!));
  else callVoid(stageCallee(state), stageBytes(state.input));
  emit(new Executed(proposal));
}

/**
 * The same, but where the call fails, this tells how and succeeds; what the call did is undone and the proposal stays open,
 * so that nobody can spoil it, with too little gas say.
 */
export function tryExecute(proposal: u64): Attempt {
  const state = begin(proposal);
  if (state.council) {
    term.set(term.get().next(state.council!));
    emit(new Executed(proposal));
    return new Attempt(true, 0, "");
  }
  const outcome: CallOutcome = tryCallVoid(stageCallee(state), stageBytes(state.input));
  if (outcome.ok) {
    emit(new Executed(proposal));
  } else {
    state.executed = false;
    proposals.set(proposal, state);
    emit(new ExecutionFailed(proposal, <u8>outcome.status, outcome.message));
  }
  return new Attempt(outcome.ok, <u8>outcome.status, outcome.message);
}

/** The owners, and how many of them have to confirm. */
@view
export function currentCouncil(): Council {
  return term.get().council;
}

/** Reverts with "no such proposal". */
@view
export function proposalOf(proposal: u64): Proposal {
  const slot = proposals.at(proposal);
  require(slot.has(), "no such proposal");
  return slot.get();
}

/** Owners who confirm it now: whoever is no owner any more does not count, nor what he confirmed before he became one again. */
@view
export function confirmationsOf(proposal: u64): Address[] {
  return confirming(term.get(), proposal);
}

function confirming(now: Term, proposal: u64): Address[] {
  const owners = now.council.owners;
  const found = new Array<Address>();
  for (let index = 0; index < owners.length; index++) {
    if (confirmations.has(now.confirmation(proposal, index))) found.push(owners[index]);
  }
  return found;
}

/** The caller's index among the owners. */
function requireOwner(now: Term): i32 {
  const owner = now.council.indexOf(context.sender());
  require(owner >= 0, "only an owner may do this");
  return owner;
}

function open(proposal: u64): Proposal {
  const state = proposalOf(proposal);
  require(!state.executed, "already executed");
  return state;
}

function add(target: Address, method: string, input: StaticArray<u8>, council: Council | null): u64 {
  const now = term.get();
  const owner = requireOwner(now);
  const last = lastProposal.slot();
  const proposal = last.get() + 1;
  last.set(proposal);
  const confirmation = now.confirmation(proposal, owner);
  proposals.set(proposal, new Proposal(confirmation.owner, target, method, input, council, now.number, false));
  emit(new Proposed(proposal, target, method, confirmation.owner));
  confirmations.add(confirmation);
  emit(new Confirmed(proposal, confirmation.owner));
  return proposal;
}

/** Marks it executed before anything is called. */
function begin(proposal: u64): Proposal {
  const now = term.get();
  requireOwner(now);
  const state = open(proposal);
  require(<u32>confirming(now, proposal).length >= now.council.threshold, "not enough confirmations");
  // It was written for the owners of then: made now, it would undo what was decided in between.
  require(!state.council || state.term == now.number, "the owners have changed since");
  state.executed = true;
  proposals.set(proposal, state);
  return state;
}

/** Stages the contract and the method, and returns the method's length in bytes. */
function stageCallee(state: Proposal): i32 {
  stageTarget(state.target);
  return stageMethod(state.method);
}
