/**
 * All that the kernel exports. The host reads the layout from here and declares none of it again; a contract is
 * given the functions of contract.ts, staging.ts, context.ts and nested.ts, and nothing else.
 */
import { attachAccesses } from "./accesses";
import { attachGas } from "./gas";
import { attachLayout } from "./layout";

export { format } from "./layout";

/** Make this instance the one of worker `index`; the host's is one past the last. Returns the layout version, 0 where the memory is not formatted. */
export function attach(index: u32, isWorker: bool): u32 {
  const version = attachLayout(index);
  if (version != 0 && isWorker) {
    attachAccesses();
    attachGas();
  }
  return version;
}

// ---- the contract interface ----
export { push, push4, take } from "./staging";
export { lookup, read, has, write, remove, add, subtract, output, event, revert, reject, hash, verify } from "./contract";
export { input, sender, self, height, timestamp, chainId, seed, readonly } from "./context";
export { call } from "./nested";

// ---- what the rewrite of a contract adds to what it imports ----
export { gas, stackLeft } from "./gas";
export { memoryLimit, memoryRefused } from "./contract";

// ---- a worker's steps ----
export { enter, next, unwound, arrive, commit, depart } from "./executor";
export { runningCall, runningIncarnation } from "./executor";
export { calledAt } from "./frames";
export { park, unpark } from "./park";
export { IDLE, DONE } from "./scheduler";

// ---- for a driver with a clock of its own: what a step did, and calls that take their time ----
export { executions, aborts, validations, dependencyWaits } from "./stats";
export { notified } from "./park";
export { readingGas } from "./tape";
export { unwinding, UNWIND_ESTIMATE } from "./fault";
export { isExecutingFinal } from "./scheduler";
export { beginAgain, usedSoFar } from "./executor";
export { isUnread, recordRead, recordNow, giveRead } from "./rerun";
export { ESTIMATE } from "./versions";
export { AT_EXECUTION, AT_WAVE } from "./layout";

// ---- the host's steps ----
export { prepareBlock, beginBlock, continueBlock } from "./block";
export { rollback } from "./commit";
export { setFault } from "./fault";
export { evictLocations, endEviction } from "./evict";
export { dropOrphans, beginIndex, enterIndexed } from "./keys";
export { sweepLocations, endSweep } from "./sweep";
export { takePersistentChunks } from "./arena";
export { placeDirectory, clearContracts, enterContract, enterMethod, NAME_BYTES, MAX_METHOD_LENGTH } from "./directory";

// ---- layout ----
export {
  LAYOUT_VERSION, SEQUENTIAL, BLOCK_STM, VIEW, PATCH, AT_BASE, POLICY_VALUES, POLICY_ESTIMATES, POLICY_PARK, POLICY_DELTAS, POLICY_YIELD, POLICY_CONFINED, POLICY_TAPE, ABSENT, AT_HEIGHT, AT_TIMESTAMP, AT_CHAIN_ID, AT_SEED, AT_ADDRESSES, AT_SECRETS, SECRETS, AT_PARALLELISM, AT_STACK_BYTES, AT_GAS_SCHEDULE,
  AT_FAULT, AT_WAKE, AT_ARRIVED, AT_DEPARTED, AT_PARTICIPANTS, AT_LOCATIONS_USED, AT_FRONTIER, AT_AWAITED, AT_NEWS, AT_EPOCH, AT_POOL_FREE, WORKER_SIZE, WORKER_START, WORKER_REPORTS,
  WORKER_WRITES, WORKER_UNDO, WORKER_STATS, WORKER_TAPE, CALL_SHIFT, TRANSACTION_SHIFT, CALL_ENTRY, CALL_CONTRACT, CALL_INPUT, CALL_INPUT_LENGTH, CALL_SENDER, CALL_GAS_LIMIT,
  callsBase, transactionsBase, locationsBase, poolBase, poolEnd, workerLine, LOCATION_SIZE,
} from "./layout";
export { WRITE_HEAD, UNDO_PREVIOUS, UNDO_LOCATION, UNDO_COMMITTED, UNDO_RECORD } from "./commit";
export { LOCATION_COMMITTED, LOCATION_RECORD, keyBytes, keyLength, locationContract } from "./keys";
export {
  TAPE_FINAL, TAPE_SPECULATIVE, TAPE_UNWOUND, TAPE_ABORT, TAPE_RESUMED, TAPE_VALIDATION, TAPE_COMMIT, TAPE_IDLE, TAPE_ENTERED, TAPE_ARRIVED, TAPE_VERDICTS, TAPE_BEFORE, TAPE_RECORD,
  TAPE_VERDICTS_SIZE, CAUSE_VALIDATION, CAUSE_ESTIMATE, CAUSE_CASCADE, TAPE_READ, TAPE_WRITTEN, TAPE_ADDED, TAPE_COUNTED,
} from "./tape";
export { TX_RESULT, TX_CODE, TX_OUTPUT, TX_OUTPUT_LENGTH, TX_EVENTS, TX_GAS_USED } from "./status";
export { FAULT_MEMORY, FAULT_LOCATIONS, FAULT_INVARIANT, FAULT_CONTRACT_MEMORY, FAULT_INDEX, FAULT_STORE } from "./fault";
