// A wallet of several owners. An owner proposes a call of another contract; when enough of them have confirmed it, any of them
// has it made, with the wallet as its sender. In the same way they change who the owners are: nobody else can.

import { abi, Address, CallOutcome, context, emit, Map, require, Set, Value } from "blockstm/assembly";
import { callVoid, stageMethod, stageTarget, tryCallVoid } from "blockstm/assembly/call";

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
      require(!this.owners[index].isZero, "bad owner");
      for (let other = 0; other < index; other++) require(this.owners[index] != this.owners[other], "owner twice");
    }
  }

  has(account: Address): bool {
    for (let index = 0; index < this.owners.length; index++) if (this.owners[index] == account) return true;
    return false;
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
    public executed: bool,
  ) {}
}

class Confirmation {
  constructor(
    readonly proposal: u64,
    readonly owner: Address,
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

const council = new Value<Council>();
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

/** The first owners. Reverts with "too many owners" (32), "bad threshold", "bad owner" (the zero address) or "owner twice". */
@init
export function create(owners: Address[], threshold: u32): void {
  const first = new Council(owners, threshold);
  first.check();
  council.set(first);
}

/**
 * Proposes a call and confirms it; returns the proposal's number. `input` are the encoded arguments. Only an owner may;
 * reverts with "proposeOwners changes the wallet" where the target is the wallet.
 */
export function propose(target: Address, method: string, input: StaticArray<u8>): u64 {
  require(target != context.self(), "proposeOwners changes the wallet");
  return add(new Proposal(context.sender(), target, method, input, null, false));
}

/** Proposes other owners, or another threshold, and confirms it. Only an owner may; reverts as `create` does. */
export function proposeOwners(owners: Address[], threshold: u32): u64 {
  const next = new Council(owners, threshold);
  next.check();
  return add(new Proposal(context.sender(), context.self(), "create", [], next, false));
}

/** Only an owner may. Reverts with "no such proposal", "already executed" or "already confirmed". */
export function confirm(proposal: u64): void {
  const owner = requireOwner();
  open(proposal);
  const confirmation = new Confirmation(proposal, owner);
  require(!confirmations.has(confirmation), "already confirmed");
  confirmations.add(confirmation);
  emit(new Confirmed(proposal, owner));
}

/** Takes the caller's confirmation back. Only an owner may; reverts with "no such proposal", "already executed" or "not confirmed". */
export function revoke(proposal: u64): void {
  const owner = requireOwner();
  open(proposal);
  const confirmation = new Confirmation(proposal, owner);
  require(confirmations.has(confirmation), "not confirmed");
  confirmations.delete(confirmation);
  emit(new Revoked(proposal, owner));
}

/**
 * Makes the call, once. Where it fails, this fails in the same way and the proposal stays open. Only an owner may; reverts with
 * "no such proposal", "already executed" or "not enough confirmations".
 */
export function execute(proposal: u64): void {
  const state = begin(proposal);
  if (state.council) council.set(state.council!);
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
    council.set(state.council!);
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
  return council.get();
}

/** Reverts with "no such proposal". */
@view
export function proposalOf(proposal: u64): Proposal {
  const slot = proposals.at(proposal);
  require(slot.has(), "no such proposal");
  return slot.get();
}

/** Owners who confirm it now: whoever is no owner any more does not count. */
@view
export function confirmationsOf(proposal: u64): Address[] {
  const owners = council.get().owners;
  const found = new Array<Address>();
  for (let index = 0; index < owners.length; index++) {
    if (confirmations.has(new Confirmation(proposal, owners[index]))) found.push(owners[index]);
  }
  return found;
}

function requireOwner(): Address {
  const caller = context.sender();
  require(council.get().has(caller), "only an owner may do this");
  return caller;
}

function open(proposal: u64): Proposal {
  const state = proposalOf(proposal);
  require(!state.executed, "already executed");
  return state;
}

function add(state: Proposal): u64 {
  const owner = requireOwner();
  const last = lastProposal.slot();
  const proposal = last.get() + 1;
  last.set(proposal);
  proposals.set(proposal, state);
  emit(new Proposed(proposal, state.target, state.method, owner));
  confirmations.add(new Confirmation(proposal, owner));
  emit(new Confirmed(proposal, owner));
  return proposal;
}

/** Marks it executed before anything is called. */
function begin(proposal: u64): Proposal {
  requireOwner();
  const state = open(proposal);
  require(<u32>confirmationsOf(proposal).length >= council.get().threshold, "not enough confirmations");
  state.executed = true;
  proposals.set(proposal, state);
  return state;
}

/** Stages the contract and the method, and returns the method's length in bytes. */
function stageCallee(state: Proposal): i32 {
  stageTarget(state.target);
  return stageMethod(state.method);
}

/** Stages bytes as they are, and returns how many. */
function stageBytes(bytes: StaticArray<u8>): i32 {
  for (let offset = 0; offset < bytes.length; offset += 8) {
    let word: u64 = 0;
    for (let index = min(offset + 8, bytes.length) - 1; index >= offset; index--) word = (word << 8) | bytes[index];
    abi.push(word);
  }
  return bytes.length;
}
