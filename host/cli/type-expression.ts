import type { ContractInterface } from '../index.js';

/** A class of the contract's author that crosses calls, with its fields in order. */
export interface StructInterface {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly type: string }[];
}

/** `T?` gives `T`; undefined for a type that is never null. */
export function nullableType(type: string): string | undefined {
  return type.endsWith('?') ? type.slice(0, -1) : undefined;
}

/** `T[]` gives `T`; undefined for what is no array. */
export function elementType(type: string): string | undefined {
  return type.endsWith('[]') ? type.slice(0, -2) : undefined;
}

/** Whether a value of this type is given as JSON on the command line: an array or a struct, or one that may be null. */
export function isComposite(type: string): boolean {
  const inner = nullableType(type);
  return inner === undefined ? elementType(type) !== undefined || isStruct(type) : isComposite(inner);
}

/** The least and the greatest value of a type of integers; undefined for another type. */
export function integerRange(type: string): readonly [min: bigint, max: bigint] | undefined {
  const [, sign, digits] = /^([iu])(8|16|32|64|128|256)$/.exec(type) ?? [];
  if (digits === undefined) return undefined;
  const bits = BigInt(digits);
  return sign === 'u' ? [0n, 2n ** bits - 1n] : [-(2n ** (bits - 1n)), 2n ** (bits - 1n) - 1n];
}

/** The struct of this name, which an interface that has been parsed has. */
export function structOf(contractInterface: ContractInterface, name: string): StructInterface {
  const structs = (contractInterface as { structs?: readonly StructInterface[] }).structs ?? [];
  return structs.find((struct) => struct.name === name) as StructInterface;
}

/** Structs begin with a capital, and nothing else does. */
export function isStruct(type: string): boolean {
  return /^[A-Z][A-Za-z0-9_]*$/.test(type);
}
