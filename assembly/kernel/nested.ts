/**
 * A call of another contract within a transaction: the function `call` of the contract interface (README.md, calls between contracts).
 *
 * The callee's call record is in the arena, in the form that the host gives a transaction's (layout.ts). What is the caller's is in the locals of `run` while the callee
 * runs, of which one is on the Wasm stack for each frame; so an unwound call leaves nothing to be put right. Invariant: where `run` returns, everything of the
 * frame is the caller's again but for the cursor, which is on the callee's output, and for gas.
 *
 * All of this is private to the worker. Of shared memory it reads the directory (directory.ts), which nobody writes while a block runs.
 */
import { setOwner } from "./accesses";
import { allocate } from "./arena";
import { callWords, contract, enterCall, isReadOnly, leaveCall } from "./context";
import { MAX_METHOD_LENGTH, findContract, findMethod } from "./directory";
import {
  FAULT_CONTRACT_MEMORY, UNWIND_ESTIMATE, UNWIND_FAILURE, UNWIND_FAULT, UNWIND_NONE, clearUnwinding, raise, unwind, unwinding,
} from "./fault";
import {
  depth, instancesInUse, isDeepest, isOnStack, noteCaller, popFrames, pushFrame, refuseConfined, runMethod, tried,
} from "./frames";
import {
  charge, gas, keptGas, lendGas, nestedByteCost, nestedCost, nestedFailureCost, nestedInstanceCost, refundFailure, returnGas, returnStack, stackLeft, takeStack,
} from "./gas";
import {
  AT_ADDRESSES, AT_CALL_BYTES, CALL_CONTRACT, CALL_INPUT, CALL_INPUT_LENGTH, CALL_SENDER, CALL_SIZE, NO_ENTRY, stagingBase,
} from "./layout";
import {
  CODE_CALL_DEPTH, CODE_CALL_MODE, CODE_REENTRANCE, CODE_STACK_LIMIT, CODE_UNKNOWN_CONTRACT, CODE_UNKNOWN_METHOD, CODE_VALUE_LENGTH, INVALID, OK, TRAPPED,
  clearOutput, eventWords, misuse, outputWords, setFailure, setOutputWords, setTrap, takeFailure,
} from "./result";
import { MAX_VALUE_LENGTH, clearPadding, clearStaged, requireStaged, takeFrom, takeNothing } from "./staging";
import { keepJournal, openJournal, undoTo } from "./undo";
import { copyWords } from "./words";

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
  requireStaged(argument - stagingBase + ((inputLength + 7) & ~7));
  clearPadding(method, methodLength);
  clearPadding(argument, inputLength);
  clearStaged();
  takeNothing();
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
  enterCall(record);
  takeNothing();
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
  leaveCall(callerWords, caller, callerIsReadOnly);
  clearStaged();
  takeFrom(<u32>output, <u32>(output >> 32));
  setOwner(caller);
  popFrames(callerDepth, callerTried);
  keepJournal(callerTried != 0);
  returnGas(kept, share);
  if (isTried && trap == 0) refundFailure();
  returnStack(stack);
  return (<u64>status << 32) | (output >> 32);
}
