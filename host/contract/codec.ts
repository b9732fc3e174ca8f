// Arguments, results and single values as words: 8 bytes, little-endian. The counterpart of assembly/sdk/codec.ts and method.ts; the format is specified in
// assembly/sdk/README.md. Decoding is strict and canonical: it accepts exactly what encoding gives.

import { MisuseError } from '../runtime/errors.js';
import { describeFound } from './found.js';
import type { ContractInterface } from './interface.js';
import { listOf, Signatures } from './signature.js';
import { type NamedType, type StructInterface, type TypeExpression, Types } from './type.js';
import type { Value } from './value.js';
import { ValueReader } from './value-reader.js';
import { ValueWriter } from './value-writer.js';

export type { StructValue, Value } from './value.js';

/**
 * Encodes a call's named arguments.
 *
 * Integers are numbers (safe integers), bigints or decimal strings; addresses 32 bytes or "0x" with 64 or 40 hexadecimal
 * digits (40: the last 20 bytes); bytes a Uint8Array or "0x" with hexadecimal digits; arrays arrays; a nullable null or a value; structs objects with their fields and no others.
 * @throws MisuseError `ERR_ARGUMENT` naming the method, the argument and what was found.
 */
export function encodeInput(
  contract: ContractInterface,
  method: string,
  args: Readonly<Record<string, unknown>> = {},
): Uint8Array {
  const { inputs, place } = Signatures.of(contract).method(method);
  refuseUnknown(inputs, args, place, 'argument');
  return ValueWriter.encode((writer) => writeNamed(writer, inputs, args, place, 'argument'));
}

/**
 * Decodes a call's arguments, by name.
 * @throws MisuseError `ERR_ARGUMENT` where `bytes` is not exactly what `encodeInput` gives.
 */
export function decodeInput(contract: ContractInterface, method: string, bytes: Uint8Array): Record<string, Value> {
  const { inputs, place } = Signatures.of(contract).method(method);
  const reader = new ValueReader(bytes, `${place}: the input`);
  const args = inputs.map(({ name, type }) => [name, reader.take(type)] as const);
  reader.end();
  return Object.fromEntries(args);
}

/**
 * Encodes what a call gives back; no bytes for a method without a result.
 * @throws MisuseError `ERR_ARGUMENT` naming the method and what was found.
 */
export function encodeOutput(contract: ContractInterface, method: string, value: unknown): Uint8Array {
  const { output, place } = Signatures.of(contract).method(method);
  if (output === null && value !== undefined) refuse(place, 'has no result');
  return ValueWriter.encode((writer) => {
    if (output !== null) writer.write(output, value, `${place}: the output`);
  });
}

/**
 * Decodes what a call that ended `ok` gave back; undefined for a method without a result.
 * @throws MisuseError `ERR_ARGUMENT` where `bytes` is not exactly one value of the method's output type.
 */
export function decodeOutput(contract: ContractInterface, method: string, bytes: Uint8Array): Value | undefined {
  const { output, place } = Signatures.of(contract).method(method);
  if (!(bytes instanceof Uint8Array)) refuse(place, `gives bytes; found ${describeFound(bytes)}`);
  const reader = new ValueReader(bytes, `${place}: the output`);
  const value = output === null ? undefined : reader.take(output);
  reader.end();
  return value;
}

/**
 * Encodes one value: a part of a storage key, a stored value.
 * @param structs what the type may name.
 * @throws MisuseError `ERR_ARGUMENT`.
 */
export function encodeValue(
  type: TypeExpression,
  value: unknown,
  structs: readonly StructInterface[] = [],
): Uint8Array {
  const resolved = typesOf(structs).of(type, 'the type');
  return ValueWriter.encode((writer) => writer.write(resolved, value, 'the value'));
}

/**
 * Decodes values that follow one another.
 * @param structs what the types may name.
 * @throws MisuseError `ERR_ARGUMENT` where `bytes` is not exactly values of these types.
 */
export function decodeValues(
  types: readonly TypeExpression[],
  bytes: Uint8Array,
  structs: readonly StructInterface[] = [],
): Value[] {
  const scope = typesOf(structs);
  const reader = new ValueReader(bytes, 'the data');
  const values = types.map((type) => reader.take(scope.of(type, 'the type')));
  reader.end();
  return values;
}

/** `what` messages call one of the values: "argument". @throws MisuseError `ERR_ARGUMENT` for a value that there is no type for. */
export function refuseUnknown(types: readonly NamedType[], values: object, place: string, what: string): void {
  if (typeof values !== 'object' || values === null)
    refuse(place, `takes ${what}s by name; found ${describeFound(values)}`);
  for (const given of Object.keys(values)) {
    if (types.some(({ name }) => name === given)) continue;
    refuse(place, `has no ${what} "${given}"; ${listOf(types.map(({ name }) => name))}`);
  }
}

/** Writes values that are given by name. @throws MisuseError `ERR_ARGUMENT` */
export function writeNamed(
  writer: ValueWriter,
  types: readonly NamedType[],
  values: Readonly<Record<string, unknown>>,
  place: string,
  what: string,
): void {
  for (const { name, type } of types) {
    // Own properties only: one may be called "constructor".
    if (!Object.hasOwn(values, name)) refuse(place, `${what} "${name}" (${type.text}) is missing`);
    writer.write(type, values[name], `${place}: ${what} "${name}"`);
  }
}

function typesOf(structs: readonly StructInterface[]): Types {
  return new Types(structs, refuse);
}

function refuse(place: string, problem: string): never {
  throw new MisuseError('ERR_ARGUMENT', `${place} ${problem}`);
}
