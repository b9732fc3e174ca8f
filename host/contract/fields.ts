// A contract's storage fields: read for its layout, and laid out as constant data, so that they cost nothing at run time.
//
//   const balances = new Map<Address, u64>()
//
// becomes the address of a static word that holds FNV-1a("balances"): what the constructor would have put on the heap.
// A field made anywhere else still works through its constructor.

import type { StorageField, StorageKind } from './layout.js';
import type { Names } from './names.js';
import type { ContractType, Struct, Types } from './source-types.js';
import {
  type AssemblyScript,
  type Expression,
  errorAt,
  lineOf,
  type NewExpression,
  type Node,
  nodesOf,
  parseGenerated,
  type Source,
  type TypeNode,
  type VariableDeclaration,
} from './syntax.js';

/** What a storage key may have. */
const keyBytesMax = 256;

interface FieldClass {
  readonly kind: StorageKind;
  /** What its type arguments are. */
  readonly parts: readonly ('key' | 'value')[];
  /** Bytes that its keys have in front of the words of `key`. */
  readonly keyStart: number;
}

/** The SDK's classes that are laid out. */
const fieldClasses = new Map<string, FieldClass>([
  ['Value', { kind: 'value', parts: ['value'], keyStart: 8 }],
  ['Map', { kind: 'map', parts: ['key', 'value'], keyStart: 8 }],
  ['Set', { kind: 'set', parts: ['key'], keyStart: 8 }],
  ['Vector', { kind: 'vector', parts: ['value'], keyStart: 8 }],
  ['Counter', { kind: 'counter', parts: [], keyStart: 8 }],
  ['EnumerableMap', { kind: 'enumerableMap', parts: ['key', 'value'], keyStart: 16 }],
  ['EnumerableSet', { kind: 'enumerableSet', parts: ['key'], keyStart: 16 }],
  ['Roles', { kind: 'set', parts: [], keyStart: 8 }],
]);

/** The member of the set that a `Roles` is. */
const roleGrant = {
  name: 'RoleGrant',
  fields: [
    { name: 'role', type: 'string' },
    { name: 'account', type: 'address' },
  ],
};

/** A field that the SDK keeps for itself. */
const OWNER_FIELD = 'blockstm.owner';

/** The SDK's functions that keep the owner. */
const ownerFunctions = new Set(['owner', 'onlyOwner', 'setOwner']);

/** A field that a file declares. */
export interface DeclaredField {
  readonly layout: StorageField;
  readonly declaration: VariableDeclaration;
  readonly created: NewExpression;
  /** The object's type. */
  readonly type: TypeNode;
  readonly prefix: bigint;
  readonly structs: readonly Struct[];
}

/**
 * The fields at the top level of a contract's files.
 * @throws CompileError for two fields of one name, a name that is no literal, and a type that cannot be stored.
 */
export function readFields(
  syntax: AssemblyScript,
  names: Names,
  types: Types,
  sources: readonly Source[],
): DeclaredField[] {
  const fields: DeclaredField[] = [];
  const taken = new Map<bigint, string>();
  taken.set(fieldPrefix(OWNER_FIELD), OWNER_FIELD);
  for (const source of sources) {
    for (const statement of source.statements) {
      if (!(statement instanceof syntax.VariableStatement)) continue;
      for (const declaration of statement.declarations) {
        const field = readField(syntax, names, types, source, declaration);
        if (field === undefined) continue;
        const other = taken.get(field.prefix);
        if (other !== undefined) refuseClash(syntax, field, other, fields);
        taken.set(field.prefix, field.layout.name);
        fields.push(field);
      }
    }
  }
  return fields;
}

/**
 * Checks the types of fields that are made in functions, where the SDK could not say what is wrong at its place.
 * @throws CompileError for a type that cannot be stored.
 */
export function checkMadeFields(syntax: AssemblyScript, names: Names, types: Types, sources: readonly Source[]): void {
  for (const source of sources) {
    for (const statement of source.statements) {
      // What a generic function or class stores is known where it is used only.
      const nodes = [...nodesOf(statement)];
      if (nodes.some((node) => node instanceof syntax.TypeParameterNode)) continue;
      for (const node of nodes) {
        if (!(node instanceof syntax.NewExpression)) continue;
        const meaning = names.of(source, node.typeName);
        if (meaning.kind !== 'sdk' || !fieldClasses.has(meaning.name)) continue;
        for (const argument of node.typeArguments ?? []) types.read(argument, source, `a ${meaning.name}`);
      }
    }
  }
}

/** The layout's entry of the owner, where a file imports what keeps it. */
export function ownerField(syntax: AssemblyScript, sources: readonly Source[]): StorageField | undefined {
  for (const source of sources) {
    for (const statement of source.statements) {
      if (!(statement instanceof syntax.ImportStatement) || !statement.internalPath.startsWith('~lib/blockstm/'))
        continue;
      const keeper = statement.declarations?.find(({ foreignName }) => ownerFunctions.has(foreignName.text));
      if (keeper !== undefined) return reservedField(OWNER_FIELD, 'address', keeper);
    }
  }
  return undefined;
}

/** The layout's entry of a field that the SDK keeps for itself. */
function reservedField(name: string, value: string, place: Node): StorageField {
  const file = place.range.source.normalizedPath;
  return { name, kind: 'value', prefix: digitsOf(fieldPrefix(name)), value, file, line: lineOf(place) };
}

/** Whether the name is that of a class whose objects are storage fields. */
export function isFieldClass(name: string): boolean {
  return fieldClasses.has(name);
}

/** The structs of the SDK that the fields' types name. */
export function sdkStructs(fields: readonly DeclaredField[]): (typeof roleGrant)[] {
  return fields.some(({ layout }) => layout.key === roleGrant.name) ? [roleGrant] : [];
}

/** Makes each field constant data. */
export function layOutFields(syntax: AssemblyScript, fields: readonly DeclaredField[]): void {
  for (const { declaration, type, prefix } of fields) declaration.initializer = staticData(syntax, type, prefix);
}

/** FNV-1a, 64 bits, over the name's UTF-8 bytes: the first word of a field's keys. */
export function fieldPrefix(name: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(name)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

function digitsOf(prefix: bigint): string {
  return prefix.toString(16).padStart(16, '0');
}

/** The field that a declaration creates; undefined where it creates none. */
function readField(
  syntax: AssemblyScript,
  names: Names,
  types: Types,
  source: Source,
  declaration: VariableDeclaration,
): DeclaredField | undefined {
  const created = declaration.initializer;
  if (!(created instanceof syntax.NewExpression)) return undefined;
  const meaning = names.of(source, created.typeName);
  const fieldClass = meaning.kind === 'sdk' ? fieldClasses.get(meaning.name) : undefined;
  if (fieldClass === undefined) return undefined;
  const name = nameOf(syntax, declaration, created);
  const type = typeOf(syntax, declaration, created, fieldClass);
  const parts: { key?: ContractType; value?: ContractType } = {};
  for (const [index, part] of fieldClass.parts.entries()) {
    const argument = type.typeArguments?.[index];
    if (argument === undefined) throw errorAt(created, `the storage field "${name}" needs its types: new ...<...>()`);
    parts[part] = types.read(argument, source, `the storage field "${name}"`);
  }
  const { key, value } = parts;
  const keyBytes = fieldClass.keyStart + (key?.leastBytes ?? 0);
  if (keyBytes > keyBytesMax) {
    throw errorAt(
      declaration.name,
      `the keys of "${name}" take ${keyBytes} bytes or more; a storage key has at most ${keyBytesMax}`,
    );
  }
  const isRoles = meaning.kind === 'sdk' && meaning.name === 'Roles';
  const prefix = fieldPrefix(name);
  const layout = {
    name,
    kind: fieldClass.kind,
    prefix: digitsOf(prefix),
    ...(key !== undefined && { key: key.text }),
    ...(isRoles && { key: roleGrant.name }),
    ...(value !== undefined && { value: value.text }),
    file: source.normalizedPath,
    line: lineOf(declaration),
  };
  const structs = [key?.struct, value?.struct].filter((struct) => struct !== undefined);
  return { layout, declaration, created, type, prefix, structs };
}

/** The string given to the constructor; without one, the variable's name. */
function nameOf(syntax: AssemblyScript, declaration: VariableDeclaration, created: NewExpression): string {
  const [name, ...others] = created.args;
  if (name === undefined) return declaration.name.text;
  if (!(name instanceof syntax.StringLiteralExpression) || others.length > 0) {
    throw errorAt(
      name,
      "a storage field at the top level has its variable's name, or one given as a string literal: the layout tells it",
    );
  }
  return name.value;
}

/** The object's type, from what it is created as or declared as. */
function typeOf(
  syntax: AssemblyScript,
  declaration: VariableDeclaration,
  created: NewExpression,
  fieldClass: FieldClass,
): TypeNode & { readonly typeArguments?: readonly TypeNode[] | null } {
  const isWhole = fieldClass.parts.length === 0 || created.typeArguments !== null;
  if (!isWhole && declaration.type instanceof syntax.NamedTypeNode) return declaration.type;
  return syntax.Node.createNamedType(created.typeName, created.typeArguments, false, created.range);
}

function refuseClash(
  syntax: AssemblyScript,
  field: DeclaredField,
  other: string,
  fields: readonly DeclaredField[],
): never {
  const name = field.created.args[0];
  const place = name instanceof syntax.StringLiteralExpression ? name : field.declaration.name;
  const earlier = fields.find(({ prefix }) => prefix === field.prefix)?.layout;
  const where = earlier === undefined ? ', which the SDK keeps for itself' : ` (${earlier.file}:${earlier.line})`;
  const what =
    other === field.layout.name
      ? `two storage fields are named "${other}"${where}`
      : `the names of the storage fields "${field.layout.name}" and "${other}"${where} have the same hash`;
  throw errorAt(place, `${what}: each would overwrite the other's values`);
}

/** `changetype<Type>(memory.data<u64>([prefix]))`. */
function staticData(syntax: AssemblyScript, type: TypeNode, prefix: bigint): Expression {
  const [statement] = parseGenerated(syntax, `changetype<usize>(memory.data<u64>([0x${prefix.toString(16)}]));`);
  const call = statement instanceof syntax.ExpressionStatement ? statement.expression : undefined;
  if (!(call instanceof syntax.CallExpression)) throw new TypeError('AssemblyScript parsed a call as something else');
  // The author's own type node, so that an error in it is reported where it was written.
  call.typeArguments = [type];
  return call;
}
