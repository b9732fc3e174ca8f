// A contract's storage fields: read for its layout, and laid out as constant data, so that they cost nothing at run time.
//
//   const balances = new Map<Address, u64>()
//
// becomes the address of a static word that holds FNV-1a("balances"). A field is declared as a constant at the top level of a file, in a namespace, or as a static
// readonly field of a class; then its name has theirs in front. One that is made anywhere else would be in no layout, and nobody could say what its name clashes with.

import { type FieldClass, fieldClasses, fieldsForMany, roleGrant } from './field-class.js';
import { digitsOf, fieldPrefix } from './field-prefix.js';
import { parseGenerated } from './generated-code.js';
import type { StorageField } from './layout.js';
import { type Names, nodesOfFile, type Scope, stepsMax } from './names.js';
import { OWNER_FIELD } from './owner-field.js';
import type { Problems } from './problems.js';
import { type ContractType, refuseGeneric, type Struct, type Types } from './source-types.js';
import { sdkNames } from './structs.js';
import {
  type AssemblyScript,
  type Expression,
  errorAt,
  flags,
  lineOf,
  type NamedType,
  type NewExpression,
  type Source,
  type Statement,
  type TypeDeclaration,
  type TypeNode,
  type VariableDeclaration,
} from './syntax.js';

/** What a storage key may have. */
const keyBytesMax = 256;

/** Names that may be given to a field: whatever a terminal and the key of a map, `name[key]`, can have around them. */
const fieldName = /^[\p{L}\p{M}\p{N}_$.-]+(?: [\p{L}\p{M}\p{N}_$.-]+)*$/u;

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

/** What `new` of a storage field says. */
interface CreatedField {
  /** Of the SDK. */
  readonly className: string;
  /** With its arguments, if the expression gives them: that of an alias is what it stands for, in the alias's file. */
  readonly type: NamedType;
  readonly source: Source;
  /** The aliases that lead to it. */
  readonly aliases: readonly TypeDeclaration[];
}

/** A constant, and the names of the namespaces and the class that it is in, with a dot behind each. */
export interface Constant {
  readonly declaration: VariableDeclaration;
  readonly qualifier: string;
  readonly scope: Scope;
}

/**
 * The fields of a contract's files. Problems: two fields of one name, a name that is no literal, a type that cannot be stored, and a field that is made where none can be.
 */
export function readFields(
  syntax: AssemblyScript,
  problems: Problems,
  names: Names,
  types: Types,
  sources: readonly Source[],
): DeclaredField[] {
  const fields: DeclaredField[] = [];
  const declared = new Set<object>();
  const taken = new Map<bigint, string>();
  taken.set(fieldPrefix(OWNER_FIELD), OWNER_FIELD);
  for (const source of sources) {
    const outside = { source, namespaces: [] };
    for (const constant of constantsOf(syntax, source.statements, outside, '')) {
      const created = createdField(syntax, names, constant.scope, constant.declaration.initializer);
      if (created === undefined) continue;
      declared.add(constant.declaration.initializer as Expression);
      problems.attempt(() => {
        const field = readField(syntax, types, constant, created);
        const other = taken.get(field.prefix);
        if (other !== undefined) refuseClash(syntax, field, other, fields);
        taken.set(field.prefix, field.layout.name);
        fields.push(field);
      });
    }
    for (const { node, scope } of nodesOfFile(syntax, source)) {
      if (!declared.has(node)) problems.attempt(() => refuseMade(syntax, names, scope, node));
    }
  }
  return fields;
}

/** The constants of a file: those of its top level, of its namespaces and of its classes. */
export function* constantsOf(
  syntax: AssemblyScript,
  statements: readonly Statement[],
  scope: Scope,
  qualifier: string,
): Generator<Constant> {
  for (const statement of statements) {
    if (statement instanceof syntax.VariableStatement) {
      for (const declaration of statement.declarations) yield { declaration, qualifier, scope };
    } else if (statement instanceof syntax.NamespaceDeclaration) {
      const inner = { ...scope, namespaces: [...scope.namespaces, statement] };
      yield* constantsOf(syntax, statement.members, inner, `${qualifier}${statement.name.text}.`);
    } else if (statement instanceof syntax.ClassDeclaration) {
      for (const member of statement.members) {
        if (!(member instanceof syntax.FieldDeclaration) || !member.is(flags.static)) continue;
        yield { declaration: member, qualifier: `${qualifier}${statement.name.text}.`, scope };
      }
    }
  }
}

/** Refuses a field that is made where no declaration says it. */
function refuseMade(syntax: AssemblyScript, names: Names, scope: Scope, node: object): void {
  if (node instanceof syntax.NewExpression) {
    const name = createdField(syntax, names, scope, node)?.className;
    if (name === undefined) return;
    const many = fieldsForMany.get(name) ?? `a ${name} keyed by a class that has it as a field`;
    throw errorAt(
      node,
      `a ${name} made here would be in no layout, and its name could clash with another's: declare it as a constant outside of functions; for one for each of many, use ${many}`,
    );
  }
  if (node instanceof syntax.CallExpression && node.expression instanceof syntax.IdentifierExpression) {
    const meaning = names.lookUp(scope, node.expression.text);
    // What type it makes may be known where a generic function is used only.
    if (meaning.kind === 'global' && meaning.name === 'instantiate') {
      throw errorAt(node, 'instantiate could make a storage field that is in no layout: write `new` and the class');
    }
  }
}

/** What an expression creates that is a storage field; undefined where it creates none. */
function createdField(
  syntax: AssemblyScript,
  names: Names,
  scope: Scope,
  created: Expression | null,
): CreatedField | undefined {
  if (!(created instanceof syntax.NewExpression)) return undefined;
  const { typeName, typeArguments, range } = created;
  let meaning = names.resolve(scope, typeName);
  let source = scope.source;
  let type = syntax.Node.createNamedType(typeName, typeArguments, false, range);
  const aliases: TypeDeclaration[] = [];
  for (let steps = 0; meaning.kind === 'alias' && steps < stepsMax; steps++) {
    aliases.push(meaning.declaration);
    const { type: target } = meaning.declaration;
    if (!(target instanceof syntax.NamedTypeNode)) return undefined;
    type = target;
    source = meaning.source;
    meaning = names.resolve(meaning.scope, type.name);
  }
  const className = meaning.kind === 'sdk' ? meaning.name : '';
  return fieldClasses.has(className) ? { className, type, source, aliases } : undefined;
}

/** The structs of the SDK that the fields' types name. */
export function sdkStructs(fields: readonly DeclaredField[]): (typeof roleGrant)[] {
  return fields.some(({ layout }) => layout.key === roleGrant.name) ? [roleGrant] : [];
}

/** Makes each field constant data. */
export function layOutFields(syntax: AssemblyScript, fields: readonly DeclaredField[]): void {
  for (const { declaration, type, prefix } of fields) declaration.initializer = staticData(syntax, type, prefix);
}

/** The field that a constant is. */
function readField(
  syntax: AssemblyScript,
  types: Types,
  { declaration, qualifier, scope }: Constant,
  { className, type: createdType, source, aliases }: CreatedField,
): DeclaredField {
  const created = declaration.initializer as NewExpression;
  const fieldClass = fieldClasses.get(className) as FieldClass;
  const name = nameOf(syntax, `${qualifier}${declaration.name.text}`, created);
  for (const alias of aliases) refuseGeneric(alias, created.typeName, `the storage field "${name}"`);
  // Its arguments may be given by the type that it is declared as.
  const isDeclared = fieldClass.parts.length > 0 && createdType.typeArguments === null;
  const described = isDeclared && declaration.type instanceof syntax.NamedTypeNode ? declaration.type : createdType;
  const parts: { key?: ContractType; value?: ContractType } = {};
  for (const [index, part] of fieldClass.parts.entries()) {
    const argument = described.typeArguments?.[index];
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
  const prefix = fieldPrefix(name);
  const layout = {
    name,
    kind: fieldClass.kind,
    prefix: digitsOf(prefix),
    ...(key !== undefined && { key: key.text }),
    ...(className === 'Roles' && { key: roleGrant.name }),
    ...(value !== undefined && { value: value.text }),
    ...(className === 'CounterMap' && { value: 'u64' }),
    file: scope.source.normalizedPath,
    line: lineOf(declaration),
  };
  // As its own file writes it.
  const written = syntax.Node.createNamedType(created.typeName, created.typeArguments, false, created.range);
  const type = described === declaration.type ? described : written;
  const structs = [key?.struct, value?.struct].filter((struct) => struct !== undefined);
  return { layout, declaration, created, type, prefix, structs };
}

/** The string given to the constructor; without one, that of the variable. @throws CompileError */
function nameOf(syntax: AssemblyScript, variable: string, created: NewExpression): string {
  const [name, ...others] = created.args;
  if (name === undefined) return variable;
  if (!(name instanceof syntax.StringLiteralExpression) || others.length > 0) {
    throw errorAt(
      name,
      "a storage field has its variable's name, or one given as a string literal: the layout tells it",
    );
  }
  if (!fieldName.test(name.value)) {
    throw errorAt(
      name,
      'a storage field is named by letters, digits, "_", "$", "." and "-", in words with one space between',
    );
  }
  return name.value;
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
  const { codec } = sdkNames;
  const [statement] = parseGenerated(
    syntax,
    `${codec}.changetype<usize>(${codec}.memory.data<u64>([0x${prefix.toString(16)}]));`,
  );
  const call = statement instanceof syntax.ExpressionStatement ? statement.expression : undefined;
  if (!(call instanceof syntax.CallExpression)) throw new TypeError('AssemblyScript parsed a call as something else');
  // The author's own type node, so that an error in it is reported where it was written.
  call.typeArguments = [type];
  return call;
}
