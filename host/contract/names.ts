// What a name in one of a contract's files stands for.

import {
  type AssemblyScript,
  type ClassDeclaration,
  type Declaration,
  type FunctionDeclaration,
  flags,
  type Namespace,
  nodesOf,
  type Source,
  type Statement,
  type TypeDeclaration,
  type TypeName,
  type TypeNode,
  type VariableDeclaration,
} from './syntax.js';
import type { Thing } from './thing.js';

/** Where something is declared, or said: a file, and the namespaces there that it is in, outermost first. */
export interface Scope {
  readonly source: Source;
  readonly namespaces: readonly Namespace[];
  /** What the type parameters of the class or the function around stand for, where that is looked at: they hide what the file declares. */
  readonly typeArguments?: ReadonlyMap<string, Thing>;
}

/** A class of the author's. */
export interface AuthorClass {
  readonly declaration: ClassDeclaration;
  readonly scope: Scope;
}

export type Meaning =
  | { readonly kind: 'class'; readonly declaration: ClassDeclaration; readonly source: Source; readonly scope: Scope }
  | { readonly kind: 'alias'; readonly declaration: TypeDeclaration; readonly source: Source; readonly scope: Scope }
  | { readonly kind: 'function'; readonly declaration: FunctionDeclaration; readonly scope: Scope }
  | { readonly kind: 'variable'; readonly declaration: VariableDeclaration; readonly scope: Scope }
  | { readonly kind: 'namespace'; readonly declaration: Namespace; readonly scope: Scope }
  /** The whole of a file, by its internal path. */
  | { readonly kind: 'file'; readonly path: string }
  /** Something of the SDK, by the SDK's name for it; with a dot, if it is in a namespace of the SDK's other than `abi`. */
  | { readonly kind: 'sdk'; readonly name: string }
  /** Declared in none of the files: a name of AssemblyScript's, or of nothing. */
  | { readonly kind: 'global'; readonly name: string }
  /** Declared, but nothing of the above. */
  | { readonly kind: 'other' };

/** A node of a file. */
export interface ScopedNode {
  readonly node: object;
  readonly scope: Scope;
  /** Names that are declared in functions of the same statement: there they may hide what the file declares. */
  readonly locals: ReadonlySet<string>;
}

/** All nodes of a file, in the order of the text. */
export function nodesOfFile(syntax: AssemblyScript, source: Source): Generator<ScopedNode> {
  return nodesIn(syntax, source.statements, { source, namespaces: [] });
}

function* nodesIn(syntax: AssemblyScript, statements: readonly Statement[], scope: Scope): Generator<ScopedNode> {
  for (const statement of statements) {
    if (statement instanceof syntax.NamespaceDeclaration) {
      yield* nodesIn(syntax, statement.members, { ...scope, namespaces: [...scope.namespaces, statement] });
      continue;
    }
    const nodes = [...nodesOf(statement)];
    const locals = new Set(statement instanceof syntax.VariableStatement ? [] : localNames(syntax, nodes));
    for (const node of nodes) yield { node, scope, locals };
  }
}

function* localNames(syntax: AssemblyScript, nodes: readonly object[]): Generator<string> {
  for (const node of nodes) {
    const isLocal = node instanceof syntax.VariableDeclaration || node instanceof syntax.ParameterNode;
    if (isLocal) yield node.name.text;
  }
}

/** Internal path of the SDK's index. */
const sdkPath = '~lib/blockstm/assembly';

/** How far aliases, base classes and types are followed: those that lead back to themselves are AssemblyScript's to report. */
export const stepsMax = 16;

/** What stands for the whole of a file. */
const wholeFile = '*';

interface FileNames {
  readonly declared: Map<string, Declaration>;
  /** By local name: the file it is from and the name it has there. */
  readonly imported: Map<string, { readonly path: string; readonly name: string }>;
  /** By exported name: the local name, or that of another file. */
  readonly exported: Map<string, { readonly path: string | null; readonly name: string }>;
  readonly exportedAll: readonly string[];
}

export class Names {
  private readonly syntax: AssemblyScript;
  private readonly sources = new Map<string, Source>();
  private readonly files = new Map<Source, FileNames>();

  /** @param sources - The contract's own files, without libraries. */
  constructor(syntax: AssemblyScript, sources: readonly Source[]) {
    this.syntax = syntax;
    for (const source of sources) this.sources.set(source.internalPath, source);
  }

  /** What the name of a type, possibly with dots, stands for at the top level of a file. */
  of(source: Source, { identifier, next }: TypeName): Meaning {
    if (next === null) return this.ofIdentifier(source, identifier.text);
    const imported = this.namesOf(source).imported.get(identifier.text);
    if (imported === undefined || next.next !== null) return { kind: 'other' };
    if (imported.name === wholeFile) return this.ofExport(imported.path, next.identifier.text);
    // `import { abi }`, a namespace that the SDK exports.
    return { kind: 'other' };
  }

  /** What a name, possibly with dots, stands for where it is said. */
  resolve(scope: Scope, { identifier, next }: TypeName): Meaning {
    let meaning = this.lookUp(scope, identifier.text);
    for (let part = next; part !== null; part = part.next) meaning = this.memberOf(meaning, part.identifier.text);
    return meaning;
  }

  /** What a plain name stands for where it is said: the innermost namespace that declares it comes first. */
  lookUp({ source, namespaces }: Scope, name: string): Meaning {
    for (let depth = namespaces.length; depth > 0; depth--) {
      const scope = { source, namespaces: namespaces.slice(0, depth) };
      const found = this.inNamespace(scope, name);
      if (found !== undefined) return found;
    }
    return this.ofIdentifier(source, name);
  }

  /** What a name behind a dot stands for. */
  memberOf(meaning: Meaning, name: string): Meaning {
    switch (meaning.kind) {
      case 'file':
        return this.ofExport(meaning.path, name);
      case 'sdk':
        return { kind: 'sdk', name: meaning.name === 'abi' ? name : `${meaning.name}.${name}` };
      case 'namespace': {
        const { scope, declaration } = meaning;
        const inner = { ...scope, namespaces: [...scope.namespaces, declaration] };
        return this.inNamespace(inner, name) ?? { kind: 'other' };
      }
      case 'class':
        return this.staticOf(meaning, name) ?? { kind: 'other' };
      default:
        return { kind: 'other' };
    }
  }

  /** What a plain name stands for at the top level of a file. */
  ofIdentifier(source: Source, name: string): Meaning {
    const names = this.namesOf(source);
    const declaration = names.declared.get(name);
    if (declaration !== undefined) return this.describe(declaration, { source, namespaces: [] });
    const imported = names.imported.get(name);
    if (imported === undefined) return { kind: 'global', name };
    if (imported.name === wholeFile) return { kind: 'file', path: imported.path };
    return this.ofExport(imported.path, imported.name);
  }

  /** What the innermost namespace of a scope declares under a name. */
  private inNamespace(scope: Scope, name: string): Meaning | undefined {
    for (const statement of scope.namespaces.at(-1)?.members ?? []) {
      const found = declarationsOf(this.syntax, statement).find((declaration) => declaration.name.text === name);
      if (found !== undefined) return this.describe(found, scope);
    }
    return undefined;
  }

  /** A class, and those that it inherits from. */
  *lineageOf(of: AuthorClass): Generator<AuthorClass> {
    let next: AuthorClass | undefined = of;
    for (let steps = 0; next !== undefined && steps < stepsMax; steps++) {
      yield next;
      const { declaration, scope }: AuthorClass = next;
      next = declaration.extendsType === null ? undefined : this.classOf(scope, declaration.extendsType);
    }
  }

  private classOf(scope: Scope, type: TypeNode): AuthorClass | undefined {
    let target: { readonly scope: Scope; readonly type: TypeNode } = { scope, type };
    for (let steps = 0; steps < stepsMax && target.type instanceof this.syntax.NamedTypeNode; steps++) {
      const meaning = this.resolve(target.scope, target.type.name);
      if (meaning.kind === 'class') return meaning;
      if (meaning.kind !== 'alias') return undefined;
      target = { scope: meaning.scope, type: meaning.declaration.type };
    }
    return undefined;
  }

  /** A static member that can be read. */
  private staticOf(of: AuthorClass, name: string): Meaning | undefined {
    for (const { declaration, scope } of this.lineageOf(of)) {
      for (const member of declaration.members) {
        const isMember =
          member instanceof this.syntax.FieldDeclaration || member instanceof this.syntax.MethodDeclaration;
        if (!isMember || !member.is(flags.static) || member.is(flags.set) || member.name.text !== name) continue;
        return this.describe(member, scope);
      }
    }
    return undefined;
  }

  /** What a file exports under a name. */
  private ofExport(path: string, name: string, depth = 0): Meaning {
    if (isSdk(path)) return { kind: 'sdk', name };
    const source = this.sources.get(path) ?? this.sources.get(`${path}/index`);
    // Files that export each other's names without end are AssemblyScript's to report.
    if (source === undefined || depth > this.sources.size) return { kind: 'other' };
    const names = this.namesOf(source);
    const exported = names.exported.get(name);
    if (exported !== undefined) {
      return exported.path === null
        ? this.ofIdentifier(source, exported.name)
        : this.ofExport(exported.path, exported.name, depth + 1);
    }
    for (const other of names.exportedAll) {
      const meaning = this.ofExport(other, name, depth + 1);
      if (meaning.kind !== 'other') return meaning;
    }
    return { kind: 'other' };
  }

  private describe(declaration: Declaration, scope: Scope): Meaning {
    const { syntax } = this;
    const { source } = scope;
    if (declaration instanceof syntax.InterfaceDeclaration) return { kind: 'other' };
    if (declaration instanceof syntax.ClassDeclaration) return { kind: 'class', declaration, source, scope };
    if (declaration instanceof syntax.TypeDeclaration) return { kind: 'alias', declaration, source, scope };
    if (declaration instanceof syntax.FunctionDeclaration) return { kind: 'function', declaration, scope };
    if (declaration instanceof syntax.VariableDeclaration) return { kind: 'variable', declaration, scope };
    if (declaration instanceof syntax.FieldDeclaration) return { kind: 'variable', declaration, scope };
    if (declaration instanceof syntax.NamespaceDeclaration) return { kind: 'namespace', declaration, scope };
    return { kind: 'other' };
  }

  private namesOf(source: Source): FileNames {
    const known = this.files.get(source);
    if (known !== undefined) return known;
    const { syntax } = this;
    const declared = new Map<string, Declaration>();
    const imported = new Map<string, { path: string; name: string }>();
    const exported = new Map<string, { path: string | null; name: string }>();
    const exportedAll: string[] = [];
    for (const statement of source.statements) {
      if (statement instanceof syntax.ImportStatement) {
        const path = statement.internalPath;
        for (const { name, foreignName } of statement.declarations ?? []) {
          imported.set(name.text, { path, name: foreignName.text });
        }
        if (statement.namespaceName !== null) imported.set(statement.namespaceName.text, { path, name: wholeFile });
      } else if (statement instanceof syntax.ExportStatement) {
        const path = statement.internalPath;
        for (const { localName, exportedName } of statement.members ?? []) {
          exported.set(exportedName.text, { path, name: localName.text });
        }
        if (statement.members === null && path !== null) exportedAll.push(path);
      } else {
        for (const declaration of declarationsOf(syntax, statement)) {
          declared.set(declaration.name.text, declaration);
          // Whether it is exported is AssemblyScript's to check.
          if (!exported.has(declaration.name.text)) {
            exported.set(declaration.name.text, { path: null, name: declaration.name.text });
          }
        }
      }
    }
    const names = { declared, imported, exported, exportedAll };
    this.files.set(source, names);
    return names;
  }
}

function declarationsOf(syntax: AssemblyScript, statement: object): readonly Declaration[] {
  if (statement instanceof syntax.VariableStatement) return statement.declarations;
  const isDeclaration =
    statement instanceof syntax.ClassDeclaration ||
    statement instanceof syntax.EnumDeclaration ||
    statement instanceof syntax.FunctionDeclaration ||
    statement instanceof syntax.NamespaceDeclaration ||
    statement instanceof syntax.TypeDeclaration;
  return isDeclaration ? [statement] : [];
}

/** Whether a path is that of a file of the SDK. */
export function isSdk(path: string): boolean {
  return path === sdkPath || path === `${sdkPath}/index` || path.startsWith(`${sdkPath}/`);
}
