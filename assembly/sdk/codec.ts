// Values as words: how keys, stored values, arguments, results and event data cross.
//
//   bool, integers   one word: 0 or 1; zero- or sign-extended
//   Address          four words
//   string, bytes    one word with the length in bytes, then the bytes (UTF-8 for strings), padded with zeros to whole words
//   a class          what its `encode(): i32` stages; `decode(): void` takes it back
//
// Everything here is resolved at compile time: `encode<u64>` is one `push`.

import { push, take } from "./abi";
import { Address, takeAddress } from "./address";
import { beginText, endText, takeText, textLength, writeText } from "./text";

/** Stages `value` and returns the number of bytes staged, a multiple of 8. */
@inline
export function encode<T>(value: T): i32 {
  if (isInteger<T>()) {
    push(<u64>value);
    return 8;
  }
  if (isString<T>()) return encodeString(<string>value);
  if (isReference<T>()) {
    if (value instanceof Uint8Array) return encodeBytes(value.dataStart, value.byteLength);
    if (value instanceof StaticArray<u8>) return encodeBytes(changetype<usize>(value), value.length);
    if (isDefined(value.encode)) return value.encode();
  }
  ERROR("only bool, integers, Address, string, Uint8Array, StaticArray<u8> and classes with encode() and decode() can be stored or sent");
}

/** Takes a value that `encode` staged. Not for input: see method.ts, which trusts nothing. */
@inline
export function decode<T>(): T {
  if (isBoolean<T>()) return <T>(take() != 0);
  if (isInteger<T>()) return <T>take();
  if (isString<T>()) return <T>decodeString();
  if (isReference<T>()) {
    if (idof<T>() == idof<Address>()) return changetype<T>(takeAddress());
    if (idof<T>() == idof<Uint8Array>()) return changetype<T>(takeUint8Array(<i32>take()));
    if (idof<T>() == idof<StaticArray<u8>>()) return changetype<T>(takeStaticArray(<i32>take()));
    const value = instantiate<T>();
    value.decode();
    return value;
  }
  ERROR("only bool, integers, Address, string, Uint8Array, StaticArray<u8> and classes with encode() and decode() can be stored or sent");
}

/** What a location without a value reads as: 0, false, "", no bytes, the zero address, a new object. */
@inline
export function absent<T>(): T {
  if (isInteger<T>()) return <T>0;
  if (isString<T>()) return changetype<T>("");
  if (isReference<T>()) {
    if (idof<T>() == idof<Uint8Array>()) return changetype<T>(new Uint8Array(0));
    if (idof<T>() == idof<StaticArray<u8>>()) return changetype<T>(new StaticArray<u8>(0));
    return instantiate<T>();
  }
  ERROR("only bool, integers, Address, string, Uint8Array, StaticArray<u8> and classes with encode() and decode() can be stored or sent");
}

/** Bytes that `length` bytes take when padded to whole words. */
@inline
export function padded(length: i32): i32 {
  return (length + 7) & ~7;
}

function encodeString(text: string): i32 {
  push(textLength(text));
  beginText();
  writeText(text);
  return 8 + padded(endText());
}

function decodeString(): string {
  const text = takeText(<i32>take());
  // Only this contract wrote it: not text means that an upgrade changed the type.
  return assert(text, "the stored value is not a string");
}

function encodeBytes(pointer: usize, length: i32): i32 {
  push(length);
  stageBytes(pointer, length);
  return 8 + padded(length);
}

/** Stages `length` bytes, padded with zeros, and nothing else. */
export function stageBytes(pointer: usize, length: i32): void {
  const whole = length & ~7;
  for (let offset = 0; offset < whole; offset += 8) push(load<u64>(pointer + offset));
  if (whole < length) {
    let last: u64 = 0;
    for (let offset = whole; offset < length; offset++) last |= <u64>load<u8>(pointer + offset) << ((offset & 7) << 3);
    push(last);
  }
}

/** Takes `length` bytes and the padding to `pointer`. Returns false where the padding is not zero. */
function takeBytes(pointer: usize, length: i32): bool {
  const whole = length & ~7;
  for (let offset = 0; offset < whole; offset += 8) store<u64>(pointer + offset, take());
  if (whole == length) return true;
  let last = take();
  for (let offset = whole; offset < length; offset++) {
    store<u8>(pointer + offset, <u8>last);
    last >>= 8;
  }
  return last == 0;
}

/** Takes `length` bytes; null where the padding is not zero. */
export function takeUint8Array(length: i32): Uint8Array | null {
  const bytes = new Uint8Array(length);
  return takeBytes(bytes.dataStart, length) ? bytes : null;
}

/** Takes `length` bytes; null where the padding is not zero. */
export function takeStaticArray(length: i32): StaticArray<u8> | null {
  const bytes = new StaticArray<u8>(length);
  return takeBytes(changetype<usize>(bytes), length) ? bytes : null;
}
