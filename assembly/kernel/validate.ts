/**
 * Read sets compared with the store, write sets published, marked and withdrawn.
 *
 * The kept accesses of an incarnation are immutable and live as long as the block, so a validator may read them while another worker
 * aborts the transaction and executes it again. The word that points to them changes as one.
 */
import { addDirty } from "./commit";
import { LOCATION_COMMITTED } from "./keys";
import { transaction } from "./layout";
import { countValidation } from "./stats";
import { TX_ACCESSES } from "./status";
import { findBelow, markEstimate, nodeRecord, publish, removeEstimate } from "./versions";
import {
  ACCESS_LOCATION, ACCESS_READ, ACCESS_SIZE, ACCESS_WRITTEN, endOfAccesses, firstAccess, keepAccesses,
} from "./view";

/** Whether each read of `txIndex` still finds the version it found. An ESTIMATE is never the version it found. */
export function readsHold(txIndex: u32): bool {
  countValidation();
  const kept = atomic.load<u64>(transaction(txIndex), TX_ACCESSES);
  let access = <usize>kept;
  const end = access + <usize>(kept >> 32) * ACCESS_SIZE;
  for (; access < end; access += ACCESS_SIZE) {
    const read = load<u32>(access, ACCESS_READ);
    if (read == 0) continue;
    const location: usize = load<u32>(access, ACCESS_LOCATION);
    const node = findBelow(location, txIndex);
    if ((node == 0 ? load<u32>(location, LOCATION_COMMITTED) : nodeRecord(node)) != read) return false;
  }
  return true;
}

/**
 * Put up the running call's writes, keep its accesses for validators, and withdraw what its previous incarnation
 * wrote and this one did not. Its own worker, before it is Executed.
 */
export function publishAccesses(txIndex: u32): void {
  const tx = transaction(txIndex);
  const previous = load<u64>(tx, TX_ACCESSES);
  const end = endOfAccesses();
  for (let access = firstAccess(); access < end; access += ACCESS_SIZE) {
    const written: usize = load<u32>(access, ACCESS_WRITTEN);
    if (written == 0) continue;
    const location: usize = load<u32>(access, ACCESS_LOCATION);
    if (publish(location, txIndex, written)) addDirty(location);
  }
  if (previous != 0) forEachWritten(previous, txIndex, false);
  atomic.store<u64>(tx, keepAccesses(), TX_ACCESSES);
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
    else removeEstimate(location, txIndex);
  }
}
