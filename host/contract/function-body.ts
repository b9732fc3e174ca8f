// What expressions in a function of the author's stand for, as far as it can be seen without compiling: by declarations, types that are written out, and aliases.

import { isFieldClass } from './fields.js';
import type { Meaning, Names, Scope } from './names.js';
import {
  type AssemblyScript,
  type ClassDeclaration,
  type Expression,
  type FunctionDeclaration,
  flags,
  type NewExpression,
  nodesOf,
  type TypeNode,
} from './syntax.js';

/** A function of the author's, and the class that its `this` is of. */
export interface AuthorFunction {
  readonly declaration: FunctionDeclaration;
  readonly scope: Scope;
  readonly owner?: AuthorClass;
}

export interface AuthorClass {
  readonly declaration: ClassDeclaration;
  readonly scope: Scope;
}

/** What an expression stands for: what a name does, or an object. */
export type Thing =
  | Meaning
  /** A storage field. */
  | { readonly kind: 'field' }
  /** A location, looked up. */
  | { readonly kind: 'slot' }
  | { readonly kind: 'object'; readonly of: AuthorClass }
  | ({ readonly kind: 'method' } & AuthorFunction);

const unknown: Thing = { kind: 'other' };

/** Methods of fields that give a slot. */
const slotMethods = new Set(['at', 'slot']);

/** How far aliases and classes are followed: those that lead back to themselves are AssemblyScript's to report. */
const stepsMax = 16;

export class FunctionBody {
  /** All nodes, in the order of the text. */
  readonly nodes: readonly object[];
  private readonly syntax: AssemblyScript;
  private readonly names: Names;
  private readonly scope: Scope;
  private readonly owner: AuthorClass | undefined;
  /** What the names declared in the function stand for. */
  private readonly locals = new Map<string, Thing>();

  /** Without a `declaration`, it is the outside of functions. */
  constructor(
    syntax: AssemblyScript,
    names: Names,
    { declaration, scope, owner }: Partial<AuthorFunction> & { readonly scope: Scope },
  ) {
    this.syntax = syntax;
    this.names = names;
    this.scope = scope;
    this.owner = owner;
    const { signature, body = null } = declaration ?? {};
    this.nodes = body === null ? [] : [...nodesOf(body)];
    for (const { name, type } of signature?.parameters ?? []) this.declare(name.text, this.ofType(type, scope));
    for (const node of this.nodes) {
      if (!(node instanceof syntax.VariableDeclaration)) continue;
      const declared = node.type === null ? unknown : this.ofType(node.type, scope);
      const isKnown = declared !== unknown || node.initializer === null;
      this.declare(node.name.text, isKnown ? declared : this.valueOf(node.initializer as Expression));
    }
  }

  /** What an expression of the function stands for. */
  valueOf(expression: Expression, steps = 0): Thing {
    const { syntax } = this;
    if (steps > stepsMax) return unknown;
    if (expression instanceof syntax.ParenthesizedExpression) return this.valueOf(expression.expression, steps);
    if (expression instanceof syntax.AssertionExpression) return this.valueOf(expression.expression, steps);
    if (expression instanceof syntax.TernaryExpression) {
      const value = this.valueOf(expression.ifThen, steps);
      return value === unknown ? this.valueOf(expression.ifElse, steps) : value;
    }
    if (expression instanceof syntax.ThisExpression) {
      return this.owner === undefined ? unknown : { kind: 'object', of: this.owner };
    }
    if (expression instanceof syntax.IdentifierExpression) {
      const local = this.locals.get(expression.text);
      return local ?? this.ofMeaning(this.names.lookUp(this.scope, expression.text), steps);
    }
    if (expression instanceof syntax.NewExpression) return this.ofNew(expression, this.scope);
    if (expression instanceof syntax.PropertyAccessExpression) {
      return this.ofMember(this.valueOf(expression.expression, steps), expression.property.text, steps);
    }
    if (expression instanceof syntax.CallExpression) return this.ofCall(expression.expression, steps);
    return unknown;
  }

  /** The constructor that `new` runs, if its author wrote one. */
  constructorOf(created: NewExpression): AuthorFunction | undefined {
    const thing = this.ofNew(created, this.scope);
    return thing.kind === 'object' ? this.methodOf(thing.of, 'constructor') : undefined;
  }

  private declare(name: string, thing: Thing): void {
    // Two of one name are in different blocks, which are not told apart here.
    this.locals.set(name, this.locals.has(name) ? unknown : thing);
  }

  private ofNew({ typeName }: NewExpression, scope: Scope): Thing {
    return this.ofClass(this.names.resolve(scope, typeName));
  }

  /** An object of what a type's name stands for. */
  private ofClass(meaning: Meaning, steps = 0): Thing {
    if (meaning.kind === 'class') return { kind: 'object', of: meaning };
    if (meaning.kind === 'alias') return this.ofType(meaning.declaration.type, meaning.scope, steps + 1);
    if (meaning.kind !== 'sdk') return unknown;
    if (isFieldClass(meaning.name)) return { kind: 'field' };
    return meaning.name === 'Slot' ? { kind: 'slot' } : unknown;
  }

  private ofType(type: TypeNode, scope: Scope, steps = 0): Thing {
    if (steps > stepsMax || !(type instanceof this.syntax.NamedTypeNode)) return unknown;
    return this.ofClass(this.names.resolve(scope, type.name), steps);
  }

  /** What a name stands for; of a variable, what it holds. */
  private ofMeaning(meaning: Meaning, steps: number): Thing {
    if (meaning.kind !== 'variable') return meaning;
    const { declaration, scope } = meaning;
    if (declaration.type !== null) {
      const declared = this.ofType(declaration.type, scope);
      if (declared !== unknown) return declared;
    }
    const { initializer } = declaration;
    if (initializer === null) return unknown;
    return new FunctionBody(this.syntax, this.names, { scope }).valueOf(initializer, steps + 1);
  }

  private ofMember(thing: Thing, name: string, steps: number): Thing {
    if (thing.kind !== 'object') {
      return isMeaning(thing) ? this.ofMeaning(this.names.memberOf(thing, name), steps) : unknown;
    }
    const method = this.methodOf(thing.of, name);
    if (method !== undefined) return { kind: 'method', ...method };
    for (const member of this.membersOf(thing.of, name)) {
      if (member instanceof this.syntax.FieldDeclaration && member.type !== null) {
        return this.ofType(member.type, thing.of.scope);
      }
    }
    return unknown;
  }

  /** What a call gives. */
  private ofCall(called: Expression, steps: number): Thing {
    if (called instanceof this.syntax.PropertyAccessExpression && slotMethods.has(called.property.text)) {
      if (this.valueOf(called.expression, steps).kind === 'field') return { kind: 'slot' };
    }
    const callee = this.valueOf(called, steps);
    const isAuthors = callee.kind === 'function' || callee.kind === 'method';
    return isAuthors ? this.ofType(callee.declaration.signature.returnType, callee.scope) : unknown;
  }

  /** An object's method, its class's own or inherited. */
  private methodOf(owner: AuthorClass, name: string, steps = 0): AuthorFunction | undefined {
    const { syntax } = this;
    for (const member of this.membersOf(owner, name)) {
      if (member instanceof syntax.MethodDeclaration) return { declaration: member, scope: owner.scope, owner };
    }
    const base = owner.declaration.extendsType;
    if (base === null || steps > stepsMax) return undefined;
    const thing = this.ofType(base, owner.scope);
    return thing.kind === 'object' ? this.methodOf(thing.of, name, steps + 1) : undefined;
  }

  /** Members of a class's objects. */
  private *membersOf({ declaration }: AuthorClass, name: string) {
    const { FieldDeclaration, MethodDeclaration } = this.syntax;
    for (const member of declaration.members) {
      const isMember = member instanceof FieldDeclaration || member instanceof MethodDeclaration;
      if (isMember && !member.is(flags.static) && member.name.text === name) yield member;
    }
  }
}

function isMeaning(thing: Thing): thing is Meaning {
  return thing.kind !== 'field' && thing.kind !== 'slot' && thing.kind !== 'object' && thing.kind !== 'method';
}
