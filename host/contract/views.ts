// A method with `@view` may not store. What it calls is kept from it at run time; what can be seen here is refused here: what stores in a field, announces
// something or calls a method of another contract that is no view, in the method or in functions of the author's files that it calls.

import { calledCode } from './called-code.js';
import { decoratorNamed } from './decorators.js';
import { FunctionBody } from './function-body.js';
import type { Names, Scope } from './names.js';
import { stubbedContract } from './stub.js';
import { type AssemblyScript, type CallExpression, errorAt, type FunctionDeclaration, type Source } from './syntax.js';
import type { AuthorCode, Thing } from './thing.js';

/** Methods of the SDK's fields and slots that store. */
const storingMethods = new Set([
  'add',
  'delete',
  'grant',
  'pop',
  'push',
  'remove',
  'revoke',
  'set',
  'subtract',
  'tryAdd',
  'trySubtract',
]);

/** Functions of the SDK that store or announce, and those of its `abi`. */
const storingFunctions = new Set(['emit', 'setOwner', 'write', 'remove', 'add', 'subtract', 'event']);

/** Code that a view runs. */
interface Reached {
  readonly code: AuthorCode;
  /** The last thing with a name on the way there; undefined in the view itself. */
  readonly through: string | undefined;
}

/**
 * @param view - The method's declaration, in `source`.
 * @throws CompileError at the call that stores.
 */
export function checkView(syntax: AssemblyScript, names: Names, source: Source, view: FunctionDeclaration): void {
  const seen = new SeenCode();
  const left: Reached[] = [{ code: { declaration: view, scope: { source, namespaces: [] } }, through: undefined }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { code, through } = next;
    const body = new FunctionBody(syntax, names, code);
    for (const called of calledCode(syntax, body, code)) {
      if (isStub(called) || !seen.add(called)) continue;
      left.push({ code: called, through: called.declaration.name.text || through });
    }
    const way = through === undefined ? '' : ` through "${through}"`;
    for (const node of body.nodes) {
      if (!(node instanceof syntax.CallExpression)) continue;
      if (stores(syntax, body, node)) {
        throw errorAt(node, `the view "${view.name.text}" stores${way}: take @view away, or do not store here`);
      }
      const other = calledStub(syntax, body, node);
      if (other !== undefined) {
        throw errorAt(
          node,
          `the view "${view.name.text}" calls "${other}" of another contract${way}, which is no view there: take @view away, or do not call it here`,
        );
      }
    }
  }
}

/** How deep type arguments of type arguments are told apart: a function may call itself with ever deeper ones. */
const depthMax = 4;

/** Code that was looked at: generic code for each of what its type parameters stand for. */
class SeenCode {
  readonly #seen = new Map<AuthorCode['declaration'], Set<string>>();
  readonly #numbers = new Map<object, number>();

  /** False where it was there. */
  add({ declaration, scope }: AuthorCode): boolean {
    const key = this.#keyOfScope(scope, 0);
    const keys = this.#seen.get(declaration) ?? new Set();
    this.#seen.set(declaration, keys);
    return !keys.has(key) && keys.add(key) !== undefined;
  }

  #keyOfScope({ typeArguments }: Scope, depth: number): string {
    if (depth > depthMax) return '';
    return [...(typeArguments?.values() ?? [])].map((thing) => this.#keyOf(thing, depth)).join();
  }

  #keyOf(thing: Thing, depth: number): string {
    switch (thing.kind) {
      case 'field':
      case 'slot':
        return depth > depthMax ? thing.kind : `${thing.kind}<${this.#keyOf(thing.value, depth + 1)}>`;
      case 'object':
        return `object ${this.#numberOf(thing.of.declaration)}<${this.#keyOfScope(thing.of.scope, depth + 1)}>`;
      case 'sdk':
      case 'global':
        return `${thing.kind} ${thing.name}`;
      case 'file':
        return `${thing.kind} ${thing.path}`;
      case 'other':
        return thing.kind;
      default:
        return `${thing.kind} ${this.#numberOf(thing.declaration)}`;
    }
  }

  #numberOf(declaration: object): number {
    const number = this.#numbers.get(declaration) ?? this.#numbers.size;
    this.#numbers.set(declaration, number);
    return number;
  }
}

function stores(syntax: AssemblyScript, body: FunctionBody, { expression }: CallExpression): boolean {
  const callee = body.valueOf(expression);
  if (callee.kind === 'sdk') return storingFunctions.has(callee.name);
  if (!(expression instanceof syntax.PropertyAccessExpression)) return false;
  const { kind } = body.valueOf(expression.expression);
  return (kind === 'field' || kind === 'slot') && storingMethods.has(expression.property.text);
}

/** The method of another contract that a call is of, unless it is a view there. */
function calledStub(syntax: AssemblyScript, body: FunctionBody, { expression }: CallExpression): string | undefined {
  const callee = body.functionNamed(expression);
  if (callee === undefined || !isStub(callee)) return undefined;
  const { declaration } = callee;
  return decoratorNamed(syntax, declaration, 'view') === undefined ? declaration.name.text : undefined;
}

function isStub({ scope }: AuthorCode): boolean {
  return stubbedContract(scope.source.normalizedPath) !== undefined;
}
