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
// What another contract answers comes from anybody: it is decoded as strictly as input is, and ends the caller where it is not what was expected.

import * as abi from "./abi";
import { Address } from "./address";
import { absent } from "./codec";
import { answer } from "./input";
import { beginText, endText, takeText, writeText } from "./text";

/** How a call ended: the status in its receipt, were it a transaction's. */
export enum CallStatus {
  Ok,
  Reverted,
  Trapped,
  Invalid,
  OutOfGas,
}

const tell = 0;
const tried = 1;

/** What became of a call that gives nothing back. */
export class CallOutcome {
  constructor(
    readonly status: CallStatus,
    /** What the contract said as it failed; empty where it said nothing. */
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

/** Calls what is staged. Where that fails, everything it has written and announced is undone, and the result says how it failed. */
export function tryCall<T>(methodLength: i32, inputLength: i32): CallResult<T> {
  const ended = abi.call(methodLength, inputLength, tried);
  const status = <CallStatus>(<i32>(ended >> 32));
  if (status == CallStatus.Ok) return new CallResult<T>(status, "", answer<T>(<i32>ended));
  return new CallResult<T>(status, takeMessage(<i32>ended), absent<T>());
}

/** The same of a method that gives nothing back. */
export function tryCallVoid(methodLength: i32, inputLength: i32): CallOutcome {
  const ended = abi.call(methodLength, inputLength, tried);
  const status = <CallStatus>(<i32>(ended >> 32));
  return new CallOutcome(status, status == CallStatus.Ok ? "" : takeMessage(<i32>ended));
}

/** Not text: a contract can say anything. */
function takeMessage(length: i32): string {
  const text = takeText(length);
  return text == null ? "" : text!;
}
