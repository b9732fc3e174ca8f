// A collection of tokens that is sold out at once: what is minted is numbered by one counter, or by one of many. The numbers of a shard follow one
// another, those of different shards are far apart, and minting in one shard does not wait for minting in another. Who owns what is kept by shared/collection.ts.

import { Address, context, Map, require } from "blockstm/assembly";
import { held, issue, known, move, place } from "./shared/collection";

/** Numbers of one shard. */
const shardSize: u64 = 1 << 40;
/** Shards that there can be. */
const shardsMax: u32 = 1 << 20;

const minted = new Map<u32, u64>();

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
  issue(context.sender(), id);
  return id;
}

/** Moves one of the caller's tokens. Reverts with "not the owner". */
export function transfer(to: Address, id: u64): void {
  const from = context.sender();
  const owner = place(id);
  require(owner.has() && owner.get() == from, "not the owner");
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

/** Tokens of a shard so far. */
@view
export function mintedIn(shard: u32): u64 {
  return minted.get(shard);
}
