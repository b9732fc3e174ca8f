// The members of the author's classes, their own and inherited.

import type { NamedTypes } from './named-types.js';
import { type AuthorClass, type Scope, stepsMax } from './names.js';
import { type AssemblyScript, type Decorator, type FunctionDeclaration, flags, type TypeNode } from './syntax.js';
import { type AuthorFunction, type Thing, unknown } from './thing.js';

/** What the decorators of operators are called, by where the operator stands. */
const operatorDecorators = {
  binary: ['operator', 'operator.binary'],
  prefix: ['operator.prefix'],
  postfix: ['operator.postfix'],
} as const;

export class ClassMembers {
  private readonly syntax: AssemblyScript;
  private readonly types: NamedTypes;

  constructor(syntax: AssemblyScript, types: NamedTypes) {
    this.syntax = syntax;
    this.types = types;
  }

  /** The class that a class inherits from. */
  baseOf(of: AuthorClass): AuthorClass | undefined {
    const [, base] = this.lineageOf(of);
    return base;
  }

  /** A method or a getter, or the setter of this name. */
  method(
    of: AuthorClass,
    name: string,
    { isSetter = false, isStatic = false }: { readonly isSetter?: boolean; readonly isStatic?: boolean } = {},
  ): AuthorFunction | undefined {
    return this.find(of, (member) => {
      return member.name.text === name && member.is(flags.set) === isSetter && member.is(flags.static) === isStatic;
    });
  }

  /** What an operator of objects of this class calls: for `+=`, the one of `+`. */
  operator(of: AuthorClass, kind: keyof typeof operatorDecorators, operator: string): AuthorFunction | undefined {
    return this.find(of, ({ decorators }) => {
      return (decorators ?? []).some((decorator) => {
        const [text] = decorator.args ?? [];
        const isKind = operatorDecorators[kind].some((name) => name === this.decoratorName(decorator));
        return isKind && text instanceof this.syntax.StringLiteralExpression && text.value === operator;
      });
    });
  }

  /** The type of a field of objects, where it is said. */
  field(of: AuthorClass, name: string): { readonly type: TypeNode; readonly scope: Scope } | undefined {
    for (const { declaration, scope } of this.lineageOf(of)) {
      for (const member of declaration.members) {
        if (!(member instanceof this.syntax.FieldDeclaration) || member.type === null) continue;
        if (member.name.text === name && !member.is(flags.static)) return { type: member.type, scope };
      }
    }
    return undefined;
  }

  /** A class, and those that it inherits from. */
  *lineageOf(of: AuthorClass): Generator<AuthorClass> {
    let next: AuthorClass | undefined = of;
    for (let steps = 0; next !== undefined && steps < stepsMax; steps++) {
      yield next;
      const { declaration, scope }: AuthorClass = next;
      const base: Thing =
        declaration.extendsType === null ? unknown : this.types.ofType(declaration.extendsType, scope);
      next = base.kind === 'object' ? base.of : undefined;
    }
  }

  private find(of: AuthorClass, isMeant: (member: FunctionDeclaration) => boolean): AuthorFunction | undefined {
    for (const owner of this.lineageOf(of)) {
      for (const member of owner.declaration.members) {
        if (!(member instanceof this.syntax.MethodDeclaration) || !isMeant(member)) continue;
        return { declaration: member, scope: owner.scope, owner };
      }
    }
    return undefined;
  }

  /** "operator.prefix" */
  private decoratorName({ name }: Decorator): string | undefined {
    const { IdentifierExpression, PropertyAccessExpression } = this.syntax;
    if (name instanceof IdentifierExpression) return name.text;
    if (!(name instanceof PropertyAccessExpression) || !(name.expression instanceof IdentifierExpression))
      return undefined;
    return `${name.expression.text}.${name.property.text}`;
  }
}
