// Random types that a contract can store and send: as AssemblyScript writes them, and with values of theirs.

import fc from 'fast-check';

export interface ModelType {
  /** In AssemblyScript. */
  readonly written: string;
  /** In the interface. */
  readonly text: string;
  readonly values: fc.Arbitrary<unknown>;
  /** What a location without a value reads as. */
  readonly absent: unknown;
  readonly isReference: boolean;
}

export interface ModelStruct extends ModelType {
  /** Declares the class. */
  readonly declaration: string;
}

const integers = ['u8', 'u16', 'u32', 'u64', 'i8', 'i16', 'i32', 'i64'] as const;

function integer(text: string, written: string, bits: bigint): ModelType {
  const isSigned = text.startsWith('i');
  const [least, most] = isSigned ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n] : [0n, (1n << bits) - 1n];
  const edges = fc.constantFrom(least, most, 0n, 1n);
  const values = fc.oneof(fc.bigInt(least, most), edges);
  return {
    written,
    text,
    values: bits < 64n ? values.map(Number) : values,
    absent: bits < 64n ? 0 : 0n,
    isReference: bits > 64n,
  };
}

const bytes = fc.uint8Array({ maxLength: 20 });

/** The types that no other type is in. */
export const plainTypes: readonly ModelType[] = [
  ...integers.map((text) => integer(text, text, BigInt(text.slice(1)))),
  integer('u128', 'u128', 128n),
  integer('u256', 'u256', 256n),
  { written: 'bool', text: 'bool', values: fc.boolean(), absent: false, isReference: false },
  {
    written: 'Address',
    text: 'address',
    values: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    absent: new Uint8Array(32),
    isReference: true,
  },
  {
    written: 'string',
    text: 'string',
    values: fc.string({ unit: 'binary', maxLength: 12 }),
    absent: '',
    isReference: true,
  },
  { written: 'Uint8Array', text: 'bytes', values: bytes, absent: new Uint8Array(0), isReference: true },
  { written: 'StaticArray<u8>', text: 'bytes', values: bytes, absent: new Uint8Array(0), isReference: true },
];

export function arrayOf(element: ModelType): ModelType {
  const isNullable = element.written.endsWith('| null');
  return {
    written: isNullable ? `Array<${element.written}>` : `${element.written}[]`,
    text: `${element.text}[]`,
    values: fc.array(element.values, { maxLength: 4 }),
    absent: [],
    isReference: true,
  };
}

export function nullableOf(type: ModelType): ModelType {
  return {
    ...type,
    written: `${type.written} | null`,
    text: `${type.text}?`,
    values: fc.oneof(fc.constant(null), type.values),
    absent: null,
    isReference: false,
  };
}

/** A class whose fields are its constructor's parameters, or not. */
export function structOf(name: string, fields: readonly ModelType[], isConstructed: boolean): ModelStruct {
  const named = fields.map((type, index) => ({ name: `field${index}`, type }));
  const declarations = named.map((field) => `readonly ${field.name}: ${field.type.written}`);
  const body = isConstructed
    ? `  constructor(${declarations.join(', ')}) {}`
    : // A constructor of its own, so that AssemblyScript asks for no initial values: decoding does not run it.
      `  constructor(${named.map(({ name: field, type }) => `${field}: ${type.written}`).join(', ')}) {\n${named
        .map(({ name: field }) => `    this.${field} = ${field};`)
        .join('\n')}\n  }\n${named.map(({ name: field, type }) => `  ${field}: ${type.written};`).join('\n')}`;
  return {
    declaration: `class ${name} {\n${body}\n}`,
    written: name,
    text: name,
    values: fc.record(Object.fromEntries(named.map((field) => [field.name, field.type.values]))),
    absent: Object.fromEntries(named.map((field) => [field.name, field.type.absent])),
    isReference: true,
  };
}

/** `count` random types, the last ones made of those before them, and the classes that they name. */
export function makeTypes(count: number, seed: number): { types: ModelType[]; structs: ModelStruct[] } {
  const [choices = []] = fc.sample(
    fc.array(
      fc.record({ kind: fc.nat(3), picks: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }), flag: fc.boolean() }),
      {
        minLength: count,
        maxLength: count,
      },
    ),
    { seed, numRuns: 1 },
  );
  const texts = plainTypes.filter(({ text }) => text === 'string');
  // What is seldom made by chance is always there: arrays that are null, and nulls in arrays.
  const types = [...plainTypes, ...texts.map(arrayOf).map(nullableOf), ...texts.map(nullableOf).map(arrayOf)];
  const structs: ModelStruct[] = [];
  for (const { kind, picks, flag } of choices) {
    const pick = (index: number) => types[(picks[index] ?? 0) % types.length] as ModelType;
    const picked = pick(0);
    if (kind === 0) types.push(arrayOf(picked));
    else if (kind === 1 && picked.isReference) types.push(nullableOf(picked));
    else {
      const struct = structOf(
        `Struct${structs.length}`,
        picks.map((_, index) => pick(index)),
        flag,
      );
      structs.push(struct);
      types.push(struct);
    }
  }
  return { types, structs };
}
