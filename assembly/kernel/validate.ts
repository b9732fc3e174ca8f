/**
 * Read sets compared with the store, write sets published, marked, withdrawn and committed.
 *
 * The kept accesses of an incarnation are immutable and live as long as the block, so a validator may read them while another worker
 * aborts the transaction and executes it again. The word that points to them changes as one.
 */
import {
  ACCESS_DELTA, ACCESS_LOCATION, ACCESS_READ, ACCESS_SIZE, ACCESS_WRITTEN, endOfAccesses, firstAccess, keepAccesses,
} from "./accesses";
import { commitRecord } from "./commit";
import { deltaHolds, isAdded, sumRecord } from "./delta";
import { committed } from "./keys";
import { ABSENT, AT_FRONTIER, AT_POLICY, POLICY_VALUES, transaction } from "./layout";
import { countValidation } from "./stats";
import { TX_ACCESSES } from "./status";
import { ESTIMATE, markEstimate, publish, withdraw } from "./versions";
import { visibleBelow } from "./view";

let byValue: bool = false;

/** Where the read set that failed last did: the location, the record that was read there, 0 for the interval of a delta, and the one found, perhaps an ESTIMATE. */
export let failedLocation: usize = 0;
export let failedRead: usize = 0;
export let failedNow: usize = 0;

export function enterValidation(): void {
  byValue = (load<u32>(AT_POLICY) & POLICY_VALUES) != 0;
}

/** Whether what `txIndex` read is what it would read now: a hint, while lower transactions have not committed. An ESTIMATE never is. */
export function readsHold(txIndex: u32): bool {
  return holds(txIndex, false);
}

/** Whether what `txIndex` read is what sequential execution reads. All lower transactions have committed, and nobody else commits. */
export function readsCommitted(txIndex: u32): bool {
  return holds(txIndex, true);
}

@inline
function holds(txIndex: u32, isTurn: bool): bool {
  countValidation();
  const kept = atomic.load<u64>(transaction(txIndex), TX_ACCESSES);
  let access = <usize>kept;
  const end = access + <usize>(kept >> 32) * ACCESS_SIZE;
  for (; access < end; access += ACCESS_SIZE) {
    const location: usize = load<u32>(access, ACCESS_LOCATION);
    const read = load<u32>(access, ACCESS_READ);
    if (read != 0) {
      const now: usize = isTurn ? committed(location) : visibleBelow(location, txIndex);
      if (now != read && (!byValue || (now & ESTIMATE) != 0 || !sameValue(now, read))) return fails(location, read, now);
    }
    const delta: usize = load<u32>(access, ACCESS_DELTA);
    if (isTurn && delta != 0 && !deltaHolds(delta, committed(location))) return fails(location, 0, committed(location));
  }
  return true;
}

function fails(location: usize, read: usize, now: usize): bool {
  failedLocation = location;
  failedRead = read;
  failedNow = now;
  return false;
}

/** Whether two records say the same. Records are immutable and live as long as the block, so what was read still is there. */
function sameValue(record: usize, other: usize): bool {
  const length = load<u32>(record);
  if (load<u32>(other) != length) return false;
  if (length == ABSENT) return true;
  const end = record + 8 + length;
  for (record += 8, other += 8; record < end; record += 8, other += 8) {
    if (load<u64>(record) != load<u64>(other)) return false;
  }
  return true;
}

/**
 * Put up the running call's writes, keep its accesses for validators, and withdraw what its previous incarnation
 * wrote and this one did not. Its own worker, before it is Executed.
 */
export function publishAccesses(txIndex: u32): void {
  const frontier = <u32>atomic.load<u64>(AT_FRONTIER);
  const tx = transaction(txIndex);
  const previous = load<u64>(tx, TX_ACCESSES);
  const end = endOfAccesses();
  for (let access = firstAccess(); access < end; access += ACCESS_SIZE) {
    const written: usize = load<u32>(access, ACCESS_WRITTEN);
    if (written != 0) publish(load<u32>(access, ACCESS_LOCATION), txIndex, written, frontier);
  }
  if (previous != 0) forEachWritten(previous, txIndex, false);
  atomic.store<u64>(tx, keepAccesses(), TX_ACCESSES);
}

/** Commit what the running call wrote: it is final. */
export function commitOwnWrites(): void {
  const end = endOfAccesses();
  for (let access = firstAccess(); access < end; access += ACCESS_SIZE) {
    const written: usize = load<u32>(access, ACCESS_WRITTEN);
    if (written != 0) commitRecord(load<u32>(access, ACCESS_LOCATION), written);
  }
}

/** Commit what `txIndex` wrote and added. The holder of the frontier. */
export function commitWrites(txIndex: u32): void {
  const kept = load<u64>(transaction(txIndex), TX_ACCESSES);
  let access = <usize>kept;
  const end = access + <usize>(kept >> 32) * ACCESS_SIZE;
  for (; access < end; access += ACCESS_SIZE) {
    const location: usize = load<u32>(access, ACCESS_LOCATION);
    const written: usize = load<u32>(access, ACCESS_WRITTEN);
    const delta: usize = load<u32>(access, ACCESS_DELTA);
    if (written != 0) commitRecord(location, written);
    else if (delta != 0 && isAdded(delta)) commitRecord(location, sumRecord(delta, committed(location), txIndex));
  }
}

/** Aborting: every version of `txIndex` becomes an ESTIMATE. */
export function markEstimates(txIndex: u32): void {
  forEachWritten(load<u64>(transaction(txIndex), TX_ACCESSES), txIndex, true);
}

function forEachWritten(kept: u64, txIndex: u32, mark: bool): void {
  let access = <usize>kept;
  const end = access + <usize>(kept >> 32) * ACCESS_SIZE;
  for (; access < end; access += ACCESS_SIZE) {
    if (load<u32>(access, ACCESS_WRITTEN) == 0) continue;
    const location: usize = load<u32>(access, ACCESS_LOCATION);
    if (mark) markEstimate(location, txIndex);
    else withdraw(location, txIndex, load<u32>(access, ACCESS_WRITTEN));
  }
}
