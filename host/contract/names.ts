// What a name in one of a contract's files stands for.

import type {
  AssemblyScript,
  ClassDeclaration,
  Declaration,
  FunctionDeclaration,
  Source,
  TypeDeclaration,
  TypeName,
  VariableDeclaration,
} from './syntax.js';

export type Meaning =
  | { readonly kind: 'class'; readonly declaration: ClassDeclaration; readonly source: Source }
  | { readonly kind: 'alias'; readonly declaration: TypeDeclaration; readonly source: Source }
  | { readonly kind: 'function'; readonly declaration: FunctionDeclaration; readonly source: Source }
  | { readonly kind: 'variable'; readonly declaration: VariableDeclaration; readonly source: Source }
  /** Something of the SDK, by the SDK's name for it; its file, for a namespace: "abi". */
  | { readonly kind: 'sdk'; readonly name: string }
  /** Declared in none of the files: a name of AssemblyScript's, or of nothing. */
  | { readonly kind: 'global'; readonly name: string }
  /** Declared, but nothing of the above. */
  | { readonly kind: 'other' };

/** Internal path of the SDK's index. */
const sdkPath = '~lib/blockstm/assembly';

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

  /** What a name, possibly with dots, stands for in a file. */
  of(source: Source, { identifier, next }: TypeName): Meaning {
    if (next === null) return this.ofIdentifier(source, identifier.text);
    const imported = this.namesOf(source).imported.get(identifier.text);
    if (imported === undefined || next.next !== null) return { kind: 'other' };
    if (imported.name === wholeFile) return this.ofExport(imported.path, next.identifier.text);
    // `import { abi }`, a namespace that the SDK exports.
    return { kind: 'other' };
  }

  /** What a plain name stands for in a file. */
  ofIdentifier(source: Source, name: string): Meaning {
    const names = this.namesOf(source);
    const declaration = names.declared.get(name);
    if (declaration !== undefined) return this.describe(declaration, source);
    const imported = names.imported.get(name);
    if (imported === undefined) return { kind: 'global', name };
    if (imported.name === wholeFile) return this.wholeFile(imported.path);
    return this.ofExport(imported.path, imported.name);
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

  private wholeFile(path: string): Meaning {
    return path.startsWith(`${sdkPath}/`) ? { kind: 'sdk', name: path.slice(sdkPath.length + 1) } : { kind: 'other' };
  }

  private describe(declaration: Declaration, source: Source): Meaning {
    const { syntax } = this;
    if (declaration instanceof syntax.InterfaceDeclaration) return { kind: 'other' };
    if (declaration instanceof syntax.ClassDeclaration) return { kind: 'class', declaration, source };
    if (declaration instanceof syntax.TypeDeclaration) return { kind: 'alias', declaration, source };
    if (declaration instanceof syntax.FunctionDeclaration) return { kind: 'function', declaration, source };
    if (declaration instanceof syntax.VariableDeclaration) return { kind: 'variable', declaration, source };
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

function isSdk(path: string): boolean {
  return path === sdkPath || path === `${sdkPath}/index` || path.startsWith(`${sdkPath}/`);
}
