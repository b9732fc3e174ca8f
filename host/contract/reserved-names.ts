// Names that the compiler gives what it writes into a contract's files, and that an author's would clash with.

import type { Problems } from './problems.js';
import { stubbedContract } from './stub.js';
import { type AssemblyScript, errorAt, type Identifier, type Source, type Statement } from './syntax.js';

/** Members that the compiler adds to classes, see structs.ts and events.ts. */
const addedMembers = new Set(['__absent', '__argument', '__decode', '__emit', '__encode', '__least']);

/** Names of types: a function or a variable of such a name would hide the type in all of its file. */
const typeNames = new Set(
  'bool i8 i16 i32 i64 isize u8 u16 u32 u64 usize f32 f64 v128 string String Array StaticArray Uint8Array void null'.split(
    ' ',
  ),
);

/** Problems: what the author's files call by one of these names. */
export function checkNames(syntax: AssemblyScript, problems: Problems, sources: readonly Source[]): void {
  for (const { normalizedPath, statements } of sources) {
    if (stubbedContract(normalizedPath) === undefined) checkStatements(syntax, problems, statements);
  }
}

function checkStatements(syntax: AssemblyScript, problems: Problems, statements: readonly Statement[]): void {
  for (const statement of statements) {
    for (const name of declaredNames(syntax, statement)) problems.attempt(() => checkDeclaredName(name));
    for (const name of parameterNames(syntax, statement)) problems.attempt(() => checkName(name));
    if (statement instanceof syntax.NamespaceDeclaration) checkStatements(syntax, problems, statement.members);
    if (!(statement instanceof syntax.ClassDeclaration)) continue;
    for (const member of statement.members) {
      if (!(member instanceof syntax.FieldDeclaration || member instanceof syntax.MethodDeclaration)) continue;
      problems.attempt(() => {
        if (addedMembers.has(member.name.text)) {
          throw errorAt(
            member.name,
            `the compiler adds a member "${member.name.text}" of its own: name this otherwise`,
          );
        }
        checkName(member.name);
      });
    }
  }
}

/** The names that a statement declares in its file, or exports. */
function declaredNames(syntax: AssemblyScript, statement: Statement): readonly Identifier[] {
  if (statement instanceof syntax.VariableStatement) return statement.declarations.map(({ name }) => name);
  if (statement instanceof syntax.ImportStatement) {
    const imported = (statement.declarations ?? []).map(({ name }) => name);
    return statement.namespaceName === null ? imported : [...imported, statement.namespaceName];
  }
  if (statement instanceof syntax.ExportStatement) return (statement.members ?? []).map((each) => each.exportedName);
  const isNamed =
    statement instanceof syntax.ClassDeclaration ||
    statement instanceof syntax.EnumDeclaration ||
    statement instanceof syntax.FunctionDeclaration ||
    statement instanceof syntax.NamespaceDeclaration ||
    statement instanceof syntax.TypeDeclaration;
  return isNamed ? [statement.name] : [];
}

function parameterNames(syntax: AssemblyScript, statement: Statement): readonly Identifier[] {
  if (!(statement instanceof syntax.FunctionDeclaration)) return [];
  return statement.signature.parameters.map(({ name }) => name);
}

/** @throws CompileError at the name. */
function checkName(name: Identifier): void {
  if (!name.text.startsWith('$')) return;
  throw errorAt(name, `names that begin with "$" are the compiler's: name "${name.text}" otherwise`);
}

/** @throws CompileError at the name. */
function checkDeclaredName(name: Identifier): void {
  checkName(name);
  if (!typeNames.has(name.text)) return;
  throw errorAt(name, `"${name.text}" is the name of a type, which this would hide: name it otherwise`);
}
