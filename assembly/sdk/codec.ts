// Values as words: how keys, stored values, arguments, results and event data cross.
//
//   bool, integers   one word: 0 or 1; zero- or sign-extended
//   Address          four words
//   u128, u256       two and four words, the low one first
//   string, bytes    one word with the length in bytes, then the bytes (UTF-8 for strings), padded with zeros to whole words
//   Array<T>         one word with the count, then the elements
//   T | null         the word 0; or the word 1, then the value
//   a class          its fields, in order. The compiler writes the members that do it, see host/contract/structs.ts:
//                    `__encode(): i32`, `__decode(): void`, `__argument(method, name): void`, `__least(): i32`, and
//                    `__absent(): void` where the class cannot be constructed without arguments
//
// Everything here is resolved at compile time: `encode<u64>` is one `push`.

import { push, take } from "./abi";
import { beginText, endText, takeText, textLength, writeText } from "./text";

// What the compiler's code in a contract's files is made of, where an author's names may hide AssemblyScript's.
export { changetype, memory, offsetof, store };

/** Stages `value` and returns the number of bytes staged, a multiple of 8. */
@inline
export function encode<T>(value: T): i32 {
  if (isInteger<T>()) {
    push(<u64>value);
    return 8;
  }
  if (isReference<T>()) {
    if (isNullable<T>()) {
      if (changetype<usize>(value) == 0) {
        push(0);
        return 8;
      }
      push(1);
      return 8 + encode<NonNullable<T>>(changetype<NonNullable<T>>(value));
    }
    if (isString<T>()) return encodeString(<string>value);
    if (isArray<T>()) return encodeArray<valueof<T>>(changetype<Array<valueof<T>>>(value));
    if (value instanceof Uint8Array) return encodeBytes(value.dataStart, value.byteLength);
    if (value instanceof StaticArray<u8>) return encodeBytes(changetype<usize>(value), value.length);
    if (isDefined(value.__encode)) return value.__encode();
  }
  ERROR("only bool, integers, u128, u256, Address, string, Uint8Array, StaticArray<u8>, classes with fields of such types, and arrays and nullables of them can be stored or sent");
}

/** Takes a value that `encode` staged. Not for input: see input.ts, which trusts nothing. */
@inline
export function decode<T>(): T {
  if (isBoolean<T>()) return <T>(take() != 0);
  if (isInteger<T>()) return <T>take();
  if (isReference<T>()) {
    if (isNullable<T>()) return take() == 0 ? changetype<T>(0) : changetype<T>(decode<NonNullable<T>>());
    if (isString<T>()) return changetype<T>(decodeString());
    if (isArray<T>()) return changetype<T>(decodeArray<valueof<T>>());
    if (idof<T>() == idof<Uint8Array>()) return changetype<T>(takeUint8Array(<i32>take()));
    if (idof<T>() == idof<StaticArray<u8>>()) return changetype<T>(takeStaticArray(<i32>take()));
    const value = blank<T>();
    if (isDefined(value.__decode)) {
      value.__decode();
      return value;
    }
  }
  ERROR("only bool, integers, u128, u256, Address, string, Uint8Array, StaticArray<u8>, classes with fields of such types, and arrays and nullables of them can be stored or sent");
}

/** What a location without a value reads as: 0, false, "", no bytes, the zero address, null, no elements, a new object. */
@inline
export function absent<T>(): T {
  if (isInteger<T>()) return <T>0;
  if (isReference<T>()) {
    if (isNullable<T>()) return changetype<T>(0);
    if (isString<T>()) return changetype<T>("");
    if (idof<T>() == idof<Uint8Array>()) return changetype<T>(new Uint8Array(0));
    if (idof<T>() == idof<StaticArray<u8>>()) return changetype<T>(new StaticArray<u8>(0));
    if (isDefined(changetype<T>(0).__absent)) {
      const value = blank<T>();
      value.__absent();
      return value;
    }
    return instantiate<T>();
  }
  ERROR("only bool, integers, u128, u256, Address, string, Uint8Array, StaticArray<u8>, classes with fields of such types, and arrays and nullables of them can be stored or sent");
}

/** An object whose fields are not set yet: its constructor does not run. */
@inline
export function blank<T>(): T {
  return changetype<T>(__new(offsetof<T>(), idof<T>()));
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

function encodeArray<E>(array: Array<E>): i32 {
  const count = array.length;
  push(count);
  let bytes = 8;
  for (let index = 0; index < count; index++) bytes += encode<E>(array[index]);
  return bytes;
}

function decodeArray<E>(): Array<E> {
  const count = <i32>take();
  const array = new Array<E>(count);
  for (let index = 0; index < count; index++) array[index] = decode<E>();
  return array;
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
