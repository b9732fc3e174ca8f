// What objects of a type that is written out are, as far as it can be seen without compiling.

import { isFieldClass } from './field-class.js';
import { type Names, type Scope, stepsMax } from './names.js';
import type { AssemblyScript, ClassDeclaration, FunctionDeclaration, TypeName, TypeNode } from './syntax.js';
import { type Thing, unknown } from './thing.js';

export class NamedTypes {
  private readonly syntax: AssemblyScript;
  private readonly names: Names;

  constructor(syntax: AssemblyScript, names: Names) {
    this.syntax = syntax;
    this.names = names;
  }

  /** An object of a type. */
  ofType(type: TypeNode, scope: Scope, steps = 0): Thing {
    if (steps > stepsMax || !(type instanceof this.syntax.NamedTypeNode)) return unknown;
    return this.ofName(type.name, type.typeArguments, scope, steps);
  }

  /** An object of what a type's name stands for where it is said. */
  ofName(name: TypeName, typeArguments: readonly TypeNode[] | null, scope: Scope, steps = 0): Thing {
    const argument = name.next === null ? scope.typeArguments?.get(name.identifier.text) : undefined;
    if (argument !== undefined) return argument;
    const meaning = this.names.resolve(scope, name);
    const given = (typeArguments ?? []).map((type) => this.ofType(type, scope, steps + 1));
    if (meaning.kind === 'class') {
      const { declaration } = meaning;
      return { kind: 'object', of: { declaration, scope: withArguments(meaning.scope, declaration, given) } };
    }
    if (meaning.kind === 'alias') {
      const { declaration } = meaning;
      return this.ofType(declaration.type, withArguments(meaning.scope, declaration, given), steps + 1);
    }
    if (meaning.kind !== 'sdk') return unknown;
    // The last one is that of what is stored.
    const value = given.at(-1) ?? unknown;
    if (isFieldClass(meaning.name)) return { kind: 'field', value };
    return meaning.name === 'Slot' ? { kind: 'slot', value } : unknown;
  }
}

/**
 * The scope within a declaration that may have type parameters.
 * @param given - What they stand for, in their order: what is missing stands for nothing known.
 */
export function withArguments(
  scope: Scope,
  { typeParameters }: Pick<ClassDeclaration | FunctionDeclaration, 'typeParameters'>,
  given: readonly Thing[],
): Scope {
  if (typeParameters === null || typeParameters.length === 0) return scope;
  const own = typeParameters.map(({ name }, index) => [name.text, given[index] ?? unknown] as const);
  return { ...scope, typeArguments: new Map([...(scope.typeArguments ?? []), ...own]) };
}
