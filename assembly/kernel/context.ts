/**
 * What a running contract is told of its call and of the block, and whether it may still change anything.
 *
 * Reads the call record (layout.ts), which the host writes for a transaction and nested.ts for a call within one, and the header: nobody changes either once a call
 * of them runs. What is declared here is of the frame that runs, and private to the worker; nested.ts keeps the caller's and puts it back.
 */
import { beginFrames } from "./frames";
import {
  AT_ADDRESSES, AT_CALL_BYTES, AT_CHAIN_ID, AT_HEIGHT, AT_SEED, AT_TIMESTAMP, CALL_CONTRACT, CALL_INPUT, CALL_INPUT_LENGTH, CALL_SENDER,
} from "./layout";
import { CODE_READ_ONLY, misuse } from "./result";
import { beginStaging, takeFrom } from "./staging";

/** The call record. */
export let callWords: usize = 0;
/** The contract that runs. */
export let contract: u32 = 0;
/** The call may not change anything any more. */
export let isReadOnly: bool = false;

/** A transaction's call begins. */
export function beginContext(callAddress: usize): void {
  beginStaging();
  callWords = callAddress;
  contract = load<u32>(callAddress, CALL_CONTRACT);
  isReadOnly = false;
  beginFrames();
}

/** A call within the call begins. What its caller may not do, it may not either. */
@inline
export function enterCall(record: usize): void {
  callWords = record;
  contract = load<u32>(record, CALL_CONTRACT);
}

/** The caller goes on. */
@inline
export function leaveCall(callerWords: usize, caller: u32, callerIsReadOnly: bool): void {
  callWords = callerWords;
  contract = caller;
  isReadOnly = callerIsReadOnly;
}

/** Before whatever stores or announces. */
@inline
export function requireWritable(): void {
  if (isReadOnly) misuse(CODE_READ_ONLY);
}

export function input(): i32 {
  const length = load<u32>(callWords, CALL_INPUT_LENGTH);
  takeFrom(<usize>load<u32>(AT_CALL_BYTES) + load<u32>(callWords, CALL_INPUT), length);
  return length;
}

export function sender(): void {
  takeFrom(<usize>load<u32>(AT_CALL_BYTES) + load<u32>(callWords, CALL_SENDER), 32);
}

export function self(): void {
  takeFrom(<usize>load<u32>(AT_ADDRESSES) + (<usize>contract << 5), 32);
}

export function height(): u64 {
  return load<u64>(AT_HEIGHT);
}

export function timestamp(): u64 {
  return load<u64>(AT_TIMESTAMP);
}

export function chainId(): u64 {
  return load<u64>(AT_CHAIN_ID);
}

export function seed(): void {
  takeFrom(AT_SEED, 32);
}

/** From here on the call may not store, remove, count or announce. */
export function readonly(): void {
  isReadOnly = true;
}
