// The files that the compiler is given: the contract's, those of the SDK, and stubs, which are made when they are asked for.

import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CompileError, describeProblem } from './compile-error.js';
import { Contract } from './contract.js';
import { problemOf } from './diagnostic.js';
import { type ContractInterface, parseInterface } from './interface.js';
import { readInterface } from './module-interface.js';
import { stubbedContract, writeStub } from './stub.js';
import type { AssemblyScript } from './syntax.js';

// From dist/host/contract, where this file is built to.
const sdkDirectory = fileURLToPath(new URL('../../../assembly/sdk/', import.meta.url));

/** What AssemblyScript calls the SDK's index, without an extension. The SDK's other files are below it. */
const sdkIndex = '~lib/blockstm/assembly';
const sdkFile = /^~lib\/blockstm\/assembly\/([a-z0-9-]+)$/;

/** A file of another package: the package, and the path in it; without one, its index. */
const packageFile = /^~lib\/((?:@[^/]+\/)?[^/]+)(?:\/(.+))?$/;

/** Told of a file by its absolute path: what was in it, or null where there is none. */
export type ReadListener = (file: string, contents: string | Uint8Array | null) => void;

/** A file, by the path that diagnostics give for it. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export class SourceFiles {
  private readonly syntax: AssemblyScript;
  private readonly entryFile: string;
  private readonly entryText: string;
  private readonly directory: string;
  /** Paths of the files that somebody wrote, as against the compiler. */
  private readonly authored = new Set<string>();
  /** Where the packages are that files were read from, by the files' internal paths. */
  private readonly packages = new Map<string, string>();
  private readonly onRead: ReadListener | undefined;
  /** Contracts whose stubs are being made. */
  private readonly open: ReadonlySet<string>;

  /**
   * @param entryFile - The contract's file: relative to `directory`, as all paths here.
   * @param entryText - Its text.
   * @param onRead - Told of every other file that was looked for.
   */
  constructor(
    syntax: AssemblyScript,
    entryFile: string,
    entryText: string,
    directory: string,
    onRead?: ReadListener,
    open: ReadonlySet<string> = new Set(),
  ) {
    this.syntax = syntax;
    this.entryFile = entryFile;
    this.entryText = entryText;
    this.directory = directory;
    this.onRead = onRead;
    this.open = open;
  }

  /** Whether somebody wrote a file that was read, as against the compiler. */
  isAuthored(path: string): boolean {
    return this.authored.has(path);
  }

  /**
   * Finds the file that an import means.
   * @param path - AssemblyScript's internal path: without an extension, from the contract's folder, or with "~lib/" and a package in front.
   * @param importer - Internal path of a file that imports it.
   * @throws CompileError where a stub is of a contract that does not compile.
   */
  async find(path: string, importer: string | null = null): Promise<SourceFile | undefined> {
    if (path === sdkIndex) return this.readSdk(`${sdkIndex}/index`);
    if (sdkFile.test(path)) return this.readSdk(path);
    const inPackage = packageFile.exec(path);
    if (inPackage !== null) return this.findInPackage(inPackage[1] as string, inPackage[2] ?? 'index', importer);
    return (await this.read(`${path}.ts`)) ?? (await this.read(`${path}/index.ts`));
  }

  /** Reads one of the contract's own files. @throws as `find` does. */
  async read(file: string): Promise<SourceFile | undefined> {
    const stub = await this.stubOf(file);
    if (stub !== undefined) return { path: file, text: stub };
    const text = await this.textOf(file);
    if (text === null) return undefined;
    this.authored.add(file);
    return { path: file, text };
  }

  /** The text of a file that is there, and no stub. */
  private async textOf(file: string): Promise<string | null> {
    return file === this.entryFile ? this.entryText : this.readText(resolve(this.directory, file));
  }

  private async readSdk(path: string): Promise<SourceFile | undefined> {
    const name = sdkFile.exec(path)?.[1];
    const text = await this.readText(resolve(sdkDirectory, `${name}.ts`));
    return text === null ? undefined : { path: `${path}.ts`, text };
  }

  /** Looks a package up as Node.js does, from the folder of the one that imports it. */
  private async findInPackage(name: string, file: string, importer: string | null): Promise<SourceFile | undefined> {
    const start = (importer === null ? undefined : this.packages.get(importer)) ?? this.directory;
    for (let folder = start, last = ''; folder !== last; last = folder, folder = dirname(folder)) {
      if (basename(folder) === 'node_modules') continue;
      const found = resolve(folder, 'node_modules', name);
      for (const each of [file, `${file}/index`]) {
        const text = await this.readText(resolve(found, `${each}.ts`));
        if (text === null) continue;
        const path = `~lib/${name}/${each}`;
        this.packages.set(path, found);
        return { path: `${path}.ts`, text };
      }
    }
    return undefined;
  }

  /** Undefined for what is no stub, and where there is no contract that it could be for. */
  private async stubOf(file: string): Promise<string | undefined> {
    const path = stubbedContract(file);
    const contract = path === undefined ? undefined : await this.interfaceOf(path);
    return contract === undefined ? undefined : writeStub(contract);
  }

  /** The interface of the contract at a path without an extension; undefined where there is none. */
  private async interfaceOf(path: string): Promise<ContractInterface | undefined> {
    const name = basename(path);
    const source = await this.textOf(`${path}.ts`);
    if (source !== null) {
      // Contracts may call one another: the one that asks is left out of what it is asked for.
      if (this.open.has(path)) return { schema: 'blockstm.interface/1', name, methods: [] };
      return this.parseContract(`${path}.ts`, source, name, new Set([...this.open, path]));
    }
    try {
      const module = resolve(this.directory, `${path}.wasm`);
      const wasm = await readFile(module).catch(() => null);
      this.onRead?.(module, wasm);
      if (wasm !== null) return readInterface(new WebAssembly.Module(Uint8Array.from(wasm)));
      const json = await this.readText(resolve(this.directory, `${path}.interface.json`));
      return json === null ? undefined : parseInterface(json);
    } catch (cause) {
      throw new CompileError([describeProblem(`${path}: ${(cause as Error).message}`)], { cause });
    }
  }

  /** The interface of a contract that is parsed and not compiled. */
  private async parseContract(
    file: string,
    text: string,
    name: string,
    open: ReadonlySet<string>,
  ): Promise<ContractInterface> {
    const files = new SourceFiles(this.syntax, file, text, this.directory, this.onRead, open);
    const parser = new this.syntax.Parser();
    parser.parseFile(text, file, true);
    for (let path = parser.nextFile(); path !== null; path = parser.nextFile()) {
      if (path.startsWith('~lib/')) continue;
      const found = await files.find(path);
      parser.parseFile(found?.text ?? null, found?.path ?? `${path}.ts`, false);
    }
    const problems = parser.diagnostics.map(problemOf);
    if (problems.length > 0) throw new CompileError(problems);
    const own = parser.sources.filter((source) => !source.isLibrary);
    const entry = own.find((source) => source.normalizedPath === file);
    if (entry === undefined) throw new TypeError(`the compiler lost the file ${file}`);
    const contract = new Contract(this.syntax, own, entry, name);
    if (contract.problems.length > 0) throw new CompileError(contract.problems);
    return contract.interface;
  }

  private async readText(path: string): Promise<string | null> {
    const text = await readFile(path, 'utf8').catch(() => null);
    this.onRead?.(path, text);
    return text;
  }
}
