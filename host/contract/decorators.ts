// Decorators: those that a contract's author may write, and where.

import type { Problems } from './problems.js';
import { stubbedContract } from './stub.js';
import {
  type AssemblyScript,
  type ClassDeclaration,
  type Declaration,
  type Decorator,
  errorAt,
  type FunctionDeclaration,
  type Namespace,
  type Source,
  type Statement,
} from './syntax.js';

/** Those of methods. */
export const methodDecorators = ['view', 'init', 'migrate'] as const;

export type MethodDecorator = (typeof methodDecorators)[number];

/** The decorator of a declaration that has this name. */
export function decoratorNamed(syntax: AssemblyScript, declaration: Declaration, name: string): Decorator | undefined {
  return declaration.decorators?.find((decorator) => nameOf(syntax, decorator) === name);
}

/**
 * Refuses decorators that mean nothing where they stand, each at its place.
 * @param methods - The declarations of its methods.
 */
export function checkDecorators(
  syntax: AssemblyScript,
  problems: Problems,
  sources: readonly Source[],
  methods: ReadonlySet<FunctionDeclaration>,
): void {
  for (const source of sources) {
    // A stub tells views by the decorator.
    if (stubbedContract(source.normalizedPath) !== undefined) continue;
    for (const statement of source.statements) {
      problems.attempt(() => checkStatement(syntax, statement, methods));
    }
  }
}

function checkStatement(syntax: AssemblyScript, statement: Statement, methods: ReadonlySet<FunctionDeclaration>): void {
  if (statement instanceof syntax.VariableStatement) {
    for (const declaration of statement.declarations) check(syntax, declaration, 'a variable', []);
  } else if (statement instanceof syntax.FunctionDeclaration) {
    if (methods.has(statement)) checkMethod(syntax, statement);
    else check(syntax, statement, 'a function that the contract does not export', []);
  } else if (statement instanceof syntax.ClassDeclaration) {
    check(syntax, statement, 'a class', ['event']);
    checkMembers(syntax, statement);
  } else if (statement instanceof syntax.NamespaceDeclaration) {
    check(syntax, statement, 'a namespace', []);
    checkNamespace(syntax, statement, methods);
  } else if (statement instanceof syntax.EnumDeclaration) {
    check(syntax, statement, 'an enum', []);
  } else if (statement instanceof syntax.TypeDeclaration) {
    check(syntax, statement, 'a type', []);
  }
}

function checkNamespace(syntax: AssemblyScript, namespace: Namespace, methods: ReadonlySet<FunctionDeclaration>): void {
  for (const member of namespace.members) {
    if (member instanceof syntax.ClassDeclaration) {
      check(syntax, member, 'a class in a namespace', []);
      checkMembers(syntax, member);
    } else {
      checkStatement(syntax, member, methods);
    }
  }
}

function checkMembers(syntax: AssemblyScript, declaration: ClassDeclaration): void {
  for (const member of declaration.members) {
    if (member instanceof syntax.FieldDeclaration) check(syntax, member, 'a field', []);
    else if (member instanceof syntax.FunctionDeclaration) check(syntax, member, 'a member of a class', []);
  }
}

function checkMethod(syntax: AssemblyScript, declaration: FunctionDeclaration): void {
  check(syntax, declaration, 'a method', methodDecorators);
  const own = (declaration.decorators ?? []).filter(({ decoratorKind }) => decoratorKind === 0);
  const second = own[1];
  if (second !== undefined) {
    throw errorAt(second, `a method has one of ${methodDecorators.map((name) => `@${name}`).join(', ')}, not two`);
  }
  for (const decorator of own) {
    if (decorator.args !== null && decorator.args.length > 0) {
      throw errorAt(decorator, `@${nameOf(syntax, decorator)} takes no arguments`);
    }
  }
}

function check(syntax: AssemblyScript, declaration: Declaration, what: string, allowed: readonly string[]): void {
  for (const decorator of declaration.decorators ?? []) {
    // AssemblyScript checks its own.
    if (decorator.decoratorKind !== 0) continue;
    const name = nameOf(syntax, decorator);
    if (name !== undefined && allowed.includes(name)) continue;
    const known = [...methodDecorators, 'event'].some((other) => other === name);
    if (!known) {
      const list = [...methodDecorators.map((other) => `@${other}`), '@event'].join(', ');
      throw errorAt(decorator, `there is no decorator @${name ?? '...'}; there are ${list}`);
    }
    const place = name === 'event' ? 'a class at the top level of a file' : 'a function that the contract exports';
    throw errorAt(decorator, `@${name} means nothing on ${what}: it belongs on ${place}`);
  }
}

function nameOf(syntax: AssemblyScript, decorator: Decorator): string | undefined {
  return decorator.name instanceof syntax.IdentifierExpression ? decorator.name.text : undefined;
}
