/**
 * The uncommitted versions of a location: a lock-free skip list, newest TxIndex first.
 *
 * ```text
 *   location: chain {epoch, node} --> node --> node --> node --> 0        level 0: every version
 *             tower {epoch, links} --------------> node ----------> 0     level 1 and up: fewer and fewer
 *
 *   node    0 txIndex u32 | 4 record u32, bit 0: ESTIMATE | 8 rank u16, height u16 | 12 next u32[height], bit 0: removed
 *   record  0 length u32 (ABSENT: the version says "no value") | 4 txIndex u32 | 8 bytes, zero padded to words
 * ```
 *
 * A record is immutable once its address is in a node, and no address is used twice in a block. So a read is
 * the address it found: the read still holds exactly if a later search finds the same address, and the
 * bytes behind it can be taken at leisure. That address is the paper's version (TxIndex, Incarnation).
 *
 * A location's words count only if they carry the block's epoch. A new block thus starts with every chain
 * empty and nothing cleared. The first version of a block replaces the word, whatever it was, by one CAS.
 *
 * Versions of transactions below the frontier have committed, or were given up when the transaction was executed again at its
 * turn. They mean nothing here, a reader passes them over (view.ts), and the first writer that finds nothing else in the chain drops them all.
 * Nobody is at work on them: whoever inserts, marks or withdraws does so for a transaction at or above the frontier.
 *
 * Writers: only the worker that executes transaction i (or aborts it; the status word makes them one) inserts, rewrites or
 * removes the node of i. Different transactions meet only in the links, which change by CAS alone. Removing
 * sets bit 0 in all the node's own links, from the top, which makes every CAS on them fail, and then unlinks it
 * (Harris; Herlihy and Shavit, ch. 14). A removed node is never linked again, since its memory is not reused in the block.
 *
 * Readers go from link to link and see a node or the one behind it; each is a state that the list was in. A reader that
 * comes down from the tower starts at a node that is in level 0 then (`skipTo`).
 *
 * Memory order: a node and its record are written with plain stores before the sequentially consistent CAS or
 * store that publishes their address, and are read after an atomic load of it.
 *
 * Towers keep a search logarithmic where one key has thousands of writers. A node gets height > 1 only
 * where the chain is already long (by rank, counted up from the older neighbour, or by the steps taken), with
 * probability 1/4 per level drawn from the TxIndex: short chains pay nothing.
 */
import { allocate } from "./arena";
import { FAULT_INVARIANT, raise } from "./fault";
import { LOCATION_CHAIN, LOCATION_TOWER } from "./keys";
import { STAGING_LINKS, stagingBase } from "./layout";

const NODE_TX: usize = 0;
const NODE_RECORD: usize = 4;
const NODE_RANK: usize = 8;
const NODE_HEIGHT: usize = 10;
const NODE_NEXT: usize = 12;

/** Set in a node's record word while the transaction that wrote it is to be executed again. */
export const ESTIMATE: u32 = 1;
const REMOVED: u32 = 1;
const LEVELS: u32 = 10;
/** From this many versions, or steps, on a chain counts as long. */
const LONG: u32 = 6;

/** The block's epoch, in the upper half. */
let epochTag: u64 = 0;
let stepsTaken: u32 = 0;

export function setEpoch(epoch: u32): void {
  epochTag = <u64>epoch << 32;
}

@inline
function isCurrent(word: u64): bool {
  return (word ^ epochTag) >> 32 == 0;
}

@inline
export function nodeTx(node: usize): u32 {
  return load<u32>(node, NODE_TX);
}

/** The node's record word: the record's address, and ESTIMATE. */
@inline
export function nodeRecord(node: usize): u32 {
  return atomic.load<u32>(node, NODE_RECORD);
}

@inline
function next(node: usize, level: u32): u32 {
  return atomic.load<u32>(node + (level << 2), NODE_NEXT);
}

/** The newest version of `location` in this block below transaction `txIndex`: its node, 0 if there is none. */
@inline
export function findBelow(location: usize, txIndex: u32): usize {
  const word = atomic.load<u64>(location, LOCATION_CHAIN);
  if (!isCurrent(word)) return 0;
  const node = <usize>word;
  if (node == 0 || (nodeTx(node) < txIndex && (next(node, 0) & REMOVED) == 0)) return node;
  return walkBelow(location, node, txIndex);
}

function walkBelow(location: usize, node: usize, txIndex: u32): usize {
  let steps: u32 = 0;
  while (node != 0) {
    const link = next(node, 0);
    if (nodeTx(node) < txIndex && (link & REMOVED) == 0) return node;
    node = link & ~REMOVED;
    if (++steps == 2 * LONG) {
      const tower = atomic.load<u64>(location, LOCATION_TOWER);
      if (isCurrent(tower)) node = skipTo(<usize>tower, node, txIndex);
    }
  }
  return 0;
}

/**
 * A node at or above the one sought, found along the tower; `node` itself if the tower knows none nearer.
 *
 * It is one that is in level 0 when it is seen. A node can be removed, and be gone from level 0, while the tower still
 * leads to it; its level-0 link is frozen, and versions that were inserted behind it since are not reached from there.
 */
function skipTo(tower: usize, node: usize, txIndex: u32): usize {
  let nearest: usize = 0;
  let from: usize = 0;
  for (let level: u32 = LEVELS - 1; level >= 1; level--) {
    let candidate: usize = from == 0 ? atomic.load<u32>(tower + (level << 2)) : next(from, level) & ~REMOVED;
    while (candidate != 0 && nodeTx(candidate) >= txIndex) {
      from = candidate;
      if ((next(candidate, 0) & REMOVED) == 0) nearest = candidate;
      candidate = next(candidate, level) & ~REMOVED;
    }
  }
  return nearest == 0 || nodeTx(nearest) >= nodeTx(node) ? node : nearest;
}

// ---- changing the list ----

@inline
function loadLink(location: usize, link: usize): u32 {
  return link == location + LOCATION_CHAIN ? <u32>atomic.load<u64>(link) : atomic.load<u32>(link);
}

@inline
function casLink(location: usize, link: usize, expected: usize, replacement: usize): bool {
  if (link == location + LOCATION_CHAIN) {
    const word = epochTag | <u64>expected;
    return atomic.cmpxchg<u64>(link, word, epochTag | <u64>replacement) == word;
  }
  return atomic.cmpxchg<u32>(link, <u32>expected, <u32>replacement) == <u32>expected;
}

/**
 * The first node at or below `txIndex`, 0 if there is none; unlinks removed nodes on its way. Leaves in `links`,
 * for each level, the address of the link that leads there. The chain must be of this epoch.
 */
function descend(location: usize, txIndex: u32): usize {
  while (true) {
    const towerWord = atomic.load<u64>(location, LOCATION_TOWER);
    const tower: usize = isCurrent(towerWord) ? <usize>towerWord : 0;
    let before: usize = 0;
    let level: u32 = tower != 0 ? LEVELS - 1 : 0;
    stepsTaken = 0;
    while (true) {
      let link: usize;
      if (before != 0) link = before + NODE_NEXT + (level << 2);
      else if (level == 0) link = location + LOCATION_CHAIN;
      else link = tower + (level << 2);
      let node = <usize>loadLink(location, link);
      if (node & REMOVED) break;
      while (node != 0) {
        const following = next(node, level);
        if (following & REMOVED) {
          if (!casLink(location, link, node, following & ~REMOVED)) break;
          node = following & ~REMOVED;
          continue;
        }
        if (nodeTx(node) <= txIndex) break;
        stepsTaken++;
        before = node;
        link = node + NODE_NEXT + (level << 2);
        node = following;
      }
      if (node != 0 && (next(node, level) & REMOVED) != 0) break;
      store<u32>(stagingBase + (level << 2), link, STAGING_LINKS);
      if (level == 0) return node;
      level--;
    }
  }
}

/** Put `record` up as the version of transaction `txIndex` at `location`. Versions below `frontier` have committed: nobody needs them here any more. */
export function publish(location: usize, txIndex: u32, record: usize, frontier: u32): void {
  const word = atomic.load<u64>(location, LOCATION_CHAIN);
  const newest: usize = isCurrent(word) ? <usize>word : 0;
  // On a long chain the nodes that get a height go the other way.
  if (newest == 0 || nodeTx(newest) < txIndex) {
    const following: usize = newest == 0 || nodeTx(newest) < frontier ? 0 : newest;
    const rank: u32 = following == 0 ? 0 : min<u32>(load<u16>(newest, NODE_RANK) + 1, 0xffff);
    if (rank < LONG || heightOf(txIndex) == 1) {
      const node = newNode(txIndex, record, rank, 1);
      store<u32>(node, following, NODE_NEXT);
      if (atomic.cmpxchg<u64>(location, word, epochTag | node, LOCATION_CHAIN) == word) return;
    }
  }
  if (!isCurrent(word)) atomic.cmpxchg<u64>(location, word, epochTag, LOCATION_CHAIN);
  insert(location, txIndex, record);
}

function insert(location: usize, txIndex: u32, record: usize): void {
  let below = descend(location, txIndex);
  if (below != 0 && nodeTx(below) == txIndex) {
    atomic.store<u32>(below, record, NODE_RECORD);
    return;
  }
  const rank: u32 = below == 0 ? 0 : min<u32>(load<u16>(below, NODE_RANK) + 1, 0xffff);
  const height = rank >= LONG || stepsTaken >= LONG ? heightOf(txIndex) : 1;
  const node = newNode(txIndex, record, rank, height);
  if (height > 1) ensureTower(location);
  while (true) {
    store<u32>(node, below, NODE_NEXT);
    if (casLink(location, load<u32>(stagingBase, STAGING_LINKS), below, node)) break;
    below = descend(location, txIndex);
  }
  for (let level: u32 = 1; level < height; level++) linkAt(location, node, txIndex, level);
}

/** Link a node, already in level 0, into a higher one. */
function linkAt(location: usize, node: usize, txIndex: u32, level: u32): void {
  while (true) {
    descend(location, txIndex);
    const link: usize = load<u32>(stagingBase + (level << 2), STAGING_LINKS);
    const below = atomic.load<u32>(link);
    // The link may have come to lead to a node above ours, or its own node may have been removed, since we passed.
    if (below & REMOVED || (below != 0 && nodeTx(below) >= txIndex)) continue;
    atomic.store<u32>(node + (level << 2), below, NODE_NEXT);
    if (atomic.cmpxchg<u32>(link, below, <u32>node) == below) return;
  }
}

function newNode(txIndex: u32, record: usize, rank: u32, height: u32): usize {
  const node = allocate((NODE_NEXT + (height << 2) + 7) & ~7);
  store<u32>(node, txIndex, NODE_TX);
  store<u32>(node, record, NODE_RECORD);
  store<u16>(node, <u16>rank, NODE_RANK);
  store<u16>(node, <u16>height, NODE_HEIGHT);
  for (let level: u32 = 0; level < height; level++) store<u32>(node + (level << 2), 0, NODE_NEXT);
  return node;
}

/** 1 with probability 3/4, 2 with 3/16, ...: drawn from the TxIndex, so that a run can be repeated. */
function heightOf(txIndex: u32): u32 {
  let bits = (txIndex + 1) * 0x9e3779b1;
  bits = (bits ^ (bits >> 15)) * 0x85ebca77;
  bits ^= bits >> 13;
  return min<u32>(1 + (ctz<u32>(bits) >> 1), LEVELS);
}

function ensureTower(location: usize): void {
  const word = atomic.load<u64>(location, LOCATION_TOWER);
  if (isCurrent(word)) return;
  const tower = allocate(LEVELS << 2);
  memory.fill(tower, 0, LEVELS << 2);
  atomic.cmpxchg<u64>(location, word, epochTag | tower, LOCATION_TOWER);
}

/** Mark the version of `txIndex` at `location` as one that its next incarnation probably writes again. */
export function markEstimate(location: usize, txIndex: u32): void {
  const node = descend(location, txIndex);
  if (node == 0 || nodeTx(node) != txIndex) raise(FAULT_INVARIANT);
  atomic.or<u32>(node, ESTIMATE, NODE_RECORD);
}

/** Take away the version of `txIndex` if its latest incarnation has not rewritten it: it still is `record`, of an earlier one. */
export function withdraw(location: usize, txIndex: u32, record: usize): void {
  const node = descend(location, txIndex);
  if (node == 0 || nodeTx(node) != txIndex || (nodeRecord(node) & ~ESTIMATE) != <u32>record) return;
  for (let level = <i32>load<u16>(node, NODE_HEIGHT) - 1; level >= 0; level--) {
    atomic.or<u32>(node + (level << 2), REMOVED, NODE_NEXT);
  }
  descend(location, txIndex);
}
