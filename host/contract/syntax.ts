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

export interface Decorator extends Node {
  /** 0 for one that AssemblyScript does not know. */
  readonly decoratorKind: number;
  readonly name: Expression;
  readonly args: readonly Expression[] | null;
}

export interface Identifier extends Expression {
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
  readonly statements: Statement[];
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

/** What stands in parentheses. */
export interface Wrapped extends Expression {
  readonly expression: Expression;
}

/** What is said to be of a type, or not to be null: `a as T`, `a!`. */
export interface Assertion extends Wrapped {
  readonly toType: TypeNode | null;
}

export interface Declaration extends Statement {
  readonly name: Identifier;
  readonly decorators: readonly Decorator[] | null;
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

export interface TypeParameter extends Node {
  readonly name: Identifier;
}

export interface FunctionDeclaration extends Declaration {
  readonly typeParameters: readonly TypeParameter[] | null;
  readonly signature: { readonly parameters: readonly Parameter[]; readonly returnType: TypeNode };
  readonly body: Statement | null;
}

export interface TypeDeclaration extends Declaration {
  readonly typeParameters: readonly TypeParameter[] | null;
  readonly type: TypeNode;
}

export interface VariableDeclaration extends Declaration {
  readonly type: TypeNode | null;
  initializer: Expression | null;
}

export interface VariableStatement extends Statement {
  readonly declarations: readonly VariableDeclaration[];
}

export interface Namespace extends Declaration {
  readonly members: readonly Statement[];
}

/** A class, or an interface, which AssemblyScript's tree takes for one. */
export interface ClassDeclaration extends Declaration {
  readonly typeParameters: readonly TypeParameter[] | null;
  readonly extendsType: TypeNode | null;
  readonly members: Statement[];
}

export interface ImportStatement extends Statement {
  readonly internalPath: string;
  /** Of `import * as name`. */
  readonly namespaceName: Identifier | null;
  readonly declarations: readonly (Declaration & { readonly foreignName: Identifier })[] | null;
}

export interface ExportStatement extends Statement {
  readonly path: Node | null;
  readonly internalPath: string | null;
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
  expression: Expression;
  typeArguments: readonly TypeNode[] | null;
  args: readonly Expression[];
}

export interface PropertyAccess extends Expression {
  readonly expression: Expression;
  readonly property: Identifier;
}

export interface Ternary extends Expression {
  readonly ifThen: Expression;
  readonly ifElse: Expression;
}

export interface Binary extends Expression {
  /** A number of AssemblyScript's, see `operatorTokenToString`. */
  readonly operator: number;
  readonly left: Expression;
  readonly right: Expression;
}

export interface Unary extends Expression {
  readonly operator: number;
  readonly operand: Expression;
}

export interface ElementAccess extends Expression {
  readonly expression: Expression;
  readonly elementExpression: Expression;
}

export interface FunctionExpression extends Expression {
  readonly declaration: FunctionDeclaration;
}

export interface StringLiteral extends Expression {
  readonly value: string;
}

export interface Parser {
  readonly sources: Source[];
  readonly diagnostics: readonly { readonly message: string; readonly range: Node['range'] | null }[];
  /** Internal path of a file that was imported and not parsed yet. */
  nextFile(): string | null;
  parseFile(text: string | null, path: string, isEntry: boolean): void;
}

/** A class of the tree, to test nodes with `instanceof`. */
type NodeClass<T> = abstract new (...args: never[]) => T;

/** The `assemblyscript` module, as far as it is used. */
export interface AssemblyScript {
  readonly ArrayLiteralExpression: NodeClass<Expression>;
  readonly AssertionExpression: NodeClass<Assertion>;
  readonly BinaryExpression: NodeClass<Binary>;
  readonly BlockStatement: NodeClass<Statement>;
  readonly CallExpression: NodeClass<CallExpression>;
  readonly ClassDeclaration: NodeClass<ClassDeclaration>;
  readonly ElementAccessExpression: NodeClass<ElementAccess>;
  readonly EmptyStatement: NodeClass<Statement>;
  readonly EnumDeclaration: NodeClass<Declaration>;
  readonly ExportDefaultStatement: NodeClass<ExportDefaultStatement>;
  readonly ExportImportStatement: NodeClass<Statement>;
  readonly ExportStatement: NodeClass<ExportStatement>;
  readonly ExpressionStatement: NodeClass<ExpressionStatement>;
  readonly FieldDeclaration: NodeClass<VariableDeclaration>;
  readonly FloatLiteralExpression: NodeClass<Expression>;
  readonly ForStatement: NodeClass<Statement>;
  readonly FunctionDeclaration: NodeClass<FunctionDeclaration>;
  readonly FunctionExpression: NodeClass<FunctionExpression>;
  readonly IdentifierExpression: NodeClass<Identifier>;
  readonly ImportStatement: NodeClass<ImportStatement>;
  readonly InterfaceDeclaration: NodeClass<ClassDeclaration>;
  readonly MethodDeclaration: NodeClass<FunctionDeclaration>;
  readonly NamedTypeNode: NodeClass<NamedType>;
  readonly NamespaceDeclaration: NodeClass<Namespace>;
  readonly NewExpression: NodeClass<NewExpression>;
  readonly ParameterNode: NodeClass<Parameter>;
  readonly ParenthesizedExpression: NodeClass<Wrapped>;
  readonly PropertyAccessExpression: NodeClass<PropertyAccess>;
  readonly StringLiteralExpression: NodeClass<StringLiteral>;
  readonly SuperExpression: NodeClass<Identifier>;
  readonly SwitchCase: NodeClass<Node>;
  readonly TernaryExpression: NodeClass<Ternary>;
  readonly ThisExpression: NodeClass<Identifier>;
  readonly TypeDeclaration: NodeClass<TypeDeclaration>;
  readonly TypeParameterNode: NodeClass<Node>;
  readonly UnaryPostfixExpression: NodeClass<Unary>;
  readonly UnaryPrefixExpression: NodeClass<Unary>;
  readonly VariableDeclaration: NodeClass<VariableDeclaration>;
  readonly VariableStatement: NodeClass<VariableStatement>;
  readonly Node: {
    createNamedType(
      name: TypeName,
      typeArguments: readonly TypeNode[] | null,
      isNullable: boolean,
      range: Node['range'],
    ): NamedType;
    createIdentifierExpression(text: string, range: Node['range']): Identifier;
    createPropertyAccessExpression(expression: Expression, property: Identifier, range: Node['range']): PropertyAccess;
  };
  readonly Parser: new () => Parser;
  /** `+=` */
  operatorTokenToString(operator: number): string;
}

/** The declaration flags read here, as AssemblyScript's `CommonFlags` numbers them. */
export const flags = {
  export: 1 << 1,
  declare: 1 << 2,
  const: 1 << 3,
  let: 1 << 4,
  static: 1 << 5,
  readonly: 1 << 6,
  get: 1 << 11,
  set: 1 << 12,
} as const;

/** A compile error at a node. */
export function errorAt(node: Node, message: string): CompileError {
  const { start, end, source } = node.range;
  const range: SourceRange = { file: source.normalizedPath, text: source.text, start, end };
  return new CompileError([describeProblem(message, range)]);
}

/**
 * All nodes below a node, and itself, in the order of the text.
 * @param isLeaf - Below what there is nothing to look for.
 */
export function* nodesOf(root: object, isLeaf: (node: object) => boolean = () => false): Generator<object> {
  const left: object[] = [root];
  // A constructor's parameter and the field that it declares lead to each other.
  const seen = new Set<object>();
  for (let node = left.pop(); node !== undefined; node = left.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    if (!Array.isArray(node)) yield node;
    if (isLeaf(node)) continue;
    const parts: object[] = [];
    for (const [key, part] of Object.entries(node)) {
      // The range leads to the whole file.
      if (key !== 'range' && typeof part === 'object' && part !== null) parts.push(part);
    }
    left.push(...parts.reverse());
  }
}

/** Line of a node's start, from 1. */
export function lineOf(node: Node): number {
  return node.range.source.text.slice(0, node.range.start).split('\n').length;
}
