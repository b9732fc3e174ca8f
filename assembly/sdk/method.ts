// What the compiler's method wrappers are made of. A wrapper of `transfer(to: Address, amount: u64): bool` reads:
//
//   export function transfer(): void {
//     enter();
//     open("transfer", 40, false);
//     const to = argument<Address>("transfer", "to");
//     const amount = argument<u64>("transfer", "amount");
//     result<bool>(contract.transfer(to, amount));
//   }
//
// Input comes from anybody, so decoding is strict: it accepts exactly the bytes that encoding the arguments gives, and
// rejects everything else before the method runs.

// Makes the compiler find the function it is told to call for `assert` and `throw`.
import "./abort";
import * as abi from "./abi";
import { Address, takeAddress } from "./address";
import { encode, padded, takeStaticArray, takeUint8Array } from "./codec";
import { beginText, endText, takeText, writeDecimal, writeText } from "./text";

export { enter } from "./runtime";

/** Bytes of the input that no argument has claimed: what strings and byte arrays still have to share. */
let unclaimed: i32 = 0;

/**
 * Opens the input. `fixedBytes` is what the arguments take at least: the whole of it unless some of them vary in length.
 */
@inline
export function open(method: string, fixedBytes: i32, varies: bool): void {
  const length = abi.input();
  if (varies) {
    if (length < fixedBytes) rejectLength(method, length, fixedBytes, varies);
    unclaimed = length - fixedBytes;
  } else if (length != fixedBytes) {
    rejectLength(method, length, fixedBytes, varies);
  }
}

/** Takes one argument. */
@inline
export function argument<T>(method: string, name: string): T {
  if (isInteger<T>()) {
    const word = abi.take();
    if (isBoolean<T>()) {
      if (word > 1) rejectArgument(method, name, "is not a bool");
    } else if (sizeof<T>() < 8) {
      if (word != <u64>(<T>word)) rejectArgument(method, name, "is out of range");
    }
    return <T>word;
  }
  if (isString<T>()) {
    const text = takeText(claim(method, name));
    if (text == null) rejectArgument(method, name, "is not UTF-8 padded with zeros");
    return <T>text!;
  }
  if (idof<T>() == idof<Address>()) return changetype<T>(takeAddress());
  const length = claim(method, name);
  const bytes = idof<T>() == idof<Uint8Array>() ? changetype<T | null>(takeUint8Array(length)) : changetype<T | null>(takeStaticArray(length));
  if (bytes == null) rejectArgument(method, name, "is not padded with zeros");
  return bytes!;
}

/** Ends the input of a method whose arguments vary in length. */
@inline
export function close(method: string): void {
  if (unclaimed != 0) rejectRest(method);
}

/** Makes `value` the call's output. */
@inline
export function result<T>(value: T): void {
  abi.output(encode<T>(value));
}

/** Takes a length word and claims the padded bytes. */
function claim(method: string, name: string): i32 {
  const length = abi.take();
  if (length > <u64>unclaimed || padded(<i32>length) > unclaimed) {
    rejectArgument(method, name, "runs past the end of the input");
  }
  unclaimed -= padded(<i32>length);
  return <i32>length;
}

function rejectArgument(method: string, name: string, problem: string): void {
  beginText();
  writeText(method);
  writeText(": argument \"");
  writeText(name);
  writeText("\" ");
  writeText(problem);
  abi.reject(endText());
  unreachable();
}

function rejectLength(method: string, length: i32, expected: i32, varies: bool): void {
  beginText();
  writeText(method);
  writeText(varies ? ": the arguments take at least " : ": the arguments take ");
  writeDecimal(expected);
  writeText(" bytes, the input has ");
  writeDecimal(length);
  abi.reject(endText());
  unreachable();
}

function rejectRest(method: string): void {
  beginText();
  writeText(method);
  writeText(": ");
  writeDecimal(unclaimed);
  writeText(" bytes follow the arguments");
  abi.reject(endText());
  unreachable();
}
