/**
 * The contract interface, version 1 (assembly/sdk/README.md): the operations that a contract is given. With `push` and `take` (staging.ts), what it is told (context.ts) and `call`
 * (nested.ts) these are all functions that it has.
 *
 * Words go one way through the staging area (`push`, then an operation that takes what was pushed), and the other way
 * through the take cursor (an operation sets it, then `take`). Nothing here is shared between workers, and no layout is declared. A contract
 * gets numbers only: a slot that it makes up, or words that do not fit the length it gives, end its call.
 */
import { slotOf } from "./accesses";
import { contract, requireWritable } from "./context";
import { FAULT_CONTRACT_MEMORY, UNWIND_FAILURE, raise, unwind } from "./fault";
import { depth, tried } from "./frames";
import {
  charge, countCost, eventByteCost, eventCost, hasCost, keyByteCost, lookupCost, outputByteCost, outputCost, readByteCost, readCost, removeCost, writeCost,
  writtenByteCost,
} from "./gas";
import {
  DIGEST_LENGTH, MAX_HASHED_LENGTH, MAX_MESSAGE_LENGTH, SIGNED_LENGTH, chargeDigest, chargeVerification, digest, isSigned,
} from "./hash";
import { MAX_KEY_LENGTH } from "./keys";
import { ABSENT, stagingBase } from "./layout";
import {
  CODE_BAD_INPUT, CODE_KEY_LENGTH, CODE_MEMORY_LIMIT, CODE_REVERT, CODE_STAGED_WORDS, CODE_VALUE_LENGTH, INVALID, REVERTED, addEvent, misuse, setFailure, setOutput,
} from "./result";
import { MAX_VALUE_LENGTH, clearPadding, clearStaged, requireStaged, takeFrom, takeNothing, unstage } from "./staging";
import { addAtSlot, readSlot, writeSlot } from "./view";
import { copyWords } from "./words";

export const MAX_TOPIC_LENGTH: u32 = 256;

export function lookup(keyLength: u32): u32 {
  charge(lookupCost + <i64>keyLength * keyByteCost);
  if (keyLength == 0) misuse(CODE_KEY_LENGTH);
  return slotOf(contract, unstage(keyLength, MAX_KEY_LENGTH, CODE_KEY_LENGTH), keyLength);
}

export function read(slot: u32): i32 {
  const record = readSlot(slot);
  const length = load<u32>(record);
  if (length == ABSENT) {
    charge(readCost);
    takeNothing();
    return -1;
  }
  charge(readCost + <i64>length * readByteCost);
  takeFrom(record + 8, length);
  return length;
}

export function has(slot: u32): i32 {
  charge(hasCost);
  return load<u32>(readSlot(slot)) == ABSENT ? 0 : 1;
}

export function write(slot: u32, length: u32): void {
  charge(writeCost + <i64>length * writtenByteCost);
  requireWritable();
  const from = unstage(length, MAX_VALUE_LENGTH, CODE_VALUE_LENGTH);
  const to = writeSlot(slot, length) + 8;
  copyWords(to, from, length);
}

export function remove(slot: u32): void {
  charge(removeCost);
  requireWritable();
  writeSlot(slot, ABSENT);
}

/** Add `amount` to the number at `slot`, unless it would be more than `most`. Returns whether it was added. */
export function add(slot: u32, amount: u64, most: u64): i32 {
  charge(countCost);
  requireWritable();
  return addAtSlot(slot, amount, most, false) ? 1 : 0;
}

/** Subtract `amount` from the number at `slot`, unless it would be less than `least`. Returns whether it was subtracted. */
export function subtract(slot: u32, amount: u64, least: u64): i32 {
  charge(countCost);
  requireWritable();
  return addAtSlot(slot, amount, least, true) ? 1 : 0;
}

export function output(length: u32): void {
  charge(outputCost + <i64>length * outputByteCost);
  setOutput(unstage(length, MAX_VALUE_LENGTH, CODE_VALUE_LENGTH), length, depth != 0);
}

export function event(topicLength: u32, dataLength: u32): void {
  charge(eventCost + (<i64>topicLength + <i64>dataLength) * eventByteCost);
  requireWritable();
  if (topicLength > MAX_TOPIC_LENGTH || dataLength > MAX_VALUE_LENGTH) misuse(CODE_VALUE_LENGTH);
  const topicBytes = (topicLength + 7) & ~7;
  requireStaged(topicBytes + ((dataLength + 7) & ~7));
  clearPadding(stagingBase, topicLength);
  clearPadding(stagingBase + topicBytes, dataLength);
  clearStaged();
  addEvent(contract, topicLength, dataLength, stagingBase);
}

/** The cursor goes to the digest, of a kind of hash.ts. */
export function hash(kind: u32, length: u32): void {
  chargeDigest(kind, length);
  takeFrom(digest(kind, unstage(length, MAX_HASHED_LENGTH, CODE_STAGED_WORDS), length), DIGEST_LENGTH);
}

/** Whether the staged bytes are a signature, the key that it is of, and the message of `length` bytes that it signs. */
export function verify(length: u32): i32 {
  chargeVerification(length);
  if (length > MAX_MESSAGE_LENGTH) misuse(CODE_STAGED_WORDS);
  return isSigned(unstage(SIGNED_LENGTH + length, MAX_HASHED_LENGTH, CODE_STAGED_WORDS), length) ? 1 : 0;
}

export function revert(length: u32): void {
  fail(REVERTED, CODE_REVERT, length);
}

export function reject(length: u32): void {
  fail(INVALID, CODE_BAD_INPUT, length);
}

function fail(status: u32, code: u32, length: u32): void {
  charge(outputCost + <i64>length * outputByteCost);
  const message = unstage(length, MAX_VALUE_LENGTH, CODE_VALUE_LENGTH);
  setFailure(status, code);
  setOutput(message, length, tried != 0);
  unwind(UNWIND_FAILURE);
}

// ---- for the code that the rewrite adds to a contract (host/wasm/memory.ts), which a contract cannot name ----

/** The call asked for more memory than a contract may have. */
export function memoryLimit(): void {
  misuse(CODE_MEMORY_LIMIT);
}

/** V8 refused memory that the contract may have. */
export function memoryRefused(): void {
  raise(FAULT_CONTRACT_MEMORY);
}
