// A non-fungible token: each has an owner and a text that says what it is. Accounts with the role "minter" create them.

import { Address, Counter, context, emit, Map, onlyOwner, Roles, require, Set, setOwner, Value } from "blockstm/assembly";

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

const owners = new Map<u64, Address>();
const approvals = new Map<u64, Address>();
const operators = new Set<Operation>();
const balances = new Map<Address, u64>();
const uris = new Map<u64, string>();
const lastId = new Value<u64>();
const supply = new Counter();
const roles = new Roles();

/** A token that moved; from the zero address it is new, to it it is gone. */
@event("from", "to", "id")
class Transfer {
  constructor(
    readonly from: Address,
    readonly to: Address,
    readonly id: u64,
  ) {}
}

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
  issue(to, id, uri);
  return id;
}

/**
 * Creates the token `id`, 2^63 or more, for `to`. Such calls do not wait for one another. Only a minter may; reverts with
 * "id out of range", "already minted" or "to nobody".
 */
export function mintId(to: Address, id: u64, uri: string): void {
  roles.require(minter);
  require(id >= firstChosenId, "id out of range");
  require(!owners.has(id), "already minted");
  issue(to, id, uri);
}

/** Destroys a token. Reverts with "no such token" or "not allowed". */
export function burn(id: u64): void {
  const owner = ownerOf(id);
  require(mayMove(owner, id), "not allowed");
  owners.delete(id);
  approvals.delete(id);
  uris.delete(id);
  count(owner, -1);
  supply.subtract(1);
  emit(new Transfer(owner, new Address(), id));
}

/**
 * Lets `spender` move a token until it has moved; the zero address lets nobody. Only its owner and operators may; reverts
 * with "no such token" or "not allowed".
 */
export function approve(spender: Address, id: u64): void {
  const owner = ownerOf(id);
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
  const place = owners.at(id);
  require(place.has(), "no such token");
  require(place.get() == from, "wrong owner");
  require(mayMove(from, id), "not allowed");
  require(!to.isZero, "to nobody");
  place.set(to);
  approvals.delete(id);
  count(from, -1);
  count(to, 1);
  emit(new Transfer(from, to, id));
}

/** Reverts with "no such token". */
@view
export function ownerOf(id: u64): Address {
  const place = owners.at(id);
  require(place.has(), "no such token");
  return place.get();
}

@view
export function balanceOf(owner: Address): u64 {
  return balances.get(owner);
}

/** What the token is: mostly the address of a document. Reverts with "no such token". */
@view
export function tokenUri(id: u64): string {
  require(owners.has(id), "no such token");
  return uris.get(id);
}

/** Who may move the token besides its owner; null where nobody. Reverts with "no such token". */
@view
export function approvedFor(id: u64): Address | null {
  require(owners.has(id), "no such token");
  const place = approvals.at(id);
  return place.has() ? place.get() : null;
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

function issue(to: Address, id: u64, uri: string): void {
  require(!to.isZero, "to nobody");
  owners.set(id, to);
  uris.set(id, uri);
  count(to, 1);
  supply.add(1);
  emit(new Transfer(new Address(), to, id));
}

function mayMove(owner: Address, id: u64): bool {
  const caller = context.sender();
  if (caller == owner || operators.has(new Operation(owner, caller))) return true;
  // What is not there reads as the zero address, which may call too.
  const approved = approvals.at(id);
  return approved.has() && approved.get() == caller;
}

/** No balance is more than the tokens there are, or less than none. */
function count(owner: Address, change: i64): void {
  const place = balances.at(owner);
  place.set(place.get() + change);
}
