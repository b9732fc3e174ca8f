/**
 * A block as the host sets it up: while no worker runs, before it starts them and after they have departed.
 */
import { resetBlockChunks, tryTakeBlockChunks } from "./arena";
import { releaseRetired } from "./commit";
import { FAULT_NONE } from "./fault";
import { frontierWord } from "./frontier";
import { LOCATION_CHAIN, LOCATION_TOUCHED, LOCATION_TOWER, locationAt } from "./keys";
import {
  AT_ARRIVED, AT_CALL_BYTES, AT_CALL_BYTES_END, AT_COUNT, AT_DEPARTED, AT_EPOCH, AT_FAULT, AT_FROM, AT_GRAIN, AT_LOCATIONS_USED, AT_MODE, AT_PARKED, AT_PARTICIPANTS,
  AT_POLICY, BLOCK_STM, SEQUENTIAL, TRANSACTION_SHIFT, poolEnd, transactionCapacity, transactionsBase,
} from "./layout";
import { resetScheduler } from "./scheduler";
import { EPOCHS } from "./status";

/** Below the senders and inputs: where the workers' chunks start. */
let workersEnd: usize = 0;

/**
 * Void the last block and make room for the senders and inputs of the next: `bytes` bytes, whose address is returned,
 * or 0 where the pool is too small.
 */
export function prepareBlock(bytes: usize): usize {
  releaseRetired();
  resetBlockChunks(poolEnd);
  const address = tryTakeBlockChunks(bytes);
  workersEnd = address == 0 ? poolEnd : address;
  store<u32>(AT_CALL_BYTES, <u32>address);
  store<u32>(AT_CALL_BYTES_END, <u32>(address + bytes));
  return address;
}

/**
 * Set up a block of `count` calls, which the host has written, for `participants` workers: also a second time, after
 * the first attempt was taken back.
 */
export function beginBlock(count: u32, mode: u32, participants: u32, policy: u32, grain: u32): void {
  if (load<u32>(AT_EPOCH) == EPOCHS - 1) forgetEpochs();
  store<u32>(AT_EPOCH, load<u32>(AT_EPOCH) + 1);
  resetBlockChunks(workersEnd);
  store<u32>(AT_FROM, 0);
  store<u32>(AT_COUNT, count);
  store<u32>(AT_MODE, mode);
  store<u32>(AT_PARTICIPANTS, participants);
  store<u32>(AT_POLICY, policy);
  store<u32>(AT_GRAIN, grain);
  atomic.store<u32>(AT_FAULT, FAULT_NONE);
  atomic.store<u32>(AT_ARRIVED, 0);
  atomic.store<u32>(AT_DEPARTED, 0);
  atomic.store<u32>(AT_PARKED, 0);
  resetScheduler();
}

/**
 * All workers have departed. Where they gave up speculating: have one go on sequentially from the frontier, and return its
 * TxIndex; else return 0.
 */
export function continueBlock(): u32 {
  const frontier = <u32>frontierWord();
  if (load<u32>(AT_MODE) != BLOCK_STM || frontier == load<u32>(AT_COUNT)) return 0;
  store<u32>(AT_FROM, frontier);
  store<u32>(AT_MODE, SEQUENTIAL);
  store<u32>(AT_PARTICIPANTS, 1);
  atomic.store<u32>(AT_ARRIVED, 0);
  atomic.store<u32>(AT_DEPARTED, 0);
  return frontier;
}

/**
 * The epoch wraps round: take the tag off every chain and status, so that none of a thousand million blocks ago is
 * taken for the new block's.
 */
function forgetEpochs(): void {
  const used = atomic.load<u32>(AT_LOCATIONS_USED);
  for (let id: u32 = 0; id < used; id++) {
    const location = locationAt(id);
    store<u64>(location, 0, LOCATION_CHAIN);
    store<u64>(location, 0, LOCATION_TOWER);
    store<u32>(location, 0, LOCATION_TOUCHED);
  }
  memory.fill(transactionsBase, 0, <usize>transactionCapacity << TRANSACTION_SHIFT);
  store<u32>(AT_EPOCH, 0);
}
