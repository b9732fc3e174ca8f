// Floating point in a contract's files, where it can be seen before they are compiled: literals and types. What the standard library computes with it is refused in ambient.ts; the rest is
// found in the module.

import { type Names, nodesOfFile, type ScopedNode } from './names.js';
import type { Problems } from './problems.js';
import { floatProblem, floatTypes } from './source-types.js';
import { type AssemblyScript, errorAt, type Node, type Source } from './syntax.js';

/** Problems: floating point, each at its place. */
export function checkFloats(
  syntax: AssemblyScript,
  problems: Problems,
  names: Names,
  sources: readonly Source[],
): void {
  for (const source of sources) {
    for (const scoped of nodesOfFile(syntax, source)) {
      const place = floatIn(syntax, names, scoped);
      if (place === undefined) continue;
      problems.attempt(() => {
        throw errorAt(place, floatProblem);
      });
    }
  }
}

/** Where a node says that there is a float; undefined where it does not. */
function floatIn(syntax: AssemblyScript, names: Names, { node, scope }: ScopedNode): Node | undefined {
  if (node instanceof syntax.FloatLiteralExpression) return node;
  const isNamed = node instanceof syntax.NamedTypeNode || node instanceof syntax.NewExpression;
  if (!isNamed) return undefined;
  const meaning = names.resolve(scope, node instanceof syntax.NewExpression ? node.typeName : node.name);
  return meaning.kind === 'global' && floatTypes.has(meaning.name) ? node : undefined;
}
