// What AssemblyScript offers and a contract is not given: the world outside. A call is a function of its input, the block and the state.

import { decoratorNamed } from './decorators.js';
import { type Names, nodesOfFile } from './names.js';
import type { Problems } from './problems.js';
import { floatProblem, floatTypes } from './source-types.js';
import {
  type AssemblyScript,
  type Declaration,
  type Expression,
  errorAt,
  flags,
  type Source,
  type Statement,
} from './syntax.js';

const noConsole = 'a contract has no console: announce an event with emit, or revert with a message';
const noClock = 'a contract has no clock: context.timestamp() is the time of its block';
const noRandom =
  'a contract has no random numbers: context.seed() is the seed of its block, which whoever builds the block knows';

/** By the global's name, or with that of its member; and what to do about it. */
const notGiven: ReadonlyMap<string, string> = new Map([
  ['console', noConsole],
  ['trace', noConsole],
  ['process', 'a contract has no process around it'],
  ['performance', noClock],
  ['Date.now', noClock],
  ['crypto', noRandom],
  ['Math.random', noRandom],
  ['Mathf.random', noRandom],
  ['NativeMath.random', noRandom],
  ['NativeMathf.random', noRandom],
  ...[...floatTypes, 'Math', 'Mathf', 'NativeMath', 'NativeMathf', 'parseFloat', 'parseInt'].map(
    (name) => [name, floatProblem] as const,
  ),
]);

/** The module whose functions a contract is given. */
const interfaceModule = 'blockstm';

/** Problems: uses of the world outside, and declarations of functions that nobody gives a contract. */
export function checkGiven(syntax: AssemblyScript, problems: Problems, names: Names, sources: readonly Source[]): void {
  for (const source of sources) {
    checkDeclared(syntax, problems, source.statements);
    for (const { node, scope, locals } of nodesOfFile(syntax, source)) {
      const name = dottedName(syntax, node);
      if (name === undefined || locals.has(name[0] as string)) continue;
      const meaning = names.lookUp(scope, name[0] as string);
      if (meaning.kind !== 'global') continue;
      const hint = notGiven.get(name.join('.')) ?? (name.length === 2 ? notGiven.get(name[0] as string) : undefined);
      if (hint === undefined) continue;
      problems.attempt(() => {
        throw errorAt(node as Expression, hint);
      });
    }
  }
}

function checkDeclared(syntax: AssemblyScript, problems: Problems, statements: readonly Statement[]): void {
  for (const statement of statements) {
    if (statement instanceof syntax.NamespaceDeclaration) checkDeclared(syntax, problems, statement.members);
    const declarations: readonly Declaration[] =
      statement instanceof syntax.VariableStatement
        ? statement.declarations
        : statement instanceof syntax.FunctionDeclaration
          ? [statement]
          : [];
    for (const declaration of declarations) {
      if (!declaration.is(flags.declare) || isOfInterface(syntax, declaration)) continue;
      problems.attempt(() => {
        throw errorAt(
          declaration.name,
          `"${declaration.name.text}" is declared and nobody gives it: a contract is given the functions of "${interfaceModule}" only, which "blockstm/assembly" has as \`abi\``,
        );
      });
    }
  }
}

/** Whether it is declared with `@external("blockstm", ...)`. */
function isOfInterface(syntax: AssemblyScript, declaration: Declaration): boolean {
  const module = decoratorNamed(syntax, declaration, 'external')?.args?.[0];
  return module instanceof syntax.StringLiteralExpression && module.value === interfaceModule;
}

/** The parts of `name` where it is called, and of `name.member`. */
function dottedName(syntax: AssemblyScript, node: object): readonly string[] | undefined {
  if (node instanceof syntax.CallExpression && node.expression instanceof syntax.IdentifierExpression) {
    return [node.expression.text];
  }
  if (!(node instanceof syntax.PropertyAccessExpression)) return undefined;
  const { expression, property } = node;
  return expression instanceof syntax.IdentifierExpression ? [expression.text, property.text] : undefined;
}
