// Maps and sets of the standard library where storage fields belong: AssemblyScript has a Map and a Set of its own, which a file that does not import the SDK's gets instead.

import { constantsOf } from './fields.js';
import { type Meaning, type Names, type Scope, stepsMax } from './names.js';
import type { Problems } from './problems.js';
import { type AssemblyScript, errorAt, type Node, nodesOf, type Source, type TypeName } from './syntax.js';

/** Of the standard library, and of the SDK. */
const collections = new Set(['Map', 'Set']);

/** Problems: constants outside of functions that are such a collection, or have one in them. In a function one is as good as any object. */
export function checkCollections(
  syntax: AssemblyScript,
  problems: Problems,
  names: Names,
  sources: readonly Source[],
): void {
  for (const source of sources) {
    for (const { declaration, scope } of constantsOf(syntax, source.statements, { source, namespaces: [] }, '')) {
      const { initializer, type } = declaration;
      const below =
        initializer === null ? [] : nodesOf(initializer, (node) => node instanceof syntax.FunctionExpression);
      const made = [...below].filter((node) => node instanceof syntax.NewExpression);
      for (const node of [...made, ...(type === null ? [] : [type])]) {
        const name = collectionNamed(syntax, names, scope, node);
        if (name === undefined) continue;
        problems.attempt(() => {
          throw errorAt(
            node as Node,
            `${name} of the standard library is made anew in each call, and keeps nothing: import { ${name} } from "blockstm/assembly"`,
          );
        });
        break;
      }
    }
  }
}

/** The collection that a node makes, or that it is the type of. */
function collectionNamed(syntax: AssemblyScript, names: Names, scope: Scope, node: object): string | undefined {
  if (node instanceof syntax.NewExpression) return collectionOf(syntax, names, scope, node.typeName);
  return node instanceof syntax.NamedTypeNode ? collectionOf(syntax, names, scope, node.name) : undefined;
}

function collectionOf(syntax: AssemblyScript, names: Names, scope: Scope, name: TypeName): string | undefined {
  let meaning: Meaning = names.resolve(scope, name);
  for (let steps = 0; meaning.kind === 'alias' && steps < stepsMax; steps++) {
    const { type } = meaning.declaration;
    if (!(type instanceof syntax.NamedTypeNode)) return undefined;
    meaning = names.resolve(meaning.scope, type.name);
  }
  return meaning.kind === 'global' && collections.has(meaning.name) ? meaning.name : undefined;
}
