// The types that can be stored or sent: read from what a contract's files say, refused at the place where they say it.

import type { Meaning, Names } from './names.js';
import {
  type AssemblyScript,
  type ClassDeclaration,
  errorAt,
  flags,
  type Node,
  type Source,
  type TypeDeclaration,
  type TypeNode,
  type VariableDeclaration,
} from './syntax.js';
import { isStructName, NESTING_MAX } from './type.js';

/** A type as the interface writes it, and what its values take as words. */
export interface ContractType {
  /** "u64", "Order[]?". */
  readonly text: string;
  /** Bytes that a value takes at least: all it takes, unless it varies. */
  readonly leastBytes: number;
  readonly varies: boolean;
  /** Types within types: 1 for one without. */
  readonly depth: number;
  /** The class whose name is in the text. */
  readonly struct: Struct | undefined;
}

/** A class of the author's whose objects can be stored or sent. */
export interface Struct {
  readonly name: string;
  readonly declaration: ClassDeclaration;
  readonly source: Source;
  readonly fields: readonly StructField[];
  readonly leastBytes: number;
  readonly varies: boolean;
  readonly depth: number;
}

export interface StructField {
  readonly name: string;
  readonly type: ContractType;
  readonly declaration: VariableDeclaration;
  /** The type in AssemblyScript, as its file writes it. */
  readonly written: string;
}

const acceptedTypes =
  'bool, u8 to u64, i8 to i64, u128, u256, Address, string, Uint8Array, StaticArray<u8>, classes with fields of such types, and arrays and nullables of them can';
/** What there is to say of a float, wherever it is. */
export const floatProblem = 'a contract has no floating-point numbers: use integers in a smaller unit';

const word = { leastBytes: 8, varies: false, depth: 1, struct: undefined };

/** Types of AssemblyScript, by their names there. */
const globalTypes = new Map<string, ContractType>([
  ...['bool', 'u8', 'u16', 'u32', 'u64', 'i8', 'i16', 'i32', 'i64'].map((text) => [text, { ...word, text }] as const),
  ['boolean', { ...word, text: 'bool' }],
  ['string', { ...word, text: 'string', varies: true }],
  ['String', { ...word, text: 'string', varies: true }],
  ['Uint8Array', { ...word, text: 'bytes', varies: true }],
]);

/** Types of the SDK. */
const sdkTypes = new Map<string, ContractType>([
  ['Address', { ...word, text: 'address', leastBytes: 32 }],
  ['u128', { ...word, text: 'u128', leastBytes: 16 }],
  ['u256', { ...word, text: 'u256', leastBytes: 32 }],
]);

const bytesType: ContractType = { ...word, text: 'bytes', varies: true };
export const floatTypes: ReadonlySet<string> = new Set([
  'f32',
  'f64',
  'number',
  'F32',
  'F64',
  'Float32Array',
  'Float64Array',
]);
const numberTypes = new Set(['bool', 'u8', 'u16', 'u32', 'u64', 'i8', 'i16', 'i32', 'i64']);

/** @throws CompileError where an alias is one for many types. */
export function refuseGeneric({ name, typeParameters }: TypeDeclaration, place: Node, subject: string): void {
  if (typeParameters === null || typeParameters.length === 0) return;
  throw errorAt(place, `${subject} has the type "${name.text}", which has type parameters: write what it stands for`);
}

export class Types {
  private readonly syntax: AssemblyScript;
  private readonly names: Names;
  private readonly structs = new Map<ClassDeclaration, Struct>();
  /** Classes and aliases that are being read, outermost first. */
  private readonly open: ClassDeclaration[] = [];
  private readonly openAliases = new Set<TypeDeclaration>();

  constructor(syntax: AssemblyScript, names: Names) {
    this.syntax = syntax;
    this.names = names;
  }

  /**
   * Reads a type.
   * @param subject - What has the type, for the message: 'the parameter "to" of the method "transfer"'.
   * @throws CompileError where it cannot be stored or sent, at the part that cannot.
   */
  read(type: TypeNode, source: Source, subject: string): ContractType {
    const base = this.readBase(type, source, subject);
    if (!type.isNullable || base.text.endsWith('?')) return base;
    if (numberTypes.has(base.text)) throw errorAt(type, `${subject} cannot be null: only references can`);
    return this.wrap(base, '?', type, subject);
  }

  /** Whether the type is `void`. */
  isVoid(type: TypeNode, source: Source): boolean {
    if (!(type instanceof this.syntax.NamedTypeNode) || type.isNullable) return false;
    const meaning = this.names.of(source, type.name);
    if (meaning.kind === 'alias') return this.isVoid(meaning.declaration.type, meaning.source);
    return meaning.kind === 'global' && meaning.name === 'void';
  }

  /**
   * The struct that a class is.
   * @throws CompileError where it is none.
   */
  structOf(declaration: ClassDeclaration, source: Source): Struct {
    const known = this.structs.get(declaration);
    if (known !== undefined) return known;
    const name = declaration.name.text;
    const subject = `the class "${name}"`;
    if ((declaration.typeParameters?.length ?? 0) > 0) {
      throw errorAt(declaration.name, `${subject} cannot be stored or sent: it has type parameters`);
    }
    if (declaration.extendsType !== null) {
      throw errorAt(declaration.extendsType, `${subject} cannot be stored or sent: it has a base class`);
    }
    if (!isStructName(name)) {
      throw errorAt(
        declaration.name,
        `${subject} cannot be stored or sent: its name must be A to Z, then letters, digits and _`,
      );
    }
    const fields = this.fieldsOf(declaration, source);
    if (fields.length === 0) throw errorAt(declaration.name, `${subject} cannot be stored or sent: it has no fields`);
    const leastBytes = fields.reduce((sum, { type }) => sum + type.leastBytes, 0);
    const varies = fields.some(({ type }) => type.varies);
    const depth = 1 + Math.max(...fields.map(({ type }) => type.depth));
    if (depth > NESTING_MAX) throw this.tooDeep(declaration.name, subject);
    const struct = { name, declaration, source, fields, leastBytes, varies, depth };
    this.structs.set(declaration, struct);
    return struct;
  }

  /** The fields that a class declares, also as its constructor's parameters, in order. */
  fieldsOf(declaration: ClassDeclaration, source: Source): StructField[] {
    this.open.push(declaration);
    try {
      return this.readFields(declaration, source);
    } finally {
      this.open.pop();
    }
  }

  /** A type as its own file can write it. */
  write(type: TypeNode): string {
    if (!(type instanceof this.syntax.NamedTypeNode)) throw new TypeError('a type that was read has a name');
    const parts: string[] = [];
    for (let part: typeof type.name | null = type.name; part !== null; part = part.next)
      parts.push(part.identifier.text);
    const typeArguments = (type.typeArguments ?? []).map((argument) => this.write(argument));
    const list = typeArguments.length === 0 ? '' : `<${typeArguments.join(', ')}>`;
    return `${parts.join('.')}${list}${type.isNullable ? ' | null' : ''}`;
  }

  private readFields(declaration: ClassDeclaration, source: Source): StructField[] {
    const fields: StructField[] = [];
    for (const member of declaration.members) {
      if (!(member instanceof this.syntax.FieldDeclaration) || member.is(flags.static)) continue;
      // AssemblyScript has refused a field without a type before.
      if (member.type === null) continue;
      const name = member.name.text;
      const subject = `the field "${name}" of the class "${declaration.name.text}"`;
      const type = this.read(member.type, source, subject);
      fields.push({ name, type, declaration: member, written: this.write(member.type) });
    }
    return fields;
  }

  private readBase(type: TypeNode, source: Source, subject: string): ContractType {
    if (!(type instanceof this.syntax.NamedTypeNode)) throw this.unsupported(type, subject);
    const meaning = this.names.of(source, type.name);
    const typeArguments = type.typeArguments ?? [];
    if (meaning.kind === 'alias') refuseGeneric(meaning.declaration, type, subject);
    if (meaning.kind === 'global' && typeArguments.length === 1) {
      return this.readArray(meaning.name, type, typeArguments[0] as TypeNode, source, subject);
    }
    if (typeArguments.length > 0) throw this.unsupported(type, subject);
    const named = this.readName(meaning, type, subject);
    if (named === undefined) throw this.unsupported(type, subject);
    return named;
  }

  private readName(meaning: Meaning, type: TypeNode, subject: string): ContractType | undefined {
    switch (meaning.kind) {
      case 'global':
        if (floatTypes.has(meaning.name)) throw errorAt(type, floatProblem);
        return globalTypes.get(meaning.name);
      case 'sdk':
        return sdkTypes.get(meaning.name);
      case 'alias':
        return this.readAlias(meaning.declaration, meaning.source, subject);
      case 'class': {
        this.refuseRecursion(meaning.declaration, type);
        const struct = this.structOf(meaning.declaration, meaning.source);
        const { name: text, leastBytes, varies, depth } = struct;
        return { text, leastBytes, varies, depth, struct };
      }
      default:
        return undefined;
    }
  }

  /** Undefined for an alias that leads back to itself, which AssemblyScript would report. */
  private readAlias(alias: TypeDeclaration, source: Source, subject: string): ContractType | undefined {
    if (this.openAliases.has(alias)) return undefined;
    this.openAliases.add(alias);
    try {
      return this.read(alias.type, source, subject);
    } finally {
      this.openAliases.delete(alias);
    }
  }

  private readArray(name: string, type: TypeNode, argument: TypeNode, source: Source, subject: string): ContractType {
    if (name === 'Array') {
      const element = this.read(argument, source, subject);
      return this.wrap(element, '[]', type, subject);
    }
    if (name === 'StaticArray' && this.read(argument, source, subject).text === 'u8') return bytesType;
    throw this.unsupported(type, subject);
  }

  /** An array or a nullable of a type. */
  private wrap(inner: ContractType, suffix: string, place: Node, subject: string): ContractType {
    const depth = inner.depth + 1;
    if (depth > NESTING_MAX) throw this.tooDeep(place, subject);
    return { text: `${inner.text}${suffix}`, leastBytes: 8, varies: true, depth, struct: inner.struct };
  }

  private refuseRecursion(declaration: ClassDeclaration, place: Node): void {
    const index = this.open.indexOf(declaration);
    if (index < 0) return;
    const name = declaration.name.text;
    const way = this.open.slice(index + 1).map((other) => `"${other.name.text}"`);
    const through = way.length === 0 ? '' : `, through ${way.join(' and ')}`;
    throw errorAt(place, `the class "${name}" contains itself${through}: its values would have no end`);
  }

  private tooDeep(place: Node, subject: string): Error {
    return errorAt(place, `${subject} has types within types more than ${NESTING_MAX} deep`);
  }

  private unsupported(place: Node, subject: string): Error {
    return errorAt(place, `${subject} has a type that cannot be stored or sent; ${acceptedTypes}`);
  }
}
