// Random interface types and values of them, for whoever encodes or decodes: the host's codec, and contracts compiled with the SDK, which write them in AssemblyScript.

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
export const anyType: fc.Arbitrary<ScopedType> = anyTypes(1).map(({ types, structs }) => ({
  type: types[0] as TypeExpression,
  structs,
}));

/** A value of any type. */
export const anyTypedValue: fc.Arbitrary<TypedValue> = anyType.chain((scoped) =>
  anyValueOf(scoped.type, scoped.structs).map((value) => ({ ...scoped, value })),
);

/** Arguments of any types, with the interface of a contract whose only method `take` has them as inputs `argument0`, `argument1`, ... */
export const anyArguments: fc.Arbitrary<{ contract: ContractInterface; args: Record<string, unknown> }> = fc
  .integer({ min: 1, max: 5 })
  .chain(anyTypes)
  .chain(({ types, structs }) => {
    const inputs = types.map((each, index) => ({ name: `argument${index}`, type: each }));
    const contract = { ...EMPTY, structs, methods: [{ name: 'take', inputs, output: null }] };
    return fc.tuple(...inputs.map((input) => anyValueOf(input.type, structs))).map((values) => ({
      contract,
      args: Object.fromEntries(inputs.map(({ name }, index) => [name, values[index]])),
    }));
  });

/** This many types, which may name the same structs. */
export function anyTypes(
  count: number,
): fc.Arbitrary<{ readonly types: readonly TypeExpression[]; readonly structs: readonly StructInterface[] }> {
  const fields = fc.array(fc.array(seeds(), { minLength: 1, maxLength: 3 }), { maxLength: STRUCTS_MAX });
  return fc.tuple(fields, fc.array(seeds(), { minLength: count, maxLength: count })).map(([fieldSeeds, typeSeeds]) => {
    // A struct may name those before it: none is a part of itself.
    const structs = fieldSeeds.map((each, index) => ({
      name: `Struct${index}`,
      fields: each.map((seed, position) => ({ name: `field${position}`, type: typeOf(seed, index) })),
    }));
    return { structs, types: typeSeeds.map((seed) => typeOf(seed, structs.length)) };
  });
}

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
      return fc.string({ unit: 'binary', maxLength: 20 });
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

/** What a location without a value reads as. */
export function absentOf(type: TypeExpression, structs: readonly StructInterface[]): unknown {
  if (type.endsWith('?')) return null;
  if (type.endsWith('[]')) return [];
  const struct = structs.find(({ name }) => name === type);
  if (struct !== undefined) {
    return Object.fromEntries(struct.fields.map((field) => [field.name, absentOf(field.type, structs)]));
  }
  if (type === 'bool') return false;
  if (type === 'string') return '';
  if (type === 'address') return new Uint8Array(32);
  if (type === 'bytes') return new Uint8Array(0);
  return Number(type.slice(1)) > 32 ? 0n : 0;
}

/** A type in AssemblyScript, which has two for bytes. */
export function writtenOf(type: TypeExpression, bytes: 'Uint8Array' | 'StaticArray<u8>'): string {
  if (type.endsWith('?')) return `${writtenOf(type.slice(0, -1), bytes)} | null`;
  if (type.endsWith('[]')) return `Array<${writtenOf(type.slice(0, -2), bytes)}>`;
  if (type === 'bytes') return bytes;
  return type === 'address' ? 'Address' : type;
}

/** A struct's class in AssemblyScript: its fields are its constructor's parameters, or not. */
export function classOf({ name, fields }: StructInterface, isConstructed: boolean): string {
  const written = fields.map((field) => ({ name: field.name, type: writtenOf(field.type, 'StaticArray<u8>') }));
  if (isConstructed) {
    return `class ${name} { constructor(${written.map((field) => `readonly ${field.name}: ${field.type}`).join(', ')}) {} }`;
  }
  // A constructor of its own, so that AssemblyScript asks for no initial values: decoding does not run it.
  const parameters = written.map((field) => `${field.name}: ${field.type}`);
  const assignments = written.map((field) => `this.${field.name} = ${field.name};`);
  const declarations = parameters.map((declaration) => `${declaration};`);
  return `class ${name} { constructor(${parameters.join(', ')}) { ${assignments.join(' ')} } ${declarations.join(' ')} }`;
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
