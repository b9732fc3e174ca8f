// Random interface types and values of them, for whoever encodes or decodes: the host's codec, and contracts compiled with the SDK.

import fc from 'fast-check';
import type { ContractInterface, StructInterface, TypeExpression } from '../../dist/host/contract/interface.js';
import { baseTypes } from '../../dist/host/contract/type.js';

/** A type with the structs that it may name. Every name is one that AssemblyScript has no other use for. */
export interface ScopedType {
  readonly type: TypeExpression;
  readonly structs: readonly StructInterface[];
}

/** A type, and a value of it as decoding gives it. */
export interface TypedValue extends ScopedType {
  readonly value: unknown;
}

const STRUCTS_MAX = 3;
const SCALARS = new Set(['bool', 'u8', 'u16', 'u32', 'u64', 'i8', 'i16', 'i32', 'i64']);

/** Types of any shape, three suffixes and three structs deep. */
export const anyType: fc.Arbitrary<ScopedType> = fc
  .array(fc.array(seeds(), { minLength: 1, maxLength: 3 }), { maxLength: STRUCTS_MAX })
  .chain((fieldSeeds) => {
    // A struct may name those before it: none is a part of itself.
    const structs = fieldSeeds.map((fields, index) => ({
      name: `Struct${index}`,
      fields: fields.map((seed, position) => ({ name: `field${position}`, type: typeOf(seed, index) })),
    }));
    return seeds().map((seed) => ({ structs, type: typeOf(seed, structs.length) }));
  });

/** A value of any type. */
export const anyTypedValue: fc.Arbitrary<TypedValue> = anyType.chain((scoped) =>
  anyValueOf(scoped.type, scoped.structs).map((value) => ({ ...scoped, value })),
);

/** Arguments of any types, with the interface of a contract whose only method `take` has them as inputs `argument0`, `argument1`, ... */
export const anyArguments: fc.Arbitrary<{ contract: ContractInterface; args: Record<string, unknown> }> = fc
  .tuple(anyType, fc.array(seeds(), { maxLength: 4 }))
  .chain(([{ type, structs }, more]) => {
    const types = [type, ...more.map((seed) => typeOf(seed, structs.length))];
    const inputs = types.map((each, index) => ({ name: `argument${index}`, type: each }));
    const contract = { ...EMPTY, structs, methods: [{ name: 'take', inputs, output: null }] };
    return fc.tuple(...inputs.map((input) => anyValueOf(input.type, structs))).map((values) => ({
      contract,
      args: Object.fromEntries(inputs.map(({ name }, index) => [name, values[index]])),
    }));
  });

/** An interface without anything. */
export const EMPTY: ContractInterface = { schema: 'blockstm.interface/1', name: 'sample', methods: [] };

/** Values of a type, as decoding gives them. */
export function anyValueOf(type: TypeExpression, structs: readonly StructInterface[]): fc.Arbitrary<unknown> {
  if (type.endsWith('?')) return fc.oneof(fc.constant(null), anyValueOf(type.slice(0, -1), structs));
  if (type.endsWith('[]')) return fc.array(anyValueOf(type.slice(0, -2), structs), { maxLength: 4 });
  const struct = structs.find(({ name }) => name === type);
  if (struct !== undefined) {
    return fc.record(Object.fromEntries(struct.fields.map((field) => [field.name, anyValueOf(field.type, structs)])), {
      noNullPrototype: true,
    });
  }
  switch (type) {
    case 'bool':
      return fc.boolean();
    case 'address':
      return fc.uint8Array({ minLength: 32, maxLength: 32 });
    case 'string':
      return fc.string({ unit: 'grapheme', maxLength: 20 });
    case 'bytes':
      return fc.uint8Array({ maxLength: 20 });
    default:
      return integerOf(type);
  }
}

function integerOf(type: string): fc.Arbitrary<number | bigint> {
  const bits = Number(type.slice(1));
  const half = 2n ** BigInt(bits - 1);
  const [min, max] = type.startsWith('i') ? [-half, half - 1n] : [0n, 2n * half - 1n];
  // Of any length: most of all numbers are long.
  const any = fc.oneof(
    fc.constantFrom(min, max, 0n),
    fc.bigInt(min, max),
    fc.bigInt(0n, 255n).filter((n) => n <= max),
  );
  return bits > 32 ? any : any.map(Number);
}

interface Seed {
  readonly base: number;
  readonly suffixes: readonly boolean[];
}

function seeds(): fc.Arbitrary<Seed> {
  return fc.record({ base: fc.nat(), suffixes: fc.array(fc.boolean(), { maxLength: 3 }) });
}

/** The type that a seed stands for, where there are this many structs: no null of what has none. */
function typeOf({ base, suffixes }: Seed, structs: number): TypeExpression {
  const bases = [...baseTypes, ...Array.from({ length: structs * 3 }, (_, index) => `Struct${index % structs}`)];
  let type = bases[base % bases.length] as string;
  for (const isArray of suffixes) {
    if (isArray) type += '[]';
    else if (!SCALARS.has(type) && !type.endsWith('?')) type += '?';
  }
  return type;
}
