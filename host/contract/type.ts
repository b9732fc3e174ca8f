// Type expressions: what a parameter, a result, an event's field or a stored value is.
//
//   type   := base suffix*
//   base   := bool | u8 | ... | u256 | i8 | ... | i64 | string | address | bytes | the name of a struct
//   suffix := "[]", an array | "?", null or a value
//
// An expression is resolved once against the structs of its document, to a tree in which nothing is to be looked up any more. Structs do not contain themselves, every value takes
// at least a word, and types are nested 32 deep at most: so a value is read and written by plain recursion, and bytes that are short cannot ask for a lot of memory.

import { describeFound } from './found.js';

/** A type, as a document writes it: `u64`, `Order[]?`. */
export type TypeExpression = string;

/** A named field of a struct. */
export interface FieldInterface {
  readonly name: string;
  readonly type: TypeExpression;
}

/** A class of the contract's author that crosses as its fields, in order. Its name starts with a capital. */
export interface StructInterface {
  readonly name: string;
  readonly fields: readonly FieldInterface[];
}

interface Shape {
  /** As a document writes it. */
  readonly text: TypeExpression;
  /** Bytes that a value takes at least; a multiple of 8, from 8 on. */
  readonly size: number;
  /** Types within types: 1 for one without. */
  readonly depth: number;
}

export interface PlainType extends Shape {
  readonly kind: 'bool' | 'string' | 'address' | 'bytes';
}

export interface IntegerType extends Shape {
  readonly kind: 'integer';
  readonly bits: 8 | 16 | 32 | 64 | 128 | 256;
  readonly isSigned: boolean;
}

export interface ArrayType extends Shape {
  readonly kind: 'array';
  readonly element: Type;
}

export interface NullableType extends Shape {
  readonly kind: 'nullable';
  readonly value: Type;
}

export interface StructType extends Shape {
  readonly kind: 'struct';
  readonly name: string;
  readonly fields: readonly NamedType[];
}

/** A type that is resolved. */
export type Type = PlainType | IntegerType | ArrayType | NullableType | StructType;

/** Of a field, a parameter. */
export interface NamedType {
  readonly name: string;
  readonly type: Type;
}

/** How deep types may be nested: arrays, nullables and structs, one in another. */
export const NESTING_MAX = 32;
/** Characters of an expression at most: a name, and as many suffixes as may be nested. */
const EXPRESSION_LENGTH_MAX = 256;

const EXPRESSION = /^([A-Za-z][A-Za-z0-9_$]*)((?:\[\]|\?)*)$/;
const STRUCT_NAME = /^[A-Z][A-Za-z0-9_$]*$/;

const BASES: ReadonlyMap<string, Type> = new Map<string, Type>([
  ['bool', { kind: 'bool', text: 'bool', size: 8, depth: 1 }],
  ...([8, 16, 32, 64, 128, 256] as const).map((bits) => [`u${bits}`, integer(bits, false)] as const),
  ...([8, 16, 32, 64] as const).map((bits) => [`i${bits}`, integer(bits, true)] as const),
  ['string', { kind: 'string', text: 'string', size: 8, depth: 1 }],
  ['address', { kind: 'address', text: 'address', size: 32, depth: 1 }],
  ['bytes', { kind: 'bytes', text: 'bytes', size: 8, depth: 1 }],
]);

/** The names of the types that are no struct, in the order documented. */
export const baseTypes: readonly string[] = [...BASES.keys()];

function integer(bits: IntegerType['bits'], isSigned: boolean): IntegerType {
  const text = `${isSigned ? 'i' : 'u'}${bits}`;
  return { kind: 'integer', text, bits, isSigned, size: Math.max(8, bits / 8), depth: 1 };
}

/** Whether a struct can be called so. */
export function isStructName(name: string): boolean {
  return STRUCT_NAME.test(name) && name.length < EXPRESSION_LENGTH_MAX;
}

/** Resolves the type expressions of one document. */
export class Types {
  readonly #structs: readonly StructInterface[];
  readonly #indexes = new Map<string, number>();
  readonly #resolved = new Map<string, StructType>();
  /** Structs that are being resolved, each a part of the one before. */
  readonly #open = new Set<string>();
  readonly #fail: (place: string, problem: string) => never;

  /**
   * @param structs those of the document; their names differ.
   * @param fail throws: what is wrong at a place.
   */
  constructor(structs: readonly StructInterface[], fail: (place: string, problem: string) => never) {
    this.#structs = structs;
    this.#fail = fail;
    for (const [index, { name }] of structs.entries()) this.#indexes.set(name, index);
  }

  of(expression: unknown, place: string): Type {
    const base = BASES.get(expression as string);
    if (base !== undefined) return base;
    const matched =
      typeof expression === 'string' && expression.length <= EXPRESSION_LENGTH_MAX ? EXPRESSION.exec(expression) : null;
    if (matched === null)
      return this.#fail(place, `must be a type such as u64 or Order[]?, found ${describeFound(expression)}`);
    const [, name = '', suffixes = ''] = matched;
    let type = BASES.get(name) ?? this.struct(name, place);
    for (let at = 0; at < suffixes.length; at += suffixes[at] === '[' ? 2 : 1) {
      type = suffixes[at] === '[' ? this.#array(type, place) : this.#nullable(type, place);
    }
    return type;
  }

  /** The struct of this name. */
  struct(name: string, place: string): StructType {
    const known = this.#resolved.get(name);
    if (known !== undefined) return known;
    const index = this.#indexes.get(name);
    const found = index === undefined ? undefined : this.#structs[index];
    if (found === undefined) {
      return this.#fail(
        place,
        `names the type ${describeFound(name)}, which is neither one of ${baseTypes.join(', ')} nor a struct`,
      );
    }
    if (this.#open.has(name)) this.#fail(place, `makes the struct ${name} a part of itself`);
    if (this.#open.size >= NESTING_MAX) this.#failDepth(place);
    this.#open.add(name);
    const fields = found.fields.map((field, position) => {
      const type = this.of(field.type, `structs[${index}].fields[${position}].type`);
      return { name: field.name, type };
    });
    this.#open.delete(name);
    if (fields.length === 0) this.#fail(`structs[${index}].fields`, 'must be an array that is not empty');
    const depth = 1 + fields.reduce((deepest, { type }) => Math.max(deepest, type.depth), 0);
    if (depth > NESTING_MAX) this.#failDepth(place);
    const size = fields.reduce((sum, { type }) => sum + type.size, 0);
    const struct: StructType = { kind: 'struct', text: name, name, fields, size, depth };
    this.#resolved.set(name, struct);
    return struct;
  }

  #array(element: Type, place: string): ArrayType {
    if (element.depth >= NESTING_MAX) this.#failDepth(place);
    return { kind: 'array', text: `${element.text}[]`, element, size: 8, depth: element.depth + 1 };
  }

  #nullable(value: Type, place: string): NullableType {
    if (!isReference(value)) this.#fail(place, `makes ${value.text} nullable, which has no null`);
    if (value.depth >= NESTING_MAX) this.#failDepth(place);
    return { kind: 'nullable', text: `${value.text}?`, value, size: 8, depth: value.depth + 1 };
  }

  #failDepth(place: string): never {
    return this.#fail(place, `nests types more than ${NESTING_MAX} deep`);
  }
}

/** What AssemblyScript has a null of. */
function isReference(type: Type): boolean {
  if (type.kind === 'integer') return type.bits > 64;
  return type.kind !== 'bool' && type.kind !== 'nullable';
}
