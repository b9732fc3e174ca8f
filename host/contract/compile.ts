// The driver of the AssemblyScript compiler.

import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { MisuseError } from '../runtime/errors.js';
import { SOURCE_MAP_SECTION } from '../wasm/source-map.js';
import { loadCompiler } from './assemblyscript.js';
import { generateClient } from './client-source.js';
import { CompileError, type CompileProblem, describeProblem } from './compile-error.js';
import { FunctionRanges } from './function-ranges.js';
import { type ContractInterface, interfaceSection } from './interface.js';
import { layoutSection, type StorageLayout } from './layout.js';
import { appendCustomSection } from './section.js';
import { type ReadListener, SourceFiles } from './source-files.js';
import { compactSourceMap } from './source-map.js';
import { generatedFile } from './syntax.js';
import { ContractTransform, startExport } from './transform.js';

/** A contract given as text. */
export interface ContractSource {
  readonly source: string;
  /** The contract's name; its file is called `<name>.ts` in messages. */
  readonly name: string;
  /** Folder that its relative imports start from. Default: the current one. */
  readonly directory?: string;
}

export interface CompileOptions {
  /** The contract's name in its interface. Default: the file's name without ".ts". */
  readonly name?: string;
  /** Keep the names of functions and a source map in the module, so that failures point at the source. It costs no gas, only bytes. Default false. */
  readonly debug?: boolean;
  /**
   * Called for every file that the compiler looked for, with its absolute path and what was in it; null where there is none. What was compiled stays the
   * same as long as these do.
   */
  readonly onRead?: ReadListener;
}

export interface CompiledContract {
  /**
   * The module, with its interface and its layout in the custom sections `blockstm.interface` and `blockstm.layout`; with `debug`, a source map in
   * `blockstm.source-map`.
   */
  readonly wasm: Uint8Array;
  readonly interface: ContractInterface;
  /** Where it keeps its state. */
  readonly layout: StorageLayout;
  /** TypeScript source of a client: the interface with its types. */
  readonly client: string;
  readonly warnings: readonly CompileProblem[];
  /** JSON text, with the sources in it; undefined without `debug`. */
  readonly sourceMap: string | undefined;
}

/** `DiagnosticCategory.Error` and `.Warning` of AssemblyScript. */
const errorCategory = 3;
const warningCategory = 2;

/**
 * Compiles a contract.
 *
 * The same source gives the same bytes, wherever it lies.
 * @param entry - Path of the contract's file, or its text.
 * @throws CompileError `ERR_COMPILE` with file, line and column; `ERR_COMPILER` where the package `assemblyscript` is not installed; MisuseError for what is no entry or no options.
 */
export async function compile(entry: string | ContractSource, options: CompileOptions = {}): Promise<CompiledContract> {
  if (typeof entry !== 'string' && typeof entry?.source !== 'string') {
    throw new MisuseError('ERR_ARGUMENT', 'compile: expected the path of a contract, or { source, name }');
  }
  if (typeof options !== 'object' || options === null) {
    throw new MisuseError('ERR_OPTION', `compile: expected an object with options, got ${String(options)}`);
  }
  const { asc, syntax, binaryen } = await loadCompiler();
  const source = typeof entry === 'string' ? await readEntry(entry, options.onRead) : entry;
  const entryFile = `${source.name}.ts`;
  const directory = resolve(source.directory ?? '.');
  const transform = new ContractTransform(syntax, binaryen, entryFile, options.name ?? source.name);
  const ranges = new FunctionRanges(syntax);
  const files = new SourceFiles(syntax, entryFile, source.source, directory, options.onRead);
  const errors: CompileProblem[] = [];
  const warnings: CompileProblem[] = [];
  let binary: Uint8Array<ArrayBuffer> | undefined;
  let sourceMap: string | undefined;

  const debugArguments = options.debug ? ['--debug', '--sourceMap'] : [];
  const result = await asc.main([...compilerArguments(entryFile, directory), ...debugArguments], {
    stdout: asc.createMemoryStream(),
    stderr: asc.createMemoryStream(),
    transforms: [transform, ranges],
    listFiles: () => [],
    readFile: (file) => files.read(file),
    writeFile: (_file, contents) => {
      if (typeof contents === 'string') sourceMap = contents;
      else binary = Uint8Array.from(contents);
    },
    reportDiagnostic: ({ category, message, range }) => {
      const file = range?.source.normalizedPath;
      const text = file === undefined ? undefined : (files.textOf(file) ?? asc.libraryFiles[libraryName(file)]);
      // A wrong type in a field is reported where it was written, and again where it was put.
      if (file === generatedFile && errors.length > 0) return;
      const problem =
        range === null || file === undefined || text === undefined
          ? describeProblem(message)
          : describeProblem(message, { file, text, start: range.start, end: range.end });
      const list = category === errorCategory ? errors : category === warningCategory ? warnings : [];
      if (!list.some((other) => other.text === problem.text)) list.push(problem);
    },
  });
  if (result.error instanceof CompileError) throw result.error;
  if (errors.length > 0) throw new CompileError(errors);
  if (result.error !== null) throw new CompileError([describeProblem(result.error.message)], { cause: result.error });
  const { contract } = transform;
  if (binary === undefined || contract === undefined)
    throw new CompileError([describeProblem('the compiler wrote nothing')]);
  refuseImports(binary, entryFile);
  const described = appendDocument(
    appendDocument(binary, interfaceSection, contract.interface),
    layoutSection,
    contract.layout,
  );
  const map = sourceMap && compactSourceMap(sourceMap, (file) => files.isAuthored(file), ranges.list);
  const wasm =
    map === undefined ? described : appendCustomSection(described, SOURCE_MAP_SECTION, new TextEncoder().encode(map));
  const client = generateClient(contract.interface);
  return { wasm, interface: contract.interface, layout: contract.layout, client, warnings, sourceMap };
}

function appendDocument(wasm: Uint8Array, section: string, document: object): Uint8Array {
  return appendCustomSection(wasm, section, new TextEncoder().encode(JSON.stringify(document)));
}

function compilerArguments(entryFile: string, directory: string): string[] {
  return [
    entryFile,
    ...['--baseDir', directory],
    ...['--outFile', 'contract.wasm'],
    ...['--optimizeLevel', '3', '--shrinkLevel', '0'],
    // The transform replaces this allocator by the SDK's; any other choice would bring a shadow stack with it.
    ...['--runtime', 'stub'],
    ...['--use', 'abort=~lib/blockstm/assembly/abort/abort'],
    ...['--exportStart', startExport],
    '--noExportMemory',
    // What a contract computes is in its objects; reading past them would find what the allocator left there.
    '--noUnsafe',
    '--noColors',
  ];
}

async function readEntry(path: string, onRead: CompileOptions['onRead']): Promise<ContractSource> {
  const file = resolve(path);
  try {
    const source = await readFile(file, 'utf8');
    onRead?.(file, source);
    return { source, name: basename(file, '.ts'), directory: dirname(file) };
  } catch (cause) {
    throw new CompileError([describeProblem(`cannot read the contract ${path}: ${(cause as Error).message}`)], {
      cause,
    });
  }
}

/** The name under which AssemblyScript keeps a file of its standard library. */
function libraryName(file: string): string {
  return file.replace(/^~lib\//, '').replace(/\.ts$/, '');
}

/** A contract is given the functions of the interface and nothing else. */
function refuseImports(binary: Uint8Array<ArrayBuffer>, entryFile: string): void {
  for (const { module, name } of WebAssembly.Module.imports(new WebAssembly.Module(binary))) {
    if (module === 'blockstm') continue;
    const problem = `${entryFile} needs "${module}.${name}", which a contract is not given: a call has no clock, no console and no random numbers`;
    throw new CompileError([describeProblem(problem)]);
  }
}
