// The author's code that a piece of the author's code runs: what it calls by name, constructors and what they make fields of, getters, setters and operators, and functions that it only
// names, or writes down: somebody else may call those.

import type { FunctionBody } from './function-body.js';
import type { AssemblyScript, Expression } from './syntax.js';
import type { AuthorCode } from './thing.js';

/** Where a node has names that stand for nothing by themselves. */
const nameKeys = ['name', 'names', 'property', 'identifier', 'label'];

const comparisons = new Set(['==', '!=', '<=', '>=', '===', '!==']);

/** What `body` runs, which is that of `code`. */
export function* calledCode(syntax: AssemblyScript, body: FunctionBody, code: AuthorCode): Generator<AuthorCode> {
  const { declaration, scope } = code;
  if (declaration instanceof syntax.ClassDeclaration) {
    const base = body.members.baseOf({ declaration, scope });
    if (base !== undefined) yield base;
  }
  const passive = passiveNodes(syntax, body.nodes);
  for (const node of body.nodes) {
    if (node instanceof syntax.FunctionExpression) yield { declaration: node.declaration, scope: body.scope };
    if (passive.has(node)) continue;
    for (const called of calledBy(syntax, body, node)) if (called !== undefined) yield called;
  }
}

/** Names that stand for nothing by themselves, and what is assigned to and not read. */
function passiveNodes(syntax: AssemblyScript, nodes: readonly object[]): ReadonlySet<unknown> {
  const passive = new Set<unknown>();
  for (const node of nodes) {
    for (const key of nameKeys) {
      const names: unknown = key in node ? node[key as keyof typeof node] : undefined;
      for (const name of Array.isArray(names) ? names : [names]) passive.add(name);
    }
    if (!(node instanceof syntax.BinaryExpression)) continue;
    if (syntax.operatorTokenToString(node.operator) === '=') passive.add(bare(syntax, node.left));
  }
  return passive;
}

function calledBy(syntax: AssemblyScript, body: FunctionBody, node: object): readonly (AuthorCode | undefined)[] {
  if (node instanceof syntax.NewExpression) {
    const of = body.classOf(node);
    return of === undefined ? [] : [of, body.members.method(of, 'constructor')];
  }
  if (node instanceof syntax.CallExpression) return [body.functionCalled(node)];
  if (node instanceof syntax.BinaryExpression) {
    const operator = syntax.operatorTokenToString(node.operator);
    const isAssignment = operator.endsWith('=') && !comparisons.has(operator);
    const plain = body.operatorOf(node.left, 'binary', isAssignment ? operator.slice(0, -1) : operator);
    return isAssignment ? [plain, setterOf(syntax, body, node.left)] : [plain];
  }
  if (node instanceof syntax.UnaryPrefixExpression || node instanceof syntax.UnaryPostfixExpression) {
    const place = node instanceof syntax.UnaryPrefixExpression ? 'prefix' : 'postfix';
    const operator = syntax.operatorTokenToString(node.operator);
    const isStep = operator === '++' || operator === '--';
    return [body.operatorOf(node.operand, place, operator), isStep ? setterOf(syntax, body, node.operand) : undefined];
  }
  if (node instanceof syntax.ElementAccessExpression) return [body.operatorOf(node.expression, 'binary', '[]')];
  const isNamed = node instanceof syntax.IdentifierExpression || node instanceof syntax.PropertyAccessExpression;
  return isNamed ? [body.functionNamed(node)] : [];
}

/** What assigning calls. */
function setterOf(syntax: AssemblyScript, body: FunctionBody, left: Expression): AuthorCode | undefined {
  const target = bare(syntax, left);
  if (target instanceof syntax.PropertyAccessExpression) return body.setterOf(target);
  return target instanceof syntax.ElementAccessExpression
    ? body.operatorOf(target.expression, 'binary', '[]=')
    : undefined;
}

/** Without parentheses. */
function bare(syntax: AssemblyScript, expression: Expression): Expression {
  return expression instanceof syntax.ParenthesizedExpression ? bare(syntax, expression.expression) : expression;
}
