// A method with `@view` may not store. What it calls is kept from it at run time; what can be seen here is refused here: what stores in a field, announces
// something or calls a method of another contract that is no view, in the method or in functions of the author's files that it calls.

import { decoratorNamed } from './decorators.js';
import { type AuthorFunction, FunctionBody } from './function-body.js';
import type { Names } from './names.js';
import { stubbedContract } from './stub.js';
import {
  type AssemblyScript,
  type CallExpression,
  errorAt,
  type FunctionDeclaration,
  flags,
  type Source,
} from './syntax.js';

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

/**
 * @param view - The method's declaration, in `source`.
 * @throws CompileError at the call that stores.
 */
export function checkView(syntax: AssemblyScript, names: Names, source: Source, view: FunctionDeclaration): void {
  const seen = new Set([view]);
  const left: AuthorFunction[] = [{ declaration: view, scope: { source, namespaces: [] } }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const through = next.declaration === view ? '' : ` through "${next.declaration.name.text}"`;
    const body = new FunctionBody(syntax, names, next);
    for (const called of calledFunctions(syntax, body)) {
      if (seen.has(called.declaration)) continue;
      seen.add(called.declaration);
      left.push(called);
    }
    for (const node of body.nodes) {
      if (!(node instanceof syntax.CallExpression)) continue;
      if (stores(syntax, body, node)) {
        throw errorAt(node, `the view "${view.name.text}" stores${through}: take @view away, or do not store here`);
      }
      const other = calledStub(syntax, body, node);
      if (other !== undefined) {
        throw errorAt(
          node,
          `the view "${view.name.text}" calls "${other}" of another contract${through}, which is no view there: take @view away, or do not call it here`,
        );
      }
    }
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
  const callee = body.valueOf(expression);
  if (callee.kind !== 'method' || !isStub(callee)) return undefined;
  const { declaration } = callee;
  return decoratorNamed(syntax, declaration, 'view') === undefined ? declaration.name.text : undefined;
}

/** Functions of the author's that a function calls: by name, as methods of objects, as constructors and as getters. */
function* calledFunctions(syntax: AssemblyScript, body: FunctionBody): Generator<AuthorFunction> {
  for (const node of body.nodes) {
    if (node instanceof syntax.NewExpression) {
      const called = body.constructorOf(node);
      if (called !== undefined) yield called;
    } else if (node instanceof syntax.CallExpression) {
      const callee = body.valueOf(node.expression);
      if ((callee.kind === 'function' || callee.kind === 'method') && !isStub(callee)) yield callee;
    } else if (node instanceof syntax.PropertyAccessExpression) {
      const read = body.valueOf(node);
      if (read.kind === 'method' && read.declaration.is(flags.get)) yield read;
    }
  }
}

function isStub({ scope }: AuthorFunction): boolean {
  return stubbedContract(scope.source.normalizedPath) !== undefined;
}
