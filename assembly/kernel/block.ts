/**
 * A block as the host sets it up: while no worker runs, before it starts them and after they have departed.
 */
import { resetBlockChunks, tryTakeBlockChunks } from "./arena";
import { releaseRetired } from "./commit";
import { FAULT_NONE } from "./fault";
import { forgetEpochs } from "./keys";
import {
  AT_ARRIVED, AT_COUNT, AT_DEPARTED, AT_EPOCH, AT_FAULT, AT_MODE, AT_PARKED, AT_PARTICIPANTS, BLOCK_STM, poolEnd,
} from "./layout";
import { resetScheduler } from "./scheduler";
import { initialize } from "./status";

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
  return address;
}

/**
 * Set up a block of `count` calls, which the host has written, for `participants` workers: also a second time, after
 * the first attempt was taken back.
 */
export function beginBlock(count: u32, mode: u32, participants: u32): void {
  if (load<u32>(AT_EPOCH) == u32.MAX_VALUE) forgetEpochs();
  store<u32>(AT_EPOCH, load<u32>(AT_EPOCH) + 1);
  resetBlockChunks(workersEnd);
  store<u32>(AT_COUNT, count);
  store<u32>(AT_MODE, mode);
  store<u32>(AT_PARTICIPANTS, participants);
  atomic.store<u32>(AT_FAULT, FAULT_NONE);
  atomic.store<u32>(AT_ARRIVED, 0);
  atomic.store<u32>(AT_DEPARTED, 0);
  atomic.store<u32>(AT_PARKED, 0);
  if (mode == BLOCK_STM) {
    resetScheduler();
    for (let txIndex: u32 = 0; txIndex < count; txIndex++) initialize(txIndex);
  }
}
