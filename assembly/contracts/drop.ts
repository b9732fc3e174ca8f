// A collection of tokens that is sold out at once: what is minted is numbered by one counter, or by one of many. The numbers of a shard follow one
// another, those of different shards are far apart, and minting in one shard does not wait for minting in another.

import { Address, context, emit, Map, require } from "blockstm/assembly";

/** Numbers of one shard. */
const shardSize: u64 = 1 << 40;
/** Shards that there can be. */
const shardsMax: u32 = 1 << 20;

const owners = new Map<u64, Address>();
const balances = new Map<Address, u64>();
const minted = new Map<u32, u64>();

/** A token that moved; from the zero address it is new. */
@event("from", "to", "id")
class Transfer {
  constructor(
    readonly from: Address,
    readonly to: Address,
    readonly id: u64,
  ) {}
}

/**
 * Creates a token for the caller, with the next number of a shard, and returns the number: `shard * 2^40`, and from there on 1, 2, 3, ... Calls that name one
 * shard wait for one another. Reverts with "no such shard".
 */
export function mint(shard: u32): u64 {
  require(shard < shardsMax, "no such shard");
  const counter = minted.at(shard);
  const count = counter.get() + 1;
  counter.set(count);
  const id = <u64>shard * shardSize + count;
  const to = context.sender();
  owners.set(id, to);
  const balance = balances.at(to);
  balance.set(balance.get() + 1);
  emit(new Transfer(new Address(), to, id));
  return id;
}

/** Moves one of the caller's tokens. Reverts with "not the owner". */
export function transfer(to: Address, id: u64): void {
  const from = context.sender();
  const owner = owners.at(id);
  require(owner.has() && owner.get() == from, "not the owner");
  owner.set(to);
  const debit = balances.at(from);
  debit.set(debit.get() - 1);
  // Read only after the debit is written: the two may be one account.
  const credit = balances.at(to);
  credit.set(credit.get() + 1);
  emit(new Transfer(from, to, id));
}

/** Reverts with "no such token". */
@view
export function ownerOf(id: u64): Address {
  const owner = owners.at(id);
  require(owner.has(), "no such token");
  return owner.get();
}

@view
export function balanceOf(owner: Address): u64 {
  return balances.get(owner);
}

/** Tokens of a shard so far. */
@view
export function mintedIn(shard: u32): u64 {
  return minted.get(shard);
}
