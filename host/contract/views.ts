// A method with `@view` may not store. What it calls is kept from it at run time; what can be seen here is refused here: a
// call that stores in a field, or announces something, in the method or in functions of the author's files that it calls.

import { isFieldClass } from './fields.js';
import type { Names } from './names.js';
import {
  type AssemblyScript,
  type Expression,
  errorAt,
  type FunctionDeclaration,
  nodesOf,
  type PropertyAccess,
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

/** Methods of fields that give a slot. */
const slotMethods = new Set(['at', 'slot']);

/** Functions of the SDK that store or announce, and those of its `abi`. */
const storingFunctions = new Set(['emit', 'setOwner', 'write', 'remove', 'add', 'subtract', 'event']);

/**
 * @param view - The method's declaration, in `source`.
 * @throws CompileError at the call that stores.
 */
export function checkView(syntax: AssemblyScript, names: Names, source: Source, view: FunctionDeclaration): void {
  const seen = new Set([view]);
  const left = [{ declaration: view, source }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const reader = new BodyReader(syntax, names, next.source, next.declaration);
    const storing = reader.findStoring();
    if (storing !== undefined) {
      const through = next.declaration === view ? '' : ` through "${next.declaration.name.text}"`;
      throw errorAt(storing, `the view "${view.name.text}" stores${through}: take @view away, or do not store here`);
    }
    for (const called of reader.calledFunctions()) {
      if (seen.has(called.declaration)) continue;
      seen.add(called.declaration);
      left.push(called);
    }
  }
}

/** Reads one function's body. */
class BodyReader {
  private readonly syntax: AssemblyScript;
  private readonly names: Names;
  private readonly source: Source;
  private readonly nodes: readonly object[];
  /** Names declared in the function. */
  private readonly locals = new Set<string>();
  /** Those of them that are slots of fields. */
  private readonly slots = new Set<string>();

  constructor(syntax: AssemblyScript, names: Names, source: Source, declaration: FunctionDeclaration) {
    this.syntax = syntax;
    this.names = names;
    this.source = source;
    this.nodes = declaration.body === null ? [] : [...nodesOf(declaration.body)];
    for (const { name } of declaration.signature.parameters) this.locals.add(name.text);
    for (const node of this.nodes) {
      if (!(node instanceof syntax.VariableDeclaration)) continue;
      this.locals.add(node.name.text);
      if (node.initializer !== null && this.isSlot(node.initializer)) this.slots.add(node.name.text);
    }
  }

  findStoring(): Expression | undefined {
    for (const node of this.nodes) {
      if (!(node instanceof this.syntax.CallExpression)) continue;
      const { expression } = node;
      if (expression instanceof this.syntax.PropertyAccessExpression) {
        if (this.storesThrough(expression)) return node;
      } else if (expression instanceof this.syntax.IdentifierExpression && !this.locals.has(expression.text)) {
        const meaning = this.names.ofIdentifier(this.source, expression.text);
        if (meaning.kind === 'sdk' && storingFunctions.has(meaning.name)) return node;
      }
    }
    return undefined;
  }

  *calledFunctions(): Generator<{ declaration: FunctionDeclaration; source: Source }> {
    for (const node of this.nodes) {
      if (!(node instanceof this.syntax.CallExpression)) continue;
      const { expression } = node;
      if (!(expression instanceof this.syntax.IdentifierExpression) || this.locals.has(expression.text)) continue;
      const meaning = this.names.ofIdentifier(this.source, expression.text);
      if (meaning.kind === 'function') yield { declaration: meaning.declaration, source: meaning.source };
    }
  }

  private storesThrough({ expression, property }: PropertyAccess): boolean {
    if (storingMethods.has(property.text) && (this.isField(expression) || this.isSlot(expression))) return true;
    return storingFunctions.has(property.text) && this.isAbi(expression);
  }

  private isSlot(expression: Expression): boolean {
    const { syntax } = this;
    if (expression instanceof syntax.IdentifierExpression) return this.slots.has(expression.text);
    if (!(expression instanceof syntax.CallExpression)) return false;
    const called = expression.expression;
    return (
      called instanceof syntax.PropertyAccessExpression &&
      slotMethods.has(called.property.text) &&
      this.isField(called.expression)
    );
  }

  private isField(expression: Expression): boolean {
    const { syntax } = this;
    if (expression instanceof syntax.NewExpression) return this.createsField(expression, this.source);
    if (!(expression instanceof syntax.IdentifierExpression) || this.locals.has(expression.text)) return false;
    const meaning = this.names.ofIdentifier(this.source, expression.text);
    return meaning.kind === 'variable' && this.createsField(meaning.declaration.initializer, meaning.source);
  }

  private createsField(expression: Expression | null, source: Source): boolean {
    if (!(expression instanceof this.syntax.NewExpression)) return false;
    const meaning = this.names.of(source, expression.typeName);
    return meaning.kind === 'sdk' && isFieldClass(meaning.name);
  }

  private isAbi(expression: Expression): boolean {
    if (!(expression instanceof this.syntax.IdentifierExpression) || this.locals.has(expression.text)) return false;
    const meaning = this.names.ofIdentifier(this.source, expression.text);
    return meaning.kind === 'sdk' && meaning.name === 'abi';
  }
}
