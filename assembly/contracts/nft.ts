// A non-fungible token: each has an owner and a text that says what it is. Accounts with the role "minter" create them. Who owns what is kept by
// shared/collection.ts; what an approval is and who may do what is said here.

import { Address, Counter, context, emit, Map, onlyOwner, Roles, require, Set, setOwner, Value } from "blockstm/assembly";
import { destroy, held, issue, known, move, place } from "./shared/collection";

/** Smaller numbers are given in turn by `mint`, so that the two ways of minting never want the same one. */
const firstChosenId: u64 = 1 << 63;
const minter = "minter";

/** Who may move all of whose tokens. */
class Operation {
  constructor(
    readonly owner: Address,
    readonly operator: Address,
  ) {}
}

const approvals = new Map<u64, Address>();
const operators = new Set<Operation>();
const uris = new Map<u64, string>();
const lastId = new Value<u64>();
const supply = new Counter();
const roles = new Roles();

/** Who may move a token besides its owner; the zero address: nobody. */
@event("owner", "spender", "id")
class Approval {
  constructor(
    readonly owner: Address,
    readonly spender: Address,
    readonly id: u64,
  ) {}
}

@event("owner", "operator")
class ApprovalForAll {
  constructor(
    readonly owner: Address,
    readonly operator: Address,
    readonly approved: bool,
  ) {}
}

@event("account")
class MinterSet {
  constructor(
    readonly account: Address,
    readonly allowed: bool,
  ) {}
}

/** Makes the caller the contract's owner, and a minter. */
@init
export function create(): void {
  const caller = context.sender();
  setOwner(caller);
  roles.grant(minter, caller);
}

/** Says whether `account` may mint. Only the contract's owner may. */
export function setMinter(account: Address, allowed: bool): void {
  onlyOwner();
  if (allowed) roles.grant(minter, account);
  else roles.revoke(minter, account);
  emit(new MinterSet(account, allowed));
}

/**
 * Creates a token for `to` and returns its number: 1, 2, 3, ... Such calls wait for one another. Only a minter may; reverts
 * with "to nobody".
 */
export function mint(to: Address, uri: string): u64 {
  roles.require(minter);
  const last = lastId.slot();
  const id = last.get() + 1;
  last.set(id);
  mintTo(to, id, uri);
  return id;
}

/**
 * Creates the token `id`, 2^63 or more, for `to`. Such calls do not wait for one another. Only a minter may; reverts with
 * "id out of range", "already minted" or "to nobody".
 */
export function mintId(to: Address, id: u64, uri: string): void {
  roles.require(minter);
  require(id >= firstChosenId, "id out of range");
  require(!place(id).has(), "already minted");
  mintTo(to, id, uri);
}

/** Destroys a token. Reverts with "no such token" or "not allowed". */
export function burn(id: u64): void {
  const owner = known(id);
  require(mayMove(owner, id), "not allowed");
  approvals.delete(id);
  uris.delete(id);
  supply.subtract(1);
  destroy(owner, id);
}

/**
 * Lets `spender` move a token until it has moved; the zero address lets nobody. Only its owner and operators may; reverts
 * with "no such token" or "not allowed".
 */
export function approve(spender: Address, id: u64): void {
  const owner = known(id);
  const caller = context.sender();
  require(caller == owner || operators.has(new Operation(owner, caller)), "not allowed");
  if (spender.isZero) approvals.delete(id);
  else approvals.set(id, spender);
  emit(new Approval(owner, spender, id));
}

/** Says whether `operator` may move all of the caller's tokens, those of the future too. */
export function setApprovalForAll(operator: Address, approved: bool): void {
  const owner = context.sender();
  const operation = new Operation(owner, operator);
  if (approved) operators.add(operation);
  else operators.delete(operation);
  emit(new ApprovalForAll(owner, operator, approved));
}

/**
 * Moves a token from its owner `from` to `to`: by the owner, an operator or who was approved. Reverts with "no such token",
 * "wrong owner", "not allowed" or "to nobody".
 */
export function transferFrom(from: Address, to: Address, id: u64): void {
  const owner = place(id);
  require(owner.has(), "no such token");
  require(owner.get() == from, "wrong owner");
  require(mayMove(from, id), "not allowed");
  require(!to.isZero, "to nobody");
  approvals.delete(id);
  move(owner, from, to, id);
}

/** Reverts with "no such token". */
@view
export function ownerOf(id: u64): Address {
  return known(id);
}

@view
export function balanceOf(owner: Address): u64 {
  return held(owner);
}

/** What the token is: mostly the address of a document. Reverts with "no such token". */
@view
export function tokenUri(id: u64): string {
  require(place(id).has(), "no such token");
  return uris.get(id);
}

/** Who may move the token besides its owner; null where nobody. Reverts with "no such token". */
@view
export function approvedFor(id: u64): Address | null {
  require(place(id).has(), "no such token");
  const approved = approvals.at(id);
  return approved.has() ? approved.get() : null;
}

@view
export function isApprovedForAll(owner: Address, operator: Address): bool {
  return operators.has(new Operation(owner, operator));
}

@view
export function isMinter(account: Address): bool {
  return roles.has(minter, account);
}

@view
export function totalSupply(): u64 {
  return supply.get();
}

function mintTo(to: Address, id: u64, uri: string): void {
  require(!to.isZero, "to nobody");
  uris.set(id, uri);
  supply.add(1);
  issue(to, id);
}

function mayMove(owner: Address, id: u64): bool {
  const caller = context.sender();
  if (caller == owner || operators.has(new Operation(owner, caller))) return true;
  // What is not there reads as the zero address, which may call too.
  const approved = approvals.at(id);
  return approved.has() && approved.get() == caller;
}
