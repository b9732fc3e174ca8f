// The field in which the SDK keeps a contract's owner: in the layout of those that use it.

import { digitsOf, fieldPrefix } from './field-prefix.js';
import type { StorageField } from './layout.js';
import { isSdk, type Meaning, type Names, nodesOfFile, type Scope } from './names.js';
import { type AssemblyScript, type Expression, lineOf, type Node, type Source } from './syntax.js';

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

/** Where a node imports, exports or names a function of the SDK's that keeps the owner, be it by way of other files. */
function keeperIn(syntax: AssemblyScript, names: Names, scope: Scope, node: object): Node | undefined {
  if (node instanceof syntax.ImportStatement) {
    return node.declarations?.find(({ name }) => isKeeper(names.ofIdentifier(scope.source, name.text)));
  }
  if (node instanceof syntax.ExportStatement && node.internalPath !== null && isSdk(node.internalPath)) {
    return node.members?.find(({ localName }) => ownerFunctions.has(localName.text))?.localName;
  }
  if (!(node instanceof syntax.PropertyAccessExpression)) return undefined;
  return isKeeper(meaningOf(syntax, names, scope, node)) ? node : undefined;
}

/** What a name stands for, or one behind dots. */
function meaningOf(syntax: AssemblyScript, names: Names, scope: Scope, expression: Expression): Meaning {
  if (expression instanceof syntax.IdentifierExpression) return names.lookUp(scope, expression.text);
  if (!(expression instanceof syntax.PropertyAccessExpression)) return { kind: 'other' };
  return names.memberOf(meaningOf(syntax, names, scope, expression.expression), expression.property.text);
}

function isKeeper(meaning: Meaning): boolean {
  return meaning.kind === 'sdk' && ownerFunctions.has(meaning.name);
}

function fieldAt(place: Node): StorageField {
  const { normalizedPath: file } = place.range.source;
  const prefix = digitsOf(fieldPrefix(OWNER_FIELD));
  return { name: OWNER_FIELD, kind: 'value', prefix, value: 'address', file, line: lineOf(place) };
}
