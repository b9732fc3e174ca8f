// What expressions in code of the author's stand for, as far as it can be seen without compiling: by declarations, types that are written out, and aliases.

import { ClassMembers } from './class-members.js';
import { isFieldClass } from './field-class.js';
import { type AuthorClass, type Meaning, type Names, type Scope, stepsMax } from './names.js';
import {
  type AssemblyScript,
  type CallExpression,
  type Expression,
  type FunctionDeclaration,
  flags,
  type NewExpression,
  nodesOf,
  type PropertyAccess,
  type TypeNode,
} from './syntax.js';

/** A function of the author's. */
export interface AuthorFunction {
  readonly declaration: FunctionDeclaration;
  readonly scope: Scope;
  /** The class that its `this` is of. */
  readonly owner?: AuthorClass;
  /** What it is called with, for parameters of a type that is one of its own parameters. */
  readonly given?: ReadonlyMap<string, Thing>;
}

/** A function, or a class: then it is what makes the fields of its objects. */
export type AuthorCode = AuthorFunction | AuthorClass;

/** What an expression stands for: what a name does, or an object. */
export type Thing =
  | Meaning
  /** A storage field, and what its `get` gives. */
  | { readonly kind: 'field'; readonly value: Thing }
  /** A location, looked up. */
  | { readonly kind: 'slot'; readonly value: Thing }
  | { readonly kind: 'object'; readonly of: AuthorClass }
  | ({ readonly kind: 'method' } & AuthorFunction);

const unknown: Thing = { kind: 'other' };

/** Methods of fields that give a slot. */
const slotMethods = new Set(['at', 'slot']);

/** Methods of fields and slots that give what is stored. */
const valueMethods = new Set(['get', 'pop']);

export class FunctionBody {
  /** All nodes, in the order of the text, but those of functions within. */
  readonly nodes: readonly object[];
  readonly members: ClassMembers;
  private readonly syntax: AssemblyScript;
  private readonly names: Names;
  private readonly scope: Scope;
  private readonly owner: AuthorClass | undefined;
  /** What the names declared in the function stand for. */
  private readonly locals = new Map<string, Thing>();
  /** What was found out: the receiver of a long chain of calls is asked for by each call behind it. */
  private readonly values = new Map<Expression, Thing>();

  /** Without a declaration, it is the outside of functions. */
  constructor(syntax: AssemblyScript, names: Names, code: AuthorCode | { readonly scope: Scope }) {
    this.syntax = syntax;
    this.names = names;
    this.members = new ClassMembers(syntax, names);
    this.scope = code.scope;
    const declaration = 'declaration' in code ? code.declaration : undefined;
    // A function within, which cannot name what is outside of it, is code by itself.
    this.nodes = rootsOf(syntax, declaration).flatMap((root) => [
      ...nodesOf(root, (node) => node instanceof syntax.FunctionExpression),
    ]);
    if (declaration instanceof syntax.ClassDeclaration) this.owner = { declaration, scope: code.scope };
    else if ('owner' in code) this.owner = code.owner;
    if (declaration instanceof syntax.FunctionDeclaration) {
      const given = 'given' in code ? code.given : undefined;
      for (const { name, type } of declaration.signature.parameters) {
        this.declare(name.text, given?.get(name.text) ?? this.ofType(type, this.scope));
      }
    }
    for (const node of this.nodes) {
      if (!(node instanceof syntax.VariableDeclaration)) continue;
      const declared = node.type === null ? unknown : this.ofType(node.type, this.scope);
      const isKnown = declared !== unknown || node.initializer === null;
      this.declare(node.name.text, isKnown ? declared : this.valueOf(node.initializer as Expression));
    }
    // What was found with a part of the names declared.
    this.values.clear();
  }

  /** What an expression of the function stands for. */
  valueOf(expression: Expression, steps = 0): Thing {
    const known = this.values.get(expression);
    if (known !== undefined) return known;
    const value = this.findValue(expression, steps);
    this.values.set(expression, value);
    return value;
  }

  private findValue(expression: Expression, steps: number): Thing {
    const { syntax } = this;
    if (steps > stepsMax) return unknown;
    if (expression instanceof syntax.ParenthesizedExpression) return this.valueOf(expression.expression, steps);
    if (expression instanceof syntax.AssertionExpression) return this.valueOf(expression.expression, steps);
    if (expression instanceof syntax.TernaryExpression) {
      const value = this.valueOf(expression.ifThen, steps);
      return value === unknown ? this.valueOf(expression.ifElse, steps) : value;
    }
    if (expression instanceof syntax.NewExpression) return this.ofNew(expression);
    if (expression instanceof syntax.CallExpression) return this.ofCall(expression.expression, steps);
    const named = this.named(expression, steps);
    return isGetter(named) ? this.resultOf(named) : named;
  }

  /** The function that a name or a member is; of a getter the getter itself. */
  functionNamed(expression: Expression): AuthorFunction | undefined {
    const thing = this.named(expression, 0);
    return isFunction(thing) ? thing : undefined;
  }

  /** The setter that assigning to a member calls. */
  setterOf({ expression, property }: PropertyAccess): AuthorFunction | undefined {
    const thing = this.valueOf(expression);
    const kind = { isSetter: true, isStatic: thing.kind === 'class' };
    const of = thing.kind === 'class' ? thing : thing.kind === 'object' ? thing.of : undefined;
    return of && this.members.method(of, property.text, kind);
  }

  /** The operator of the author's that an expression calls. */
  operatorOf(operand: Expression, kind: 'binary' | 'prefix' | 'postfix', operator: string): AuthorFunction | undefined {
    const thing = this.valueOf(operand);
    return thing.kind === 'object' ? this.members.operator(thing.of, kind, operator) : undefined;
  }

  /** The class of which `new` makes an object. */
  classOf(created: NewExpression): AuthorClass | undefined {
    const thing = this.ofNew(created);
    return thing.kind === 'object' ? thing.of : undefined;
  }

  /** The function that a call is of, with what it gives a generic one. */
  functionCalled({ expression, args }: CallExpression): AuthorFunction | undefined {
    if (expression instanceof this.syntax.SuperExpression) {
      const base = this.owner && this.members.baseOf(this.owner);
      return base && this.members.method(base, 'constructor');
    }
    const called = this.functionNamed(expression);
    if (called === undefined) return undefined;
    const { typeParameters, signature } = called.declaration;
    const given = new Map<string, Thing>();
    for (const [index, { name, type }] of signature.parameters.entries()) {
      const argument = args[index];
      if (argument === undefined || !(type instanceof this.syntax.NamedTypeNode)) continue;
      const { identifier } = type.name;
      const isGeneric = typeParameters?.some((parameter) => parameter.name.text === identifier.text);
      if (isGeneric) given.set(name.text, this.valueOf(argument));
    }
    return given.size === 0 ? called : { ...called, given };
  }

  private declare(name: string, thing: Thing): void {
    // Two of one name are in different blocks, which are not told apart here.
    this.locals.set(name, this.locals.has(name) ? unknown : thing);
  }

  private named(expression: Expression, steps: number): Thing {
    const { syntax } = this;
    if (expression instanceof syntax.ThisExpression) {
      return this.owner === undefined ? unknown : { kind: 'object', of: this.owner };
    }
    if (expression instanceof syntax.SuperExpression) {
      const base = this.owner && this.members.baseOf(this.owner);
      return base === undefined ? unknown : { kind: 'object', of: base };
    }
    if (expression instanceof syntax.IdentifierExpression) {
      const local = this.locals.get(expression.text);
      return local ?? this.ofMeaning(this.names.lookUp(this.scope, expression.text), steps);
    }
    if (expression instanceof syntax.PropertyAccessExpression) {
      return this.ofMember(this.valueOf(expression.expression, steps), expression.property.text, steps);
    }
    return unknown;
  }

  private ofNew({ typeName, typeArguments }: NewExpression): Thing {
    return this.ofClass(this.names.resolve(this.scope, typeName), typeArguments, this.scope);
  }

  /** An object of what a type's name stands for. */
  private ofClass(meaning: Meaning, typeArguments: readonly TypeNode[] | null, scope: Scope, steps = 0): Thing {
    if (meaning.kind === 'class') return { kind: 'object', of: meaning };
    if (meaning.kind === 'alias') return this.ofType(meaning.declaration.type, meaning.scope, steps + 1);
    if (meaning.kind !== 'sdk') return unknown;
    // The last one is that of what is stored.
    const type = typeArguments?.at(-1);
    const value = type === undefined ? unknown : this.ofType(type, scope, steps + 1);
    if (isFieldClass(meaning.name)) return { kind: 'field', value };
    return meaning.name === 'Slot' ? { kind: 'slot', value } : unknown;
  }

  private ofType(type: TypeNode, scope: Scope, steps = 0): Thing {
    if (steps > stepsMax || !(type instanceof this.syntax.NamedTypeNode)) return unknown;
    return this.ofClass(this.names.resolve(scope, type.name), type.typeArguments, scope, steps);
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
    const method = this.members.method(thing.of, name);
    if (method !== undefined) return { kind: 'method', ...method };
    const field = this.members.field(thing.of, name);
    return field === undefined ? unknown : this.ofType(field.type, field.scope);
  }

  /** What a call gives. */
  private ofCall(called: Expression, steps: number): Thing {
    if (called instanceof this.syntax.PropertyAccessExpression) {
      const thing = this.valueOf(called.expression, steps);
      if (thing.kind === 'field' || thing.kind === 'slot') {
        if (slotMethods.has(called.property.text)) return { kind: 'slot', value: thing.value };
        return valueMethods.has(called.property.text) ? thing.value : unknown;
      }
    }
    const callee = this.valueOf(called, steps);
    return isFunction(callee) ? this.resultOf(callee) : unknown;
  }

  private resultOf({ declaration, scope }: AuthorFunction): Thing {
    return this.ofType(declaration.signature.returnType, scope);
  }
}

/** Where the code of a declaration is. */
function rootsOf(syntax: AssemblyScript, declaration: AuthorCode['declaration'] | undefined): readonly object[] {
  if (declaration instanceof syntax.FunctionDeclaration) {
    const defaults = declaration.signature.parameters.map(({ initializer }) => initializer);
    return [...defaults, declaration.body].filter((root) => root !== null);
  }
  if (!(declaration instanceof syntax.ClassDeclaration)) return [];
  return declaration.members.flatMap((member) => {
    const isOfObjects = member instanceof syntax.FieldDeclaration && !member.is(flags.static);
    return isOfObjects && member.initializer !== null ? [member.initializer] : [];
  });
}

function isFunction(thing: Thing): thing is AuthorFunction & { readonly kind: 'function' | 'method' } {
  return thing.kind === 'function' || thing.kind === 'method';
}

function isGetter(thing: Thing): thing is AuthorFunction & { readonly kind: 'function' | 'method' } {
  return isFunction(thing) && thing.declaration.is(flags.get);
}

function isMeaning(thing: Thing): thing is Meaning {
  return thing.kind !== 'field' && thing.kind !== 'slot' && thing.kind !== 'object' && thing.kind !== 'method';
}
