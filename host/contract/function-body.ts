// What expressions in code of the author's stand for, as far as it can be seen without compiling: by declarations, types that are written out, and aliases.

import { ClassMembers } from './class-members.js';
import { LocalNames } from './local-names.js';
import { NamedTypes, withArguments } from './named-types.js';
import { type AuthorClass, type Meaning, type Names, type Scope, stepsMax } from './names.js';
import {
  type AssemblyScript,
  type Assertion,
  type CallExpression,
  type Expression,
  flags,
  type NewExpression,
  nodesOf,
  type PropertyAccess,
} from './syntax.js';
import { type AuthorCode, type AuthorFunction, type Thing, unknown } from './thing.js';

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
  private readonly types: NamedTypes;
  readonly scope: Scope;
  private readonly owner: AuthorClass | undefined;
  private readonly locals: LocalNames;
  /** What was found out: the receiver of a long chain of calls is asked for by each call behind it. */
  private readonly values = new Map<Expression, Thing>();

  /** Without a declaration, it is the outside of functions. */
  constructor(syntax: AssemblyScript, names: Names, code: AuthorCode | { readonly scope: Scope }) {
    this.syntax = syntax;
    this.names = names;
    this.types = new NamedTypes(syntax, names);
    this.members = new ClassMembers(syntax, this.types);
    this.scope = code.scope;
    const declaration = 'declaration' in code ? code.declaration : undefined;
    // A function within, which cannot name what is outside of it, is code by itself.
    this.nodes = rootsOf(syntax, declaration).flatMap((root) => [
      ...nodesOf(root, (node) => node instanceof syntax.FunctionExpression),
    ]);
    if (declaration instanceof syntax.ClassDeclaration) this.owner = { declaration, scope: code.scope };
    else if ('owner' in code) this.owner = code.owner;
    this.locals = new LocalNames(syntax, this.nodes);
    if (declaration instanceof syntax.FunctionDeclaration) {
      for (const { name, type } of declaration.signature.parameters) {
        this.locals.addParameter(name.text, this.types.ofType(type, this.scope));
      }
    }
    for (const local of this.locals.declared) {
      const { type, initializer } = local.declaration;
      const declared = type === null ? unknown : this.types.ofType(type, this.scope);
      // In the order of the text: an initial value is of what was declared before it.
      local.thing = declared !== unknown || initializer === null ? declared : this.valueOf(initializer);
    }
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
    if (expression instanceof syntax.AssertionExpression) return this.ofAssertion(expression, steps);
    if (expression instanceof syntax.TernaryExpression) {
      const value = this.valueOf(expression.ifThen, steps);
      return value === unknown ? this.valueOf(expression.ifElse, steps) : value;
    }
    if (expression instanceof syntax.NewExpression) return this.ofNew(expression);
    if (expression instanceof syntax.CallExpression) return this.ofCall(expression, steps);
    const named = this.named(expression, steps);
    return isGetter(named) ? this.resultOf(named) : named;
  }

  /** The function that a name or a member is; of a getter the getter itself. */
  functionNamed(expression: Expression): AuthorFunction | undefined {
    const thing = this.named(expression, 0);
    if (!isFunction(thing)) return undefined;
    return { ...thing, scope: withArguments(thing.scope, thing.declaration, []) };
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

  /** The function that a call is of, with what its type parameters stand for there. */
  functionCalled({ expression, args, typeArguments }: CallExpression): AuthorFunction | undefined {
    if (expression instanceof this.syntax.SuperExpression) {
      const base = this.owner && this.members.baseOf(this.owner);
      return base && this.members.method(base, 'constructor');
    }
    const called = this.functionNamed(expression);
    if (called === undefined) return undefined;
    const { typeParameters, signature } = called.declaration;
    const given = (typeParameters ?? []).map(({ name }, index) => {
      const said = typeArguments?.[index];
      if (said !== undefined) return this.types.ofType(said, this.scope);
      const position = signature.parameters.findIndex(({ type }) => {
        return type instanceof this.syntax.NamedTypeNode && type.name.identifier.text === name.text;
      });
      const argument = args[position];
      return argument === undefined ? unknown : this.valueOf(argument);
    });
    return { ...called, scope: withArguments(called.scope, called.declaration, given) };
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
      const local = this.locals.at(expression);
      return local ?? this.ofMeaning(this.names.lookUp(this.scope, expression.text), steps);
    }
    if (expression instanceof syntax.PropertyAccessExpression) {
      return this.ofMember(this.valueOf(expression.expression, steps), expression.property.text, steps);
    }
    return unknown;
  }

  private ofNew({ typeName, typeArguments }: NewExpression): Thing {
    return this.types.ofName(typeName, typeArguments, this.scope);
  }

  /** What is said to be of a type: of that one, unless it is known to be of one that inherits from it. */
  private ofAssertion({ expression, toType }: Assertion, steps: number): Thing {
    const value = this.valueOf(expression, steps);
    const said = toType === null ? unknown : this.types.ofType(toType, this.scope);
    if (said === unknown || said.kind !== 'object' || value.kind !== 'object') return said === unknown ? value : said;
    const { declaration } = said.of;
    const isBase = [...this.members.lineageOf(value.of)].some((base) => base.declaration === declaration);
    return isBase ? value : said;
  }

  /** What a name stands for; of a variable, what it holds. */
  private ofMeaning(meaning: Meaning, steps: number): Thing {
    if (meaning.kind !== 'variable') return meaning;
    const { declaration, scope } = meaning;
    if (declaration.type !== null) {
      const declared = this.types.ofType(declaration.type, scope);
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
    return field === undefined ? unknown : this.types.ofType(field.type, field.scope);
  }

  /** What a call gives. */
  private ofCall(call: CallExpression, steps: number): Thing {
    const called = call.expression;
    if (called instanceof this.syntax.PropertyAccessExpression) {
      const thing = this.valueOf(called.expression, steps);
      if (thing.kind === 'field' || thing.kind === 'slot') {
        if (slotMethods.has(called.property.text)) return { kind: 'slot', value: thing.value };
        return valueMethods.has(called.property.text) ? thing.value : unknown;
      }
    }
    const callee = this.functionCalled(call);
    return callee === undefined ? unknown : this.resultOf(callee);
  }

  private resultOf({ declaration, scope }: AuthorFunction): Thing {
    return this.types.ofType(declaration.signature.returnType, scope);
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
