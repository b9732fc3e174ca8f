// The part of AssemblyScript's syntax tree that the transform reads and writes.
//
// Described here rather than imported: AssemblyScript's own declarations redefine globals (console among them) for every
// file they are compiled with, and the package is optional.

import { CompileError, describeProblem, type SourceRange } from './compile-error.js';

export interface Node {
  readonly range: { readonly start: number; readonly end: number; readonly source: Source };
}

export type Statement = Node;
export type Expression = Node;
export type TypeNode = Node & { readonly isNullable: boolean };

export interface Identifier extends Node {
  readonly text: string;
}

export interface Source extends Node {
  /** With the extension: "token.ts", "~lib/array.ts". */
  readonly normalizedPath: string;
  /** Without it. */
  readonly internalPath: string;
  /** The last part of it. */
  readonly simplePath: string;
  readonly text: string;
  readonly isLibrary: boolean;
  /** 0 for an imported file, 1 for an entry, whose exports become the module's. */
  sourceKind: number;
  readonly statements: readonly Statement[];
}

export interface TypeName extends Node {
  readonly identifier: Identifier;
  /** What follows a dot. */
  readonly next: TypeName | null;
}

export interface NamedType extends TypeNode {
  readonly name: TypeName;
  readonly typeArguments: readonly TypeNode[] | null;
}

export interface Declaration extends Statement {
  readonly name: Identifier;
  /** Tells whether all of these flags are set. */
  is(flags: number): boolean;
}

export interface Parameter extends Node {
  /** 0 for one that every call gives. */
  readonly parameterKind: number;
  readonly name: Identifier;
  readonly type: TypeNode;
  readonly initializer: Expression | null;
}

export interface FunctionDeclaration extends Declaration {
  readonly typeParameters: readonly Node[] | null;
  readonly signature: { readonly parameters: readonly Parameter[]; readonly returnType: TypeNode };
}

export interface TypeDeclaration extends Declaration {
  readonly typeParameters: readonly Node[] | null;
  readonly type: TypeNode;
}

export interface VariableDeclaration extends Declaration {
  readonly type: TypeNode | null;
  initializer: Expression | null;
}

export interface VariableStatement extends Statement {
  readonly declarations: readonly VariableDeclaration[];
}

/** A class, or a namespace. */
export interface Container extends Declaration {
  readonly members: readonly Statement[];
}

export interface ImportStatement extends Statement {
  readonly internalPath: string;
  readonly declarations: readonly (Declaration & { readonly foreignName: Identifier })[] | null;
}

export interface ExportStatement extends Statement {
  readonly path: Node | null;
  readonly members: readonly { readonly localName: Identifier; readonly exportedName: Identifier }[] | null;
}

export interface ExportDefaultStatement extends Statement {
  readonly declaration: Declaration;
}

export interface ExpressionStatement extends Statement {
  readonly expression: Expression;
}

export interface NewExpression extends Expression {
  readonly typeName: TypeName;
  readonly typeArguments: readonly TypeNode[] | null;
  readonly args: readonly Expression[];
}

export interface CallExpression extends Expression {
  typeArguments: readonly TypeNode[] | null;
}

export interface StringLiteral extends Expression {
  readonly value: string;
}

export interface Parser {
  readonly sources: Source[];
  parseFile(text: string, path: string, isEntry: boolean): void;
}

/** A class of the tree, to test nodes with `instanceof`. */
type NodeClass<T> = abstract new (...args: never[]) => T;

/** The `assemblyscript` module, as far as it is used. */
export interface AssemblyScript {
  readonly ArrayLiteralExpression: NodeClass<Expression>;
  readonly CallExpression: NodeClass<CallExpression>;
  readonly ClassDeclaration: NodeClass<Container>;
  readonly ExportDefaultStatement: NodeClass<ExportDefaultStatement>;
  readonly ExportStatement: NodeClass<ExportStatement>;
  readonly ExpressionStatement: NodeClass<ExpressionStatement>;
  readonly FieldDeclaration: NodeClass<VariableDeclaration>;
  readonly FunctionDeclaration: NodeClass<FunctionDeclaration>;
  readonly ImportStatement: NodeClass<ImportStatement>;
  readonly NamedTypeNode: NodeClass<NamedType>;
  readonly NamespaceDeclaration: NodeClass<Container>;
  readonly NewExpression: NodeClass<NewExpression>;
  readonly StringLiteralExpression: NodeClass<StringLiteral>;
  readonly TypeDeclaration: NodeClass<TypeDeclaration>;
  readonly VariableStatement: NodeClass<VariableStatement>;
  readonly Node: {
    createNamedType(
      name: TypeName,
      typeArguments: readonly TypeNode[] | null,
      isNullable: boolean,
      range: Node['range'],
    ): TypeNode;
  };
  readonly Parser: new () => Parser;
}

/** The declaration flags read here, as AssemblyScript's `CommonFlags` numbers them. */
export const flags = {
  export: 1 << 1,
  const: 1 << 3,
  static: 1 << 5,
  readonly: 1 << 6,
  get: 1 << 11,
  set: 1 << 12,
} as const;

/** Internal path of the SDK's index. */
const sdkPath = '~lib/blockstm/assembly';

/** A compile error at a node. */
export function errorAt(node: Node, message: string): CompileError {
  const { start, end, source } = node.range;
  const range: SourceRange = { file: source.normalizedPath, text: source.text, start, end };
  return new CompileError([describeProblem(message, range)]);
}

/** The names that a file imports from the SDK: local name to the SDK's. */
export function sdkImports(syntax: AssemblyScript, source: Source): Map<string, string> {
  const names = new Map<string, string>();
  for (const statement of source.statements) {
    if (!(statement instanceof syntax.ImportStatement)) continue;
    if (statement.internalPath !== sdkPath && !statement.internalPath.startsWith(`${sdkPath}/`)) continue;
    for (const { name, foreignName } of statement.declarations ?? []) names.set(name.text, foreignName.text);
  }
  return names;
}
