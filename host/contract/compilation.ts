// One run of AssemblyScript's compiler, step by step: what its command line, `asc`, does. That one ends the process where the compiler crashes.

import type {
  BinaryenModule,
  CompiledFunction,
  Compiler,
  CompilerModule,
  CompilerOptions,
  CompilerPackage,
  Diagnostic,
  Program,
} from './assemblyscript.js';
import { placeAborts, placeInlined } from './code-places.js';
import { CompileError, type CompileProblem, describeProblem } from './compile-error.js';
import type { SourceFiles } from './source-files.js';
import { isLibraryFile } from './source-map.js';
import type { Parser } from './syntax.js';

/** The compiler's numbers for what it writes, without a collector: WebAssembly of 32 bits, AssemblyScript's "stub" runtime. */
const targetWasm = 0;
const runtimeStub = 0;

const optimizeLevel = 3;
const shrinkLevel = 0;

const library = '~lib/';
const sourceMapUrl = './contract.wasm.map';

export interface CompilationOptions {
  /** Keep names, and make a source map. */
  readonly debug: boolean;
  /** Name under which the module-level code is exported. */
  readonly startExport: string;
  /** The function that takes the place of `abort`, with the file that it is in. */
  readonly abort: string;
}

export interface EmittedModule {
  readonly wasm: Uint8Array<ArrayBuffer>;
  /** JSON text; undefined without `debug`. */
  readonly sourceMap: string | undefined;
}

/** The steps, in this order: `parse`, `compile`, `optimize`, `emit`; `dispose` at the end. */
export class Compilation {
  readonly #package: CompilerPackage;
  readonly #files: SourceFiles;
  readonly #isDebug: boolean;
  readonly #program: Program;
  #module: { readonly compiled: CompilerModule; readonly binaryen: BinaryenModule } | undefined;

  constructor(compiler: CompilerPackage, files: SourceFiles, options: CompilationOptions) {
    this.#package = compiler;
    this.#files = files;
    this.#isDebug = options.debug;
    this.#program = compiler.syntax.newProgram(this.#options(options));
  }

  get parser(): Parser {
    return this.#program.parser;
  }

  /** The module; only after `compile`. */
  get module(): BinaryenModule {
    if (this.#module === undefined) throw new TypeError('there is no module before it is compiled');
    return this.#module.binaryen;
  }

  /** Parses the standard library, a contract's file, and what these import. */
  async parse(entryFile: string): Promise<void> {
    for (const [path, text] of Object.entries(this.#package.asc.libraryFiles)) {
      // Those in folders are parsed where they are imported.
      if (!path.includes('/')) this.#parse(text, `${library}${path}.ts`, false);
    }
    this.#parse((await this.#files.read(entryFile))?.text ?? null, entryFile, true);
    await this.parseImports();
  }

  /** Parses what was imported and not parsed yet. */
  async parseImports(): Promise<void> {
    const { syntax } = this.#package;
    for (let path = syntax.nextFile(this.#program); path !== null; path = syntax.nextFile(this.#program)) {
      const found = this.#libraryFile(path) ?? (await this.#files.find(path, syntax.getDependee(this.#program, path)));
      this.#parse(found?.text ?? null, found?.path ?? `${path}.ts`, false);
    }
  }

  /** What the compiler found since this was asked last. */
  diagnostics(): Diagnostic[] {
    const { syntax } = this.#package;
    const found: Diagnostic[] = [];
    for (let each = syntax.nextDiagnostic(this.#program); each !== null; each = syntax.nextDiagnostic(this.#program)) {
      found.push(each);
    }
    return found;
  }

  /** Resolves names and types, and writes the module. @throws CompileError `ERR_COMPILER` where the compiler crashes. */
  compile(): void {
    const { syntax, binaryen } = this.#package;
    this.#guarded(() => syntax.initializeProgram(this.#program));
    const compiler = this.#guarded(() => new syntax.Compiler(this.#program));
    if (this.#isDebug) {
      placeAborts(compiler, binaryen);
      placeInlined(compiler, ({ normalizedPath: file }) => !isLibraryFile(file) && this.#files.isAuthored(file));
    }
    const compiled = this.#guarded(() => compiler.compile(), compiler);
    this.#module = { compiled, binaryen: binaryen.wrapModule(compiled.ref) };
  }

  /** @throws as `compile` does. */
  optimize(): void {
    const { syntax } = this.#package;
    const compiled = this.#module?.compiled;
    if (compiled === undefined) throw new TypeError('there is no module before it is compiled');
    this.#guarded(() => {
      if (!syntax.validate(compiled)) throw new TypeError('the module that it wrote is not valid');
      syntax.optimize(compiled, optimizeLevel, shrinkLevel, this.#isDebug, false);
    });
  }

  /** @throws as `compile` does. */
  emit(): EmittedModule {
    const { binary, sourceMap } = this.#guarded(() => this.module.emitBinary(this.#isDebug ? sourceMapUrl : null));
    return { wasm: Uint8Array.from(binary), sourceMap: sourceMap ? this.#withSources(sourceMap) : undefined };
  }

  dispose(): void {
    this.#module?.binaryen.dispose();
    this.#module = undefined;
  }

  #options({ debug, startExport, abort }: CompilationOptions): CompilerOptions {
    const { syntax } = this.#package;
    const options = syntax.newOptions();
    syntax.setTarget(options, targetWasm);
    syntax.setRuntime(options, runtimeStub);
    syntax.setDebugInfo(options, debug);
    syntax.setSourceMap(options, debug);
    syntax.setExportMemory(options, false);
    syntax.setExportStart(options, startExport);
    // What a contract computes is in its objects; reading past them would find what the allocator left there.
    syntax.setNoUnsafe(options, true);
    syntax.setOptimizeLevelHints(options, optimizeLevel, shrinkLevel);
    syntax.addGlobalAlias(options, 'abort', abort);
    return options;
  }

  #parse(text: string | null, path: string, isEntry: boolean): void {
    this.#guarded(() => this.#package.syntax.parse(this.#program, text, path, isEntry));
  }

  #libraryFile(path: string): { readonly text: string; readonly path: string } | undefined {
    if (!path.startsWith(library)) return undefined;
    const name = path.slice(library.length);
    for (const each of [name, `${name}/index`]) {
      const text = this.#package.asc.libraryFiles[each];
      if (text !== undefined) return { text, path: `${library}${each}.ts` };
    }
    return undefined;
  }

  /** The source map with the text of its sources. */
  #withSources(sourceMap: string): string {
    const map = JSON.parse(sourceMap) as { sources: string[] };
    const texts = new Map(this.parser.sources.map(({ normalizedPath, text }) => [normalizedPath, text]));
    return JSON.stringify({ ...map, sourcesContent: map.sources.map((source) => texts.get(source) ?? null) });
  }

  /** Runs a step of the compiler's, which says what is wrong by diagnostics: what it throws is a fault of its own. */
  #guarded<Result>(step: () => Result, compiler?: Compiler): Result {
    try {
      return step();
    } catch (cause) {
      throw new CompileError([crash(cause, compiler?.currentFlow?.sourceFunction)], { cause, code: 'ERR_COMPILER' });
    }
  }
}

/** @param at - What was being compiled. */
function crash(cause: unknown, at: CompiledFunction | undefined): CompileProblem {
  const said = cause instanceof Error && cause.message !== '' ? cause.message.split('\n')[0] : 'it does not say why';
  if (at === undefined) return describeProblem(`AssemblyScript's compiler crashed: ${said}`);
  // The function that the code outside of functions becomes is in none of the files.
  const { name } = at.declaration;
  const { source, start, end } = name.range;
  if (source.isLibrary) {
    return describeProblem(`AssemblyScript's compiler crashed over the code outside of functions: ${said}`);
  }
  const message = `AssemblyScript's compiler crashed over the function "${name.text}", or over what is inlined there: ${said}`;
  return describeProblem(message, { file: source.normalizedPath, text: source.text, start, end });
}
