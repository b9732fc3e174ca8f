// Decoding of a call's arguments. Input comes from anybody, so decoding is strict: it accepts exactly the bytes that
// encoding the arguments gives, and rejects everything else before the method runs. What varies in length is claimed
// from what the input has before memory is asked for, so that a call never allocates more than in proportion to its input.

import * as abi from "./abi";
import { blank, padded, takeStaticArray, takeUint8Array } from "./codec";
import { beginText, endText, takeText, writeDecimal, writeText } from "./text";

/** Bytes of the input that no argument has claimed: what strings, bytes, arrays and nullables still have to share. */
let unclaimed: i32 = 0;

/**
 * Opens the input. `leastBytes` is what the arguments take at least: the whole of it unless some of them vary in length.
 */
@inline
export function open(method: string, leastBytes: i32, varies: bool): void {
  const length = abi.input();
  if (varies) {
    if (length < leastBytes) rejectLength(method, length, leastBytes, varies);
    unclaimed = length - leastBytes;
  } else if (length != leastBytes) {
    rejectLength(method, length, leastBytes, varies);
  }
}

/** Takes one argument, or a part of one: `name` is the argument's. */
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
  if (isNullable<T>()) {
    const word = abi.take();
    if (word == 0) return changetype<T>(0);
    if (word != 1) {
      rejectArgument(method, name, "is neither null nor a value");
      return changetype<T>(0);
    }
    claim(1, least<NonNullable<T>>(), method, name);
    return changetype<T>(argument<NonNullable<T>>(method, name));
  }
  if (isString<T>()) {
    const text = takeText(claimBytes(method, name));
    if (text == null) rejectArgument(method, name, "is not UTF-8 padded with zeros");
    return changetype<T>(text);
  }
  if (isArray<T>()) return changetype<T>(arrayArgument<valueof<T>>(method, name));
  if (idof<T>() == idof<Uint8Array>() || idof<T>() == idof<StaticArray<u8>>()) {
    const length = claimBytes(method, name);
    const bytes = idof<T>() == idof<Uint8Array>() ? changetype<usize>(takeUint8Array(length)) : changetype<usize>(takeStaticArray(length));
    if (bytes == 0) rejectArgument(method, name, "is not padded with zeros");
    return changetype<T>(bytes);
  }
  const value = blank<T>();
  value.__argument(method, name);
  return value;
}

/** Ends the input of a method whose arguments vary in length. */
@inline
export function close(method: string): void {
  if (unclaimed != 0) rejectRest(method);
}

/** What another contract answered, where that is all of one value of the type that was asked for. */
let isAnswer: bool = false;

/**
 * Takes the one value that another contract answers with, in `length` bytes: from anybody as well. Where it is not a value of the type, `isWellFormed` says so, and
 * what is returned is nothing to look at.
 */
export function takeAnswer<T>(length: i32): T {
  // In the middle of the caller's own input this is not called: all arguments are decoded before the method runs.
  const rest = length - least<T>();
  isAnswer = rest >= 0;
  unclaimed = max(rest, 0);
  const value = argument<T>("", "");
  if (unclaimed != 0) isAnswer = false;
  return value;
}

/** Whether the answer taken last was a value of its type. */
@inline
export function isWellFormed(): bool {
  return isAnswer;
}

function arrayArgument<E>(method: string, name: string): Array<E> {
  const count = claim(abi.take(), least<E>(), method, name);
  const array = new Array<E>(count);
  for (let index = 0; index < count; index++) array[index] = argument<E>(method, name);
  return array;
}

/** Bytes that a value of the type takes at least. */
@inline
function least<T>(): i32 {
  if (isReference<T>()) {
    if (isNullable<T>()) return 8;
    // What does not vary in length, and classes.
    if (isDefined(changetype<T>(0).__least)) return changetype<T>(0).__least();
  }
  return 8;
}

/** Claims `bytes`, a multiple of 8, for each of `count` values, and returns the count. */
function claim(count: u64, bytes: i32, method: string, name: string): i32 {
  if (count > <u64>(unclaimed / bytes)) {
    rejectArgument(method, name, "runs past the end of the input");
    return 0;
  }
  unclaimed -= <i32>count * bytes;
  return <i32>count;
}

/** Takes a length word and claims the padded bytes. */
function claimBytes(method: string, name: string): i32 {
  const length = abi.take();
  if (length > <u64>unclaimed || padded(<i32>length) > unclaimed) {
    rejectArgument(method, name, "runs past the end of the input");
    return 0;
  }
  unclaimed -= padded(<i32>length);
  return <i32>length;
}

/** Returns where it is an answer that is taken: what comes after is then of no account, and takes no memory that the answer has no bytes for. */
function rejectArgument(method: string, name: string, problem: string): void {
  // No method: an answer, see above.
  if (method.length == 0) {
    isAnswer = false;
    return;
  }
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
