// The field in which the SDK keeps a contract's owner: in the layout of those that use it.

import { digitsOf, fieldPrefix } from './field-prefix.js';
import type { StorageField } from './layout.js';
import { isSdk, type Names, nodesOfFile, type Scope } from './names.js';
import { type AssemblyScript, lineOf, type Node, type Source } from './syntax.js';

/** Its name, which no other field may have. */
export const OWNER_FIELD = 'blockstm.owner';

/** The SDK's functions that keep the owner. */
const ownerFunctions = new Set(['owner', 'onlyOwner', 'setOwner']);

/** The layout's entry of the owner, where a file names what keeps it. */
export function ownerField(syntax: AssemblyScript, names: Names, sources: readonly Source[]): StorageField | undefined {
  for (const source of sources) {
    for (const { node, scope } of nodesOfFile(syntax, source)) {
      const keeper = keeperIn(syntax, names, scope, node);
      if (keeper !== undefined) return fieldAt(keeper);
    }
  }
  return undefined;
}

/** Where a node imports or names a function of the SDK's that keeps the owner. */
function keeperIn(syntax: AssemblyScript, names: Names, scope: Scope, node: object): Node | undefined {
  if (node instanceof syntax.ImportStatement && isSdk(node.internalPath)) {
    return node.declarations?.find(({ foreignName }) => ownerFunctions.has(foreignName.text));
  }
  if (!(node instanceof syntax.PropertyAccessExpression) || !ownerFunctions.has(node.property.text)) return undefined;
  const { expression } = node;
  if (!(expression instanceof syntax.IdentifierExpression)) return undefined;
  const meaning = names.memberOf(names.lookUp(scope, expression.text), node.property.text);
  return meaning.kind === 'sdk' ? node : undefined;
}

function fieldAt(place: Node): StorageField {
  const { normalizedPath: file } = place.range.source;
  const prefix = digitsOf(fieldPrefix(OWNER_FIELD));
  return { name: OWNER_FIELD, kind: 'value', prefix, value: 'address', file, line: lineOf(place) };
}
