// Floating point in a contract's files, where it can be seen before they are compiled: types, literals, and what the standard library computes with it. The rest is found in the module.

import { type Meaning, type Names, nodesOfFile, type ScopedNode } from './names.js';
import type { Problems } from './problems.js';
import { floatProblem, floatTypes } from './source-types.js';
import { type AssemblyScript, type Expression, errorAt, type Node, type Source } from './syntax.js';

/** What the standard library has of floating-point numbers, or makes them of others. */
const floatGlobals = new Set(
  'Math Mathf NativeMath NativeMathf F32 F64 Float32Array Float64Array parseFloat parseInt'.split(' '),
);

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
function floatIn(syntax: AssemblyScript, names: Names, { node, scope, locals }: ScopedNode): Node | undefined {
  if (node instanceof syntax.FloatLiteralExpression) return node;
  if (node instanceof syntax.NamedTypeNode) return isFloat(names.resolve(scope, node.name)) ? node : undefined;
  if (node instanceof syntax.NewExpression) return isFloat(names.resolve(scope, node.typeName)) ? node : undefined;
  const used = usedIn(syntax, node);
  if (!(used instanceof syntax.IdentifierExpression) || locals.has(used.text)) return undefined;
  return isFloat(names.lookUp(scope, used.text)) ? used : undefined;
}

/** What is called, or has a member that is. Of random numbers there are none at all, see ambient.ts. */
function usedIn(syntax: AssemblyScript, node: object): Expression | undefined {
  if (node instanceof syntax.CallExpression) return node.expression;
  const isMember = node instanceof syntax.PropertyAccessExpression && node.property.text !== 'random';
  return isMember ? node.expression : undefined;
}

function isFloat(meaning: Meaning): boolean {
  return meaning.kind === 'global' && (floatTypes.has(meaning.name) || floatGlobals.has(meaning.name));
}
