// Names that the compiler gives what it writes into a contract's files, and that an author's would clash with.

import type { Problems } from './problems.js';
import { stubbedContract } from './stub.js';
import { type AssemblyScript, errorAt, type Identifier, type Source, type Statement } from './syntax.js';

/** Members that the compiler adds to classes, see structs.ts and events.ts. */
const addedMembers = new Set(['__absent', '__argument', '__decode', '__emit', '__encode', '__least']);

/** Problems: what the author's files call by one of these names. */
export function checkNames(syntax: AssemblyScript, problems: Problems, sources: readonly Source[]): void {
  for (const { normalizedPath, statements } of sources) {
    if (stubbedContract(normalizedPath) === undefined) checkStatements(syntax, problems, statements);
  }
}

function checkStatements(syntax: AssemblyScript, problems: Problems, statements: readonly Statement[]): void {
  for (const statement of statements) {
    for (const name of namesIn(syntax, statement)) problems.attempt(() => checkName(name));
    if (statement instanceof syntax.NamespaceDeclaration) checkStatements(syntax, problems, statement.members);
    if (!(statement instanceof syntax.ClassDeclaration)) continue;
    for (const member of statement.members) {
      if (!(member instanceof syntax.FieldDeclaration || member instanceof syntax.MethodDeclaration)) continue;
      problems.attempt(() => {
        if (addedMembers.has(member.name.text)) {
          throw errorAt(member.name, `the compiler adds a member "${member.name.text}" of its own: name this otherwise`);
        }
        checkName(member.name);
      });
    }
  }
}

/** What a statement declares, and the parameters of a function. */
function namesIn(syntax: AssemblyScript, statement: Statement): readonly Identifier[] {
  if (statement instanceof syntax.VariableStatement) return statement.declarations.map(({ name }) => name);
  if (statement instanceof syntax.ImportStatement) {
    const imported = (statement.declarations ?? []).map(({ name }) => name);
    return statement.namespaceName === null ? imported : [...imported, statement.namespaceName];
  }
  if (statement instanceof syntax.ExportStatement) return (statement.members ?? []).map((each) => each.exportedName);
  if (statement instanceof syntax.FunctionDeclaration) {
    return [statement.name, ...statement.signature.parameters.map(({ name }) => name)];
  }
  const isNamed =
    statement instanceof syntax.ClassDeclaration ||
    statement instanceof syntax.EnumDeclaration ||
    statement instanceof syntax.NamespaceDeclaration ||
    statement instanceof syntax.TypeDeclaration;
  return isNamed ? [statement.name] : [];
}

/** @throws CompileError at the name. */
function checkName(name: Identifier): void {
  if (!name.text.startsWith('$')) return;
  throw errorAt(name, `names that begin with "$" are the compiler's: name "${name.text}" otherwise`);
}
