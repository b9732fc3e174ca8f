// The files that the compiler is given: the contract's, those of the SDK, and stubs, which are made when they are asked for.

import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CompileError, describeProblem } from './compile-error.js';
import { Contract } from './contract.js';
import { type ContractInterface, parseInterface } from './interface.js';
import { readInterface } from './module-interface.js';
import { writeStub } from './stub.js';
import type { AssemblyScript } from './syntax.js';

// From dist/host/contract, where this file is built to.
const sdkDirectory = fileURLToPath(new URL('../../../assembly/sdk/', import.meta.url));

/** The path of an SDK file as the compiler looks packages up: everything after "node_modules/blockstm/assembly/". */
const sdkFile = /(?:^|[\\/])node_modules[\\/]blockstm[\\/]assembly[\\/]([a-z0-9-]+\.ts)$/;

/** The path of a stub, and that of the contract that it is for, without an extension. */
const stubFile = /^(.+)\.stub\.ts$/;

/** Told of a file by its absolute path: what was in it, or null where there is none. */
export type ReadListener = (file: string, contents: string | Uint8Array | null) => void;

export class SourceFiles {
  private readonly syntax: AssemblyScript;
  private readonly entryFile: string;
  private readonly entryText: string;
  private readonly directory: string;
  /** Text of every file that was read, by the path that diagnostics give for it. */
  private readonly texts = new Map<string, string>();
  /** Those of them that are stubs. */
  private readonly stubs = new Set<string>();
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

  /**
   * Reads a file; null where there is none. The compiler probes several paths for each import.
   * @throws CompileError where a stub is of a contract that does not compile.
   */
  async read(file: string): Promise<string | null> {
    const text = await this.find(file);
    if (text !== null) this.texts.set(diagnosticPath(file), text);
    return text;
  }

  /** The text of a file that was read, by the path that diagnostics give for it. */
  textOf(path: string): string | undefined {
    return this.texts.get(path);
  }

  /** Whether somebody wrote a file that was read, as against the compiler. */
  isAuthored(path: string): boolean {
    return this.texts.has(path) && !this.stubs.has(path);
  }

  private async find(file: string): Promise<string | null> {
    if (file === this.entryFile) return this.entryText;
    // A contract is compiled the same way wherever it lies: settings that happen to lie beside it do not count.
    if (basename(file) === 'asconfig.json') return null;
    const sdkName = sdkFile.exec(file)?.[1];
    if (sdkName !== undefined) return this.readText(resolve(sdkDirectory, sdkName));
    const stubbed = stubFile.exec(file.replaceAll('\\', '/'))?.[1];
    const contract = stubbed === undefined ? undefined : await this.interfaceOf(stubbed);
    if (contract === undefined) return this.readText(resolve(this.directory, file));
    this.stubs.add(diagnosticPath(file));
    return writeStub(contract);
  }

  /** The interface of the contract at a path without an extension; undefined where there is none. */
  private async interfaceOf(path: string): Promise<ContractInterface | undefined> {
    const name = basename(path);
    const source = await this.find(`${path}.ts`);
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
      const found = (await files.find(`${path}.ts`)) ?? (await files.find(`${path}/index.ts`));
      parser.parseFile(found, `${path}.ts`, false);
    }
    const problems = parser.diagnostics.map(({ message, range }) =>
      range === null
        ? describeProblem(message)
        : describeProblem(message, {
            file: range.source.normalizedPath,
            text: range.source.text,
            start: range.start,
            end: range.end,
          }),
    );
    if (problems.length > 0) throw new CompileError(problems);
    const own = parser.sources.filter((source) => !source.isLibrary);
    const entry = own.find((source) => source.normalizedPath === file);
    if (entry === undefined) throw new TypeError(`the compiler lost the file ${file}`);
    return new Contract(this.syntax, own, entry, name).interface;
  }

  private async readText(path: string): Promise<string | null> {
    const text = await readFile(path, 'utf8').catch(() => null);
    this.onRead?.(path, text);
    return text;
  }
}

/** The path that diagnostics give for a file that the compiler asked for as `file`. */
function diagnosticPath(file: string): string {
  const sdkName = sdkFile.exec(file)?.[1];
  return sdkName === undefined ? file : `~lib/blockstm/assembly/${sdkName}`;
}
