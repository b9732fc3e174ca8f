// Arguments and results as words: 8 bytes, little-endian. The counterpart of assembly/sdk/codec.ts and method.ts; the
// format is specified in assembly/sdk/README.md. Decoding is strict and canonical: it accepts exactly what encoding gives.

import { MisuseError } from '../runtime/errors.js';
import type { ContractInterface, MethodInterface, ValueType } from './interface.js';

/**
 * A decoded value: bool as boolean; u8 to u32 and i8 to i32 as number; u64 and i64 as bigint; address as 32 bytes; string
 * as string; bytes as Uint8Array.
 */
export type Value = boolean | number | bigint | string | Uint8Array;

/** Bits of each integer type; signed ones start with an i. */
const integerBits = { u8: 8, u16: 16, u32: 32, u64: 64, i8: 8, i16: 16, i32: 32, i64: 64 } as const;

type IntegerType = keyof typeof integerBits;

const textEncoder = new TextEncoder();
const textDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * Encodes a call's named arguments.
 *
 * Integers are numbers (safe integers), bigints or decimal strings; addresses 32 bytes or "0x" with 64 or 40 hexadecimal
 * digits (40: the last 20 bytes); bytes a Uint8Array or "0x" with hexadecimal digits.
 * @throws MisuseError `ERR_ARGUMENT` naming the method, the argument and what was found.
 */
export function encodeInput(
  contract: ContractInterface,
  method: string,
  args: Readonly<Record<string, unknown>> = {},
): Uint8Array {
  const { name, inputs } = findMethod(contract, method);
  const place = `${contract.name}.${name}`;
  for (const given of Object.keys(args)) {
    if (!inputs.some((input) => input.name === given)) refuse(place, `has no argument "${given}"; ${listOf(inputs)}`);
  }
  const words: Word[] = [];
  for (const input of inputs) {
    // Own properties only: an argument may be called "constructor".
    if (!Object.hasOwn(args, input.name)) refuse(place, `argument "${input.name}" (${input.type}) is missing`);
    appendWords(words, input.type, args[input.name], `${place}: argument "${input.name}"`);
  }
  return layOut(words);
}

/**
 * Decodes a call's arguments, by name.
 * @throws MisuseError `ERR_ARGUMENT` where `bytes` is not exactly what `encodeInput` gives.
 */
export function decodeInput(contract: ContractInterface, method: string, bytes: Uint8Array): Record<string, Value> {
  const { name, inputs } = findMethod(contract, method);
  const reader = new WordReader(bytes, `${contract.name}.${name}: the input`);
  const args = inputs.map((input) => [input.name, reader.take(input.type)] as const);
  reader.end();
  return Object.fromEntries(args);
}

/**
 * Decodes what a call that ended `ok` gave back; undefined for a method without a result.
 * @throws MisuseError `ERR_ARGUMENT` where `bytes` is not exactly one value of the method's output type.
 */
export function decodeOutput(contract: ContractInterface, method: string, bytes: Uint8Array): Value | undefined {
  const { name, output } = findMethod(contract, method);
  const reader = new WordReader(bytes, `${contract.name}.${name}: the output`);
  const value = output === null ? undefined : reader.take(output);
  reader.end();
  return value;
}

/**
 * Encodes one value: a part of a storage key, a stored value, an event's data.
 * @throws MisuseError `ERR_ARGUMENT`.
 */
export function encodeValue(type: ValueType, value: unknown): Uint8Array {
  const words: Word[] = [];
  appendWords(words, type, value, 'the value');
  return layOut(words);
}

/**
 * Decodes values that follow one another, such as an event's data.
 * @throws MisuseError `ERR_ARGUMENT` where `bytes` is not exactly values of these types.
 */
export function decodeValues(types: readonly ValueType[], bytes: Uint8Array): Value[] {
  const reader = new WordReader(bytes, 'the data');
  const values = types.map((type) => reader.take(type));
  reader.end();
  return values;
}

/** An integer is one word; bytes are padded with zeros to whole words. */
type Word = bigint | Uint8Array;

function findMethod(contract: ContractInterface, name: string): MethodInterface {
  const method = contract.methods.find((candidate) => candidate.name === name);
  return method ?? refuse(contract.name, `has no method "${name}"; ${listOf(contract.methods)}`);
}

function listOf(items: readonly { readonly name: string }[]): string {
  return items.length === 0 ? 'it has none' : `it has ${items.map((item) => `"${item.name}"`).join(', ')}`;
}

function appendWords(words: Word[], type: ValueType, value: unknown, place: string): void {
  switch (type) {
    case 'bool':
      if (typeof value !== 'boolean') mismatch(place, 'true or false', value);
      words.push(value ? 1n : 0n);
      return;
    case 'address':
      words.push(addressBytes(value, place));
      return;
    case 'string': {
      if (typeof value !== 'string') mismatch(place, 'a string', value);
      if (!value.isWellFormed()) mismatch(place, 'a string without half surrogate pairs', value);
      const encoded = textEncoder.encode(value);
      words.push(BigInt(encoded.length), encoded);
      return;
    }
    case 'bytes': {
      const bytes = value instanceof Uint8Array ? value : hexBytes(value);
      if (bytes === undefined) mismatch(place, 'a Uint8Array or "0x" with an even number of hexadecimal digits', value);
      words.push(BigInt(bytes.length), bytes);
      return;
    }
    default:
      words.push(integer(type, value, place));
  }
}

function integer(type: IntegerType, value: unknown, place: string): bigint {
  let number: bigint;
  if (typeof value === 'bigint') number = value;
  else if (typeof value === 'number' && Number.isSafeInteger(value)) number = BigInt(value);
  else if (typeof value === 'string' && /^(0|-?[1-9][0-9]{0,19})$/.test(value)) number = BigInt(value);
  else return mismatch(place, `a ${type}: a whole number, or one as a decimal string`, value);
  if (!inRange(type, number)) mismatch(place, `a ${type}`, value);
  return number;
}

function inRange(type: IntegerType, number: bigint): boolean {
  const bits = integerBits[type];
  return number === (isSigned(type) ? BigInt.asIntN(bits, number) : BigInt.asUintN(bits, number));
}

function isSigned(type: IntegerType): boolean {
  return type.startsWith('i');
}

function addressBytes(value: unknown, place: string): Uint8Array {
  if (value instanceof Uint8Array && value.length === 32) return value;
  const bytes = hexBytes(value);
  if (bytes?.length === 32) return bytes;
  if (bytes?.length !== 20) mismatch(place, 'an address: 32 bytes, or "0x" with 64 or 40 hexadecimal digits', value);
  const address = new Uint8Array(32);
  address.set(bytes, 12);
  return address;
}

function hexBytes(value: unknown): Uint8Array | undefined {
  if (typeof value !== 'string' || !/^0x([0-9a-fA-F]{2})*$/.test(value)) return undefined;
  return Uint8Array.from(Buffer.from(value.slice(2), 'hex'));
}

function layOut(words: readonly Word[]): Uint8Array {
  let length = 0;
  for (const word of words) length += typeof word === 'bigint' ? 8 : padded(word.length);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  let offset = 0;
  for (const word of words) {
    if (typeof word === 'bigint') {
      view.setBigUint64(offset, BigInt.asUintN(64, word), true);
      offset += 8;
    } else {
      bytes.set(word, offset);
      offset += padded(word.length);
    }
  }
  return bytes;
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}

/** Reads values off `bytes`, front to back. */
class WordReader {
  private readonly bytes: Uint8Array;
  private readonly view: DataView;
  private readonly place: string;
  private offset = 0;

  constructor(bytes: Uint8Array, place: string) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.place = place;
  }

  take(type: ValueType): Value {
    switch (type) {
      case 'bool': {
        const word = this.word();
        if (word > 1n) refuse(this.place, `has ${word} where a bool was expected`);
        return word === 1n;
      }
      case 'address':
        return this.padded(32);
      case 'string':
        try {
          return textDecoder.decode(this.counted());
        } catch (cause) {
          if (cause instanceof MisuseError) throw cause;
          throw new MisuseError('ERR_ARGUMENT', `${this.place} has a string that is not UTF-8`, { cause });
        }
      case 'bytes':
        return this.counted();
      default: {
        const word = this.word();
        const number = isSigned(type) ? BigInt.asIntN(64, word) : word;
        if (!inRange(type, number)) refuse(this.place, `has ${number} where a ${type} was expected`);
        return integerBits[type] === 64 ? number : Number(number);
      }
    }
  }

  end(): void {
    const rest = this.bytes.length - this.offset;
    if (rest > 0) refuse(this.place, `is ${rest} bytes too long`);
  }

  private word(): bigint {
    this.require(8);
    this.offset += 8;
    return this.view.getBigUint64(this.offset - 8, true);
  }

  /** A length word, then that many bytes. */
  private counted(): Uint8Array {
    const length = this.word();
    if (length > BigInt(this.bytes.length)) refuse(this.place, `ends inside a value of ${length} bytes`);
    return this.padded(Number(length));
  }

  private padded(length: number): Uint8Array {
    this.require(padded(length));
    const end = this.offset + length;
    const value = this.bytes.slice(this.offset, end);
    this.offset += padded(length);
    for (let index = end; index < this.offset; index++) {
      if (this.bytes[index] !== 0) refuse(this.place, 'has padding that is not zero');
    }
    return value;
  }

  private require(length: number): void {
    if (length > this.bytes.length - this.offset) {
      refuse(this.place, `ends after ${this.bytes.length} bytes, inside a value of ${length} bytes`);
    }
  }
}

function mismatch(place: string, expected: string, found: unknown): never {
  return refuse(place, `must be ${expected}; found ${describe(found)}`);
}

function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return String(value);
}

function refuse(place: string, problem: string): never {
  throw new MisuseError('ERR_ARGUMENT', `${place} ${problem}`);
}
