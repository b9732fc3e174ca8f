// Calls of other contracts, in the words of the interface: what the generated stubs are made of. A stub's method reads:
//
//   transfer(to: Address, amount: u64): bool {
//     stageTarget(this.address);
//     push(0x726566736e617274); // "transfer"
//     return call<bool>(8, encode<Address>(to) + encode<u64>(amount));
//   }
//
//   tryTransfer(to: Address, amount: u64): CallResult<bool> {
//     stageTarget(this.address);
//     push(0x726566736e617274);
//     return tryCall<bool>(8, encode<Address>(to) + encode<u64>(amount));
//   }
//
// What another contract answers comes from anybody: it is decoded as strictly as input is. Where it is not what was expected, `call` reverts and `tryCall` says so.

import * as abi from "./abi";
import { Address } from "./address";
import { absent } from "./codec";
import { isWellFormed, takeAnswer } from "./input";
import { revert } from "./revert";
import { beginText, endText, takeText, writeText } from "./text";

/** How a call ended: the status in its receipt, were it a transaction's; or that what it gave is no value of the type that was asked for. */
export enum CallStatus {
  Ok,
  Reverted,
  Trapped,
  Invalid,
  OutOfGas,
  /** The call did end well, and what it wrote stays. */
  Malformed,
}

const tell = 0;
const tried = 1;

/** No constant: its text would be in every contract's memory, and not only where it is used. */
function malformed(): string {
  return "the contract called gave another type of value";
}

/** What became of a call that gives nothing back. */
export class CallOutcome {
  constructor(
    readonly status: CallStatus,
    /** What the contract said as it failed, or what is wrong with its answer; empty where it said nothing. */
    readonly message: string,
  ) {}

  @inline
  get ok(): bool {
    return this.status == CallStatus.Ok;
  }
}

/** What became of a call, with what it gave. */
export class CallResult<T> extends CallOutcome {
  constructor(
    status: CallStatus,
    message: string,
    /** 0, false, "" and the like where the call failed. */
    readonly value: T,
  ) {
    super(status, message);
  }
}

/** Stages the contract to call. Its method and its input follow. */
@inline
export function stageTarget(address: Address): void {
  abi.push4(address.word0, address.word1, address.word2, address.word3);
}

/** Stages a method's name and returns its length in bytes. To push its words costs less, where they are known beforehand. */
export function stageMethod(name: string): i32 {
  beginText();
  writeText(name);
  return endText();
}

/** Calls what is staged. Where that fails, so does this call, in the same way. */
@inline
export function call<T>(methodLength: i32, inputLength: i32): T {
  return answer<T>(<i32>abi.call(methodLength, inputLength, tell));
}

/** The same of a method that gives nothing back. */
@inline
export function callVoid(methodLength: i32, inputLength: i32): void {
  abi.call(methodLength, inputLength, tell);
}

/**
 * Calls what is staged. Where that fails, everything it has written and announced is undone, and the result says how it failed. Where it ends well and gives something
 * else than was asked for, the status is `Malformed` and nothing is undone.
 */
export function tryCall<T>(methodLength: i32, inputLength: i32): CallResult<T> {
  const ended = abi.call(methodLength, inputLength, tried);
  const status = <CallStatus>(<i32>(ended >> 32));
  if (status != CallStatus.Ok) return new CallResult<T>(status, takeMessage(<i32>ended), absent<T>());
  const value = takeAnswer<T>(<i32>ended);
  if (isWellFormed()) return new CallResult<T>(status, "", value);
  return new CallResult<T>(CallStatus.Malformed, malformed(), absent<T>());
}

/** The same of a method that gives nothing back. */
export function tryCallVoid(methodLength: i32, inputLength: i32): CallOutcome {
  const ended = abi.call(methodLength, inputLength, tried);
  const status = <CallStatus>(<i32>(ended >> 32));
  return new CallOutcome(status, status == CallStatus.Ok ? "" : takeMessage(<i32>ended));
}

function answer<T>(length: i32): T {
  const value = takeAnswer<T>(length);
  if (!isWellFormed()) revert(malformed());
  return value;
}

/** Not text: a contract can say anything. */
function takeMessage(length: i32): string {
  const text = takeText(length);
  return text == null ? "" : text!;
}
