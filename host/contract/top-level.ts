// What may stand at the top level of a contract's files: declarations, and constants that no call can change.

import type { Problems } from './problems.js';
import {
  type AssemblyScript,
  type Expression,
  errorAt,
  flags,
  type Node,
  nodesOf,
  type Source,
  type Statement,
  type VariableDeclaration,
} from './syntax.js';

/** Refuses what would live on from call to call, and code that no method runs, each at its place. */
export function checkTopLevel(syntax: AssemblyScript, problems: Problems, sources: readonly Source[]): void {
  for (const source of sources) checkStatements(syntax, problems, source.statements);
}

function checkStatements(syntax: AssemblyScript, problems: Problems, statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (statement instanceof syntax.NamespaceDeclaration) checkStatements(syntax, problems, statement.members);
    else problems.attempt(() => checkStatement(syntax, statement));
  }
}

function checkStatement(syntax: AssemblyScript, statement: Statement): void {
  if (statement instanceof syntax.VariableStatement) {
    for (const declaration of statement.declarations) {
      if (!declaration.is(flags.const)) refuseVariable(declaration.name, declaration.name.text);
      refuseArray(syntax, declaration);
    }
  } else if (statement instanceof syntax.ClassDeclaration) {
    for (const member of statement.members) {
      if (!(member instanceof syntax.FieldDeclaration)) continue;
      if (member.is(flags.static) && !member.is(flags.readonly)) refuseVariable(member.name, member.name.text);
      if (member.is(flags.static)) refuseArray(syntax, member);
    }
  } else if (isCode(syntax, statement)) {
    throw errorAt(
      statement,
      'code at the top level of a file belongs to no call: put it in a method, or in one with @init to run it once',
    );
  }
}

/** Whether a statement is neither a declaration nor an import, an export or nothing at all. */
function isCode(syntax: AssemblyScript, statement: Statement): boolean {
  const isDeclaration = [
    syntax.EmptyStatement,
    syntax.EnumDeclaration,
    syntax.ExportDefaultStatement,
    syntax.ExportImportStatement,
    syntax.ExportStatement,
    syntax.FunctionDeclaration,
    syntax.ImportStatement,
    syntax.TypeDeclaration,
  ].some((kind) => statement instanceof kind);
  return !isDeclaration;
}

/**
 * A variable outside of functions keeps its value for as long as its instance lives, which differs between workers and
 * runs: a contract's result would depend on it.
 */
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

function holdsArrayLiteral(syntax: AssemblyScript, root: Expression): boolean {
  for (const node of nodesOf(root)) if (node instanceof syntax.ArrayLiteralExpression) return true;
  return false;
}
