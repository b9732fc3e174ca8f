// Lays a contract's storage fields and events out as constant data, so that they cost nothing at run time.
//
//   const balances = new Map<Address, u64>("balances")
//
// becomes the address of a static word that holds FNV-1a("balances"): what the constructor would have put on the heap.
// A field made anywhere else still works through its constructor.

import {
  type AssemblyScript,
  type Expression,
  errorAt,
  flags,
  type Node,
  type Source,
  type Statement,
  sdkImports,
  type TypeNode,
  type VariableDeclaration,
} from './syntax.js';

/** File that the generated expressions belong to: a library's, which alone may use addresses. */
export const generatedFile = '~lib/blockstm/field.ts';

const floatTypes = new Set(['f32', 'f64', 'number']);

/** The SDK's classes that are laid out. */
const counterClass = 'Counter';
const fieldClasses = new Set(['Value', 'Map', counterClass]);
const eventClass = 'Event';

/**
 * Rewrites the top level of every file of the contract.
 * @param sources - The contract's own files, without libraries.
 * @throws CompileError for two fields of one name, and for a variable that would live on from call to call.
 */
export function layOutFields(syntax: AssemblyScript, sources: readonly Source[]): void {
  const fields = new Map<bigint, string>();
  for (const source of sources) {
    const imports = sdkImports(syntax, source);
    refuseVariables(syntax, source.statements);
    for (const statement of source.statements) {
      if (!(statement instanceof syntax.VariableStatement)) continue;
      for (const declaration of statement.declarations) {
        const created = createdObject(syntax, imports, declaration);
        if (created === undefined) continue;
        if (created.isEvent) {
          declaration.initializer = staticData(syntax, created.type, eventWords(created.name));
          continue;
        }
        const prefix = fieldPrefix(created.name);
        const other = fields.get(prefix);
        if (other !== undefined) {
          throw errorAt(
            created.place,
            `two storage fields are named "${other}": each would overwrite the other's values`,
          );
        }
        fields.set(prefix, created.name);
        declaration.initializer = staticData(syntax, created.type, [prefix]);
      }
    }
  }
}

/**
 * A variable outside of functions keeps its value for as long as its instance lives, which differs between workers and
 * runs: a contract's result would depend on it.
 */
function refuseVariables(syntax: AssemblyScript, statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (statement instanceof syntax.VariableStatement) {
      for (const declaration of statement.declarations) {
        if (!declaration.is(flags.const)) refuseVariable(declaration.name, declaration.name.text);
        refuseArray(syntax, declaration);
      }
    } else if (statement instanceof syntax.NamespaceDeclaration) {
      refuseVariables(syntax, statement.members);
    } else if (statement instanceof syntax.ClassDeclaration) {
      for (const member of statement.members) {
        if (!(member instanceof syntax.FieldDeclaration)) continue;
        if (member.is(flags.static) && !member.is(flags.readonly)) refuseVariable(member.name, member.name.text);
        if (member.is(flags.static)) refuseArray(syntax, member);
      }
    }
  }
}

function refuseVariable(place: Node, name: string): never {
  throw errorAt(
    place,
    `"${name}" would not be kept between calls: keep it in storage (Value, Map), or make it constant`,
  );
}

/**
 * AssemblyScript lays a constant array literal out as data, once, which a contract can write all the same: what it wrote
 * would be there in the next call. In a function the literal is made anew.
 */
function refuseArray(syntax: AssemblyScript, { name, initializer }: VariableDeclaration): void {
  if (initializer === null || !holdsArrayLiteral(syntax, initializer)) return;
  throw errorAt(
    name,
    `the array "${name.text}" would keep what is written to it between calls: make it in the function that uses it`,
  );
}

/** Whether there is an array literal anywhere in an expression. */
function holdsArrayLiteral(syntax: AssemblyScript, root: Expression): boolean {
  const seen = new Set<unknown>();
  const left: unknown[] = [root];
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (value instanceof syntax.ArrayLiteralExpression) return true;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    for (const [key, part] of Object.entries(value)) {
      // The range leads to the whole file.
      if (key !== 'range' && typeof part === 'object' && part !== null) left.push(part);
    }
  }
  return false;
}

interface CreatedObject {
  readonly isEvent: boolean;
  /** The string given to the constructor. */
  readonly name: string;
  readonly type: TypeNode;
  readonly place: Node;
}

/** The field or event that a declaration creates with a literal name. */
function createdObject(
  syntax: AssemblyScript,
  imports: ReadonlyMap<string, string>,
  declaration: VariableDeclaration,
): CreatedObject | undefined {
  const created = declaration.initializer;
  if (!(created instanceof syntax.NewExpression) || created.typeName.next !== null) return undefined;
  const className = imports.get(created.typeName.identifier.text);
  const isEvent = className === eventClass;
  if (className === undefined || !(isEvent || fieldClasses.has(className))) return undefined;
  const name = created.args[0];
  if (created.args.length !== 1 || !(name instanceof syntax.StringLiteralExpression)) return undefined;
  for (const argument of created.typeArguments ?? []) refuseFloat(syntax, argument);
  const named = syntax.Node.createNamedType(created.typeName, created.typeArguments, false, created.range);
  const isWhole = isEvent || className === counterClass || created.typeArguments !== null;
  const type = isWhole ? named : declaration.type;
  return type === null ? undefined : { isEvent, name: name.value, type, place: name };
}

/** Said here and not by the SDK's codec, which could not say where. */
function refuseFloat(syntax: AssemblyScript, type: TypeNode): void {
  if (type instanceof syntax.NamedTypeNode && floatTypes.has(type.name.identifier.text)) {
    throw errorAt(type, 'a contract has no floating-point numbers: use integers in a smaller unit');
  }
}

/** `changetype<Type>(memory.data<u64>([...]))`. */
function staticData(syntax: AssemblyScript, type: TypeNode, words: readonly bigint[]): Expression {
  const parser = new syntax.Parser();
  const literals = words.map((word) => `0x${word.toString(16)}`).join(', ');
  parser.parseFile(`changetype<usize>(memory.data<u64>([${literals}]));`, generatedFile, false);
  const statement = parser.sources[0]?.statements[0];
  const call = statement instanceof syntax.ExpressionStatement ? statement.expression : undefined;
  if (!(call instanceof syntax.CallExpression)) throw new TypeError('AssemblyScript parsed a call as something else');
  // The author's own type node, so that an error in it is reported where it was written.
  call.typeArguments = [type];
  return call;
}

/** FNV-1a, 64 bits, over the name's UTF-8 bytes: the first word of a field's keys. */
export function fieldPrefix(name: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(name)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash;
}

/** An event's layout: the length of its topic in bytes, then the topic's words. */
function eventWords(name: string): bigint[] {
  const bytes = new TextEncoder().encode(name);
  const words = [BigInt(bytes.length)];
  for (let offset = 0; offset < bytes.length; offset += 8) {
    let word = 0n;
    for (let index = Math.min(offset + 8, bytes.length) - 1; index >= offset; index--)
      word = (word << 8n) | BigInt(bytes[index] ?? 0);
    words.push(word);
  }
  return words;
}
