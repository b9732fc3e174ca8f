/**
 * The contract interface, version 1 (assembly/sdk/README.md): the functions that a contract is given, and no others.
 *
 * Words go one way through the staging area (`push`, then an operation that takes what was pushed), and the other way
 * through the take cursor (an operation sets it, then `take`). Nothing here is shared between workers. A contract
 * gets numbers only: a slot that it makes up, or words that do not fit the length it gives, end its call.
 */
import { setOwner, slotOf } from "./accesses";
import { allocate } from "./arena";
import { MAX_METHOD_LENGTH, findContract, findMethod } from "./directory";
import {
  FAULT_CONTRACT_MEMORY, UNWIND_ESTIMATE, UNWIND_FAILURE, UNWIND_FAULT, UNWIND_NONE, clearUnwinding, raise, unwind, unwinding,
} from "./fault";
import {
  beginFrames, depth, instancesInUse, isDeepest, isOnStack, noteCaller, popFrames, pushFrame, refuseConfined, runMethod, tried,
} from "./frames";
import {
  charge, countCost, eventByteCost, eventCost, gas, hasCost, keptGas, keyByteCost, lendGas, lookupCost, nestedByteCost, nestedCost,
  nestedFailureCost, nestedInstanceCost, outputByteCost, outputCost, readByteCost, readCost, refundFailure, removeCost, returnGas, returnStack, stackLeft, takeStack, writeCost, writtenByteCost,
} from "./gas";
import {
  DIGEST_LENGTH, MAX_HASHED_LENGTH, MAX_MESSAGE_LENGTH, SIGNED_LENGTH, chargeDigest, chargeVerification, digest, isSigned,
} from "./hash";
import { MAX_KEY_LENGTH } from "./keys";
import {
  ABSENT, AT_ADDRESSES, AT_CALL_BYTES, AT_CHAIN_ID, AT_HEIGHT, AT_SEED, AT_TIMESTAMP, CALL_CONTRACT, CALL_INPUT, CALL_INPUT_LENGTH,
  CALL_SENDER, CALL_SIZE, NO_ENTRY, STAGED_CAPACITY, stagingBase,
} from "./layout";
import {
  CODE_BAD_INPUT, CODE_CALL_DEPTH, CODE_CALL_MODE, CODE_KEY_LENGTH, CODE_MEMORY_LIMIT, CODE_READ_ONLY, CODE_REENTRANCE, CODE_REVERT, CODE_STACK_LIMIT, CODE_STAGED_WORDS,
  CODE_UNKNOWN_CONTRACT, CODE_UNKNOWN_METHOD, CODE_VALUE_LENGTH, INVALID, OK, REVERTED, TRAPPED, addEvent, clearOutput, eventWords, misuse, outputWords,
  setFailure, setOutput, setOutputWords, setTrap, takeFailure,
} from "./result";
import { keepJournal, openJournal, undoTo } from "./undo";
import { addAtSlot, readSlot, writeSlot } from "./view";
import { copyWords } from "./words";

export const MAX_VALUE_LENGTH: u32 = 65536;
export const MAX_TOPIC_LENGTH: u32 = 256;

/** End of the pushed words. */
let staged: usize = 0;
let takeCursor: usize = 0;
let takeEnd: usize = 0;
let callWords: usize = 0;
let contract: u32 = 0;
/** The call may not change anything any more. */
let isReadOnly: bool = false;

export function beginContract(callAddress: usize): void {
  staged = stagingBase;
  takeCursor = 0;
  takeEnd = 0;
  callWords = callAddress;
  contract = load<u32>(callAddress, CALL_CONTRACT);
  isReadOnly = false;
  beginFrames();
}

/** Before whatever stores or announces. */
@inline
function requireWritable(): void {
  if (isReadOnly) misuse(CODE_READ_ONLY);
}

@inline
function takeFrom(bytes: usize, length: u32): void {
  takeCursor = bytes;
  takeEnd = bytes + ((length + 7) & ~7);
}

/** Clear the bytes of the last word at `bytes` that are past `length`. */
@inline
function clearPadding(bytes: usize, length: u32): void {
  const odd = length & 7;
  if (odd != 0) {
    const last = bytes + (length & ~7);
    store<u64>(last, load<u64>(last) & (((<u64>1) << (odd << 3)) - 1));
  }
}

/** Take all pushed words as `length` bytes. */
@inline
function unstage(length: u32, longest: u32, tooLong: u32): usize {
  if (length > longest) misuse(tooLong);
  if (staged - stagingBase != ((length + 7) & ~7)) misuse(CODE_STAGED_WORDS);
  clearPadding(stagingBase, length);
  staged = stagingBase;
  return stagingBase;
}

export function push(word: u64): void {
  const at = staged;
  if (at - stagingBase == STAGED_CAPACITY) misuse(CODE_STAGED_WORDS);
  store<u64>(at, word);
  staged = at + 8;
}

/** Four words at once, which an address is: crossing into another module takes longer than storing a word. */
export function push4(word0: u64, word1: u64, word2: u64, word3: u64): void {
  const at = staged;
  if (at - stagingBase > STAGED_CAPACITY - 32) misuse(CODE_STAGED_WORDS);
  store<u64>(at, word0);
  store<u64>(at, word1, 8);
  store<u64>(at, word2, 16);
  store<u64>(at, word3, 24);
  staged = at + 32;
}

export function take(): u64 {
  const at = takeCursor;
  if (at == takeEnd) return 0;
  takeCursor = at + 8;
  return load<u64>(at);
}

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
    takeEnd = takeCursor;
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

export function input(): i32 {
  const length = load<u32>(callWords, CALL_INPUT_LENGTH);
  takeFrom(<usize>load<u32>(AT_CALL_BYTES) + load<u32>(callWords, CALL_INPUT), length);
  return length;
}

export function output(length: u32): void {
  charge(outputCost + <i64>length * outputByteCost);
  setOutput(unstage(length, MAX_VALUE_LENGTH, CODE_VALUE_LENGTH), length, depth != 0);
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

export function event(topicLength: u32, dataLength: u32): void {
  charge(eventCost + (<i64>topicLength + <i64>dataLength) * eventByteCost);
  requireWritable();
  if (topicLength > MAX_TOPIC_LENGTH || dataLength > MAX_VALUE_LENGTH) misuse(CODE_VALUE_LENGTH);
  const topicBytes = (topicLength + 7) & ~7;
  if (staged - stagingBase != topicBytes + ((dataLength + 7) & ~7)) misuse(CODE_STAGED_WORDS);
  clearPadding(stagingBase, topicLength);
  clearPadding(stagingBase + topicBytes, dataLength);
  staged = stagingBase;
  addEvent(contract, topicLength, dataLength, stagingBase);
}

/** From here on the call may not store, remove, count or announce. */
export function readonly(): void {
  isReadOnly = true;
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

// ---- calls of other contracts ----

/** A failure of the other contract is told to this one, and does not end it. */
const TRIED: u32 = 1;

/**
 * Call another contract: the staged words are its address, the method's name and the input. Returns {status, length}, with the cursor on the output, or on
 * the message of the failure.
 */
export function call(methodLength: u32, inputLength: u32, mode: u32): u64 {
  charge(nestedCost + <i64>inputLength * nestedByteCost);
  if (mode > TRIED) misuse(CODE_CALL_MODE);
  if (methodLength > MAX_METHOD_LENGTH || inputLength > MAX_VALUE_LENGTH) misuse(CODE_VALUE_LENGTH);
  const method = stagingBase + 32;
  const argument = method + ((methodLength + 7) & ~7);
  if (staged != argument + ((inputLength + 7) & ~7)) misuse(CODE_STAGED_WORDS);
  clearPadding(method, methodLength);
  clearPadding(argument, inputLength);
  staged = stagingBase;
  takeEnd = takeCursor;
  const isTried = mode == TRIED;

  const found = findContract(stagingBase);
  if (found == 0) return refuse(isTried, INVALID, CODE_UNKNOWN_CONTRACT);
  const target = <u32>found - 1;
  const code = <u32>(found >> 32);
  const entry = findMethod(code, method, methodLength);
  if (entry == NO_ENTRY) return refuse(isTried, INVALID, CODE_UNKNOWN_METHOD);
  noteCaller(contract);
  if (isOnStack(target)) return refuse(isTried, TRAPPED, CODE_REENTRANCE);
  if (isDeepest()) return refuse(isTried, TRAPPED, CODE_CALL_DEPTH);
  const stack = stackLeft;
  if (!takeStack()) {
    refuseConfined();
    return refuse(isTried, TRAPPED, CODE_STACK_LIMIT);
  }
  const position = instancesInUse(code);
  // The driver may have to make it, and keeps only so many.
  if (position > 0) charge(nestedInstanceCost);
  return run(newCall(target, argument, inputLength), entry, position, code, stack, isTried);
}

/** A call that does not come to run its method. */
function refuse(isTried: bool, status: u32, code: u32): u64 {
  if (isTried) return <u64>status << 32;
  setFailure(status, code);
  unwind(UNWIND_FAILURE);
  return 0;
}

/** What the host writes of a transaction's call, of one that the running contract makes: the input follows. */
function newCall(target: u32, argument: usize, inputLength: u32): usize {
  const padded = (inputLength + 7) & ~7;
  const record = allocate(CALL_SIZE + padded);
  const input = record + CALL_SIZE;
  const bytes: usize = load<u32>(AT_CALL_BYTES);
  copyWords(input, argument, padded);
  store<u32>(record, target, CALL_CONTRACT);
  // Places are counted from where a block's inputs are, round the end of the memory.
  store<u32>(record, <u32>(input - bytes), CALL_INPUT);
  store<u32>(record, inputLength, CALL_INPUT_LENGTH);
  store<u32>(record, <u32>(<usize>load<u32>(AT_ADDRESSES) + (<usize>contract << 5) - bytes), CALL_SENDER);
  return record;
}

/** Run a method as a frame of its own. All of the caller's is in the locals here meanwhile, and put back where the caller goes on. */
function run(record: usize, entry: u32, position: u32, code: u32, stack: i32, isTried: bool): u64 {
  // Before anything of the callee's: whatever it uses, its caller has enough to be told.
  if (isTried) charge(nestedFailureCost);
  const callerWords = callWords;
  const caller = contract;
  const callerDepth = depth;
  const callerTried = tried;
  const callerIsReadOnly = isReadOnly;
  const callerOutput = outputWords();
  const events = eventWords();
  const kept = keptGas;
  const share = lendGas();
  const mark = isTried ? openJournal() : 0;
  callWords = record;
  contract = load<u32>(record, CALL_CONTRACT);
  takeCursor = takeEnd = 0;
  clearOutput();
  setOwner(contract);
  pushFrame(contract, code, isTried);

  const trap = runMethod(entry, position, isTried);
  if (trap < 0) raise(FAULT_CONTRACT_MEMORY);
  let status = OK;
  if (trap != 0) {
    if (unwinding == UNWIND_ESTIMATE || unwinding == UNWIND_FAULT) unreachable();
    if (gas < 0 || stackLeft < 0) refuseConfined();
    if (unwinding == UNWIND_NONE) setTrap(gas < 0, stackLeft < 0, trap);
    clearUnwinding();
    undoTo(mark);
    status = takeFailure(events);
  }

  const output = outputWords();
  setOutputWords(callerOutput);
  callWords = callerWords;
  contract = caller;
  isReadOnly = callerIsReadOnly;
  staged = stagingBase;
  takeFrom(<u32>output, <u32>(output >> 32));
  setOwner(caller);
  popFrames(callerDepth, callerTried);
  keepJournal(callerTried != 0);
  returnGas(kept, share);
  if (isTried && trap == 0) refundFailure();
  returnStack(stack);
  return (<u64>status << 32) | (output >> 32);
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
