/**
 * The result of the running call: written to its transaction's words, output and events to this worker's report log.
 *
 * The worker that owns the transaction writes; the host reads after the block, and before of those that have committed (progress.ts). The last incarnation's result stands.
 *
 * ```text
 *   event   0 next u32 | 4 contract u32 | 8 topic length u32 | 12 data length u32 | 16 topic, data: each padded to words
 * ```
 */
import { appendLog } from "./arena";
import { UNWIND_FAILURE, unwind } from "./fault";
import { WORKER_REPORTS, worker } from "./layout";
import { TX_CODE, TX_EVENTS, TX_GAS_USED, TX_OUTPUT, TX_OUTPUT_LENGTH, TX_RESULT } from "./status";
import { copyWords } from "./words";

// ---- receipt status ----
export const OK: u32 = 0;
export const REVERTED: u32 = 1;
export const TRAPPED: u32 = 2;
export const INVALID: u32 = 3;
export const OUT_OF_GAS: u32 = 4;

// ---- failure codes that the kernel gives; the host has the names, and the codes of traps that V8 raises ----
export const CODE_NONE: u32 = 0;
export const CODE_REVERT: u32 = 1;
export const CODE_BAD_INPUT: u32 = 2;
export const CODE_KEY_LENGTH: u32 = 3;
export const CODE_VALUE_LENGTH: u32 = 4;
export const CODE_STAGED_WORDS: u32 = 5;
export const CODE_SLOT: u32 = 6;
export const CODE_OUT_OF_GAS: u32 = 7;
export const CODE_STACK_LIMIT: u32 = 8;
export const CODE_MEMORY_LIMIT: u32 = 9;
export const CODE_COUNTER: u32 = 10;
export const CODE_READ_ONLY: u32 = 11;
export const CODE_HASH_KIND: u32 = 15;

/** The running transaction's words. */
let at: usize = 0;
let lastEvent: usize = 0;

export function beginResult(transaction: usize): void {
  at = transaction;
  lastEvent = 0;
  store<u32>(at, OK, TX_RESULT);
  store<u32>(at, CODE_NONE, TX_CODE);
  store<u32>(at, 0, TX_OUTPUT_LENGTH);
  store<u32>(at, 0, TX_EVENTS);
}

/** Copy `length` bytes, zero padded to words, to the report as the call's output. */
export function setOutput(bytes: usize, length: u32): void {
  const padded = (length + 7) & ~7;
  const to = appendLog(worker + WORKER_REPORTS, padded);
  copyWords(to, bytes, padded);
  store<u32>(at, to, TX_OUTPUT);
  store<u32>(at, length, TX_OUTPUT_LENGTH);
}

/** Copy topic and data, each zero padded to words and one after the other, to the report as the call's next event. */
export function addEvent(contract: u32, topicLength: u32, dataLength: u32, bytes: usize): void {
  const padded = ((topicLength + 7) & ~7) + ((dataLength + 7) & ~7);
  const event = appendLog(worker + WORKER_REPORTS, 16 + padded);
  store<u32>(event, 0);
  store<u32>(event, contract, 4);
  store<u32>(event, topicLength, 8);
  store<u32>(event, dataLength, 12);
  copyWords(event + 16, bytes, padded);
  if (lastEvent == 0) store<u32>(at, event, TX_EVENTS);
  else store<u32>(lastEvent, event);
  lastEvent = event;
}

/** Make the call a failed one. Its events go, its output is the message, if it has one. */
export function setFailure(status: u32, code: u32): void {
  store<u32>(at, status, TX_RESULT);
  store<u32>(at, code, TX_CODE);
  store<u32>(at, 0, TX_EVENTS);
  store<u32>(at, 0, TX_OUTPUT_LENGTH);
}

/** The gas that the call has used, whatever became of it. */
@inline
export function setGasUsed(used: u64): void {
  store<u64>(at, used, TX_GAS_USED);
}

/** The call broke a rule of the contract interface. */
export function misuse(code: u32): void {
  setFailure(TRAPPED, code);
  unwind(UNWIND_FAILURE);
}

@inline
export function failed(): bool {
  return load<u32>(at, TX_RESULT) != OK;
}
