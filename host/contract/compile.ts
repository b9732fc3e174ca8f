// The driver of the AssemblyScript compiler.

import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { InvariantError, MisuseError } from '../runtime/errors.js';
import { check } from '../wasm/check.js';
import { SOURCE_MAP_SECTION, SourceMap } from '../wasm/source-map.js';
import { type CompilerPackage, loadCompiler } from './assemblyscript.js';
import { generateClient } from './client-source.js';
import { Compilation } from './compilation.js';
import { CompileError, type CompileProblem, describeProblem } from './compile-error.js';
import { problemOf, problemsOfFindings } from './diagnostic.js';
import { describeFound } from './found.js';
import { functionRanges } from './function-ranges.js';
import { type ContractInterface, interfaceSection } from './interface.js';
import { layoutSection, type StorageLayout } from './layout.js';
import { unreadableDocuments } from './module-interface.js';
import { nearestName } from './nearest-name.js';
import { Problems } from './problems.js';
import { appendCustomSection } from './section.js';
import { type ReadListener, SourceFiles } from './source-files.js';
import { compactSourceMap } from './source-map.js';
import type { Source } from './syntax.js';
import { ContractTransform, startExport } from './transform.js';

/** A contract given as text. */
export interface ContractSource {
  readonly source: string;
  /** The contract's name; its file is called `<name>.ts` in messages: no slashes, no control characters. */
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

/** The function that `assert` and `throw` end in. */
const abort = '~lib/blockstm/assembly/abort/abort';

/**
 * Compiles a contract. What it gives can be deployed.
 *
 * The same source gives the same bytes, wherever it lies.
 * @param entry - Path of the contract's file, or its text.
 * @throws CompileError `ERR_COMPILE` with file, line and column of everything that was found wrong, in the order of the source, and `ERR_COMPILER` where
 * AssemblyScript's compiler crashes. BlockStmError `ERR_COMPILER` where the package `assemblyscript` is not installed. MisuseError `ERR_ARGUMENT` for what is no entry, `ERR_OPTION` for what are no options.
 */
export async function compile(entry: string | ContractSource, options: CompileOptions = {}): Promise<CompiledContract> {
  if (typeof entry !== 'string' && typeof entry?.source !== 'string') {
    throw new MisuseError('ERR_ARGUMENT', 'compile: expected the path of a contract, or { source, name }');
  }
  if (typeof options !== 'object' || options === null) {
    throw new MisuseError('ERR_OPTION', `compile: expected an object with options, found ${String(options)}`);
  }
  const { name: given, debug, onRead } = options;
  if (typeof entry !== 'string') refuseNoSource(entry);
  refuseUnknown('ERR_OPTION', options, ['name', 'debug', 'onRead']);
  if (given !== undefined) refuseNoName('ERR_OPTION', given);
  refuseOther('ERR_OPTION', 'debug', debug, 'boolean');
  refuseOther('ERR_OPTION', 'onRead', onRead, 'function');
  const compiler = await loadCompiler();
  const source = typeof entry === 'string' ? await readEntry(entry, onRead) : entry;
  const name = given ?? source.name;
  const contract = await compileOnce(compiler, source, { name, debug: debug === true, onRead });
  const findings = check(contract.wasm);
  if (findings.length === 0) {
    verifySections(contract.wasm);
    return contract;
  }
  // Where in the source that is takes a map, with which the module may be larger than it was.
  const { wasm, sourceMap = '' } = await compileOnce(compiler, source, { name, debug: true, onRead: undefined });
  const placed = check(wasm, { sourceMap, limits: { moduleBytes: wasm.length } });
  throw new CompileError(problemsOfFindings(placed.length > 0 ? placed : findings, new SourceMap(sourceMap)));
}

type ArgumentCode = 'ERR_ARGUMENT' | 'ERR_OPTION';

interface OnceOptions {
  /** The contract's. */
  readonly name: string;
  readonly debug: boolean;
  readonly onRead: CompileOptions['onRead'];
}

/** @throws as `compile` does; what it gives is a module, and not yet known to be one that can be deployed. */
async function compileOnce(
  compiler: CompilerPackage,
  source: ContractSource,
  { name, debug, onRead }: OnceOptions,
): Promise<CompiledContract> {
  const entryFile = `${source.name}.ts`;
  const directory = resolve(source.directory ?? '.');
  const files = new SourceFiles(compiler.syntax, entryFile, source.source, directory, onRead);
  const compilation = new Compilation(compiler, files, { debug, startExport, abort });
  const findings = new Findings(compilation, files);
  try {
    await compilation.parse(entryFile);
    findings.refuse();
    const transform = new ContractTransform(compiler, compilation, entryFile, name);
    const { contract } = transform;
    findings.problems.add(contract.problems);
    const functions = functionRanges(compiler.syntax, compilation.parser.sources);
    await compilation.parseImports();
    findings.guarded(() => compilation.compile());
    findings.refuse();
    transform.finish();
    compilation.optimize();
    const { wasm: binary, sourceMap } = compilation.emit();
    refuseImports(binary, entryFile);
    const described = appendDocument(
      appendDocument(binary, interfaceSection, contract.interface),
      layoutSection,
      contract.layout,
    );
    const map = sourceMap && compactSourceMap(sourceMap, (file) => files.isAuthored(file), functions);
    const wasm =
      map === undefined ? described : appendCustomSection(described, SOURCE_MAP_SECTION, new TextEncoder().encode(map));
    const client = generateClient(contract.interface);
    const { warnings } = findings;
    return { wasm, interface: contract.interface, layout: contract.layout, client, warnings, sourceMap };
  } finally {
    compilation.dispose();
  }
}

/** The name of a contract is a part of its interface. @throws MisuseError */
function refuseNoName(code: ArgumentCode, name: unknown): void {
  if (typeof name === 'string' && name !== '' && name.isWellFormed()) return;
  throw new MisuseError(code, `compile: name: expected a string that is not empty, found ${describeFound(name)}`);
}

/** Its name becomes that of a file. @throws MisuseError `ERR_ARGUMENT` */
function refuseNoSource(entry: ContractSource): void {
  const { name, directory } = entry;
  refuseUnknown('ERR_ARGUMENT', entry, ['source', 'name', 'directory']);
  refuseNoName('ERR_ARGUMENT', name);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: no name of a file has them.
  if (/[\0-\x1f\x7f/\\]/.test(name)) {
    const expected = 'expected the name of a file without ".ts", without slashes and control characters';
    throw new MisuseError('ERR_ARGUMENT', `compile: name: ${expected}, found ${describeFound(name)}`);
  }
  refuseOther('ERR_ARGUMENT', 'directory', directory, 'string');
  if (directory?.includes('\0')) {
    throw new MisuseError('ERR_ARGUMENT', `compile: directory: expected a path, found ${describeFound(directory)}`);
  }
}

/** @throws MisuseError naming what nobody reads, and what was most likely meant. */
function refuseUnknown(code: ArgumentCode, given: object, known: readonly string[]): void {
  const name = Object.keys(given).find((each) => !known.includes(each));
  if (name === undefined) return;
  const nearest = nearestName(name, known);
  const meant = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  const what = code === 'ERR_OPTION' ? 'option' : 'field';
  const found = `unknown ${what} ${describeFound(name)}`;
  throw new MisuseError(code, `compile: ${found}, known are ${known.join(', ')}${meant}`);
}

/** What may be left out. @throws MisuseError */
function refuseOther(code: ArgumentCode, name: string, value: unknown, type: 'boolean' | 'function' | 'string'): void {
  if (value === undefined || typeof value === type) return;
  throw new MisuseError(code, `compile: ${name}: expected a ${type}, found ${describeFound(value)}`);
}

/** What is wrong with a contract: what its own checks say, and what AssemblyScript says. */
class Findings {
  readonly problems = new Problems();
  readonly #warnings = new Problems();
  readonly #compilation: Compilation;
  readonly #files: SourceFiles;

  constructor(compilation: Compilation, files: SourceFiles) {
    this.#compilation = compilation;
    this.#files = files;
  }

  get warnings(): readonly CompileProblem[] {
    return this.#warnings.list;
  }

  /** Runs a step that may crash over what has been found to be wrong: then that is what there is to say. */
  guarded(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.refuse();
      throw error;
    }
  }

  /** @throws CompileError where there is a problem. */
  refuse(): void {
    const own = this.problems.list;
    const said: CompileProblem[] = [];
    for (const diagnostic of this.#compilation.diagnostics()) {
      if (diagnostic.category === warningCategory) this.#warnings.add([problemOf(diagnostic)]);
      if (diagnostic.category === errorCategory) said.push(problemOf(diagnostic));
    }
    // What follows from a problem that was found before is not said again.
    const fresh = said.filter(({ file, line }) => !own.some((other) => other.file === file && other.line === line));
    const placed = fresh.filter(({ file }) => file !== undefined && this.#files.isAuthored(file));
    // A wrong type is reported where it was written, and again in the code that it was put into.
    this.problems.add(own.length + placed.length > 0 ? placed : fresh);
    const { list } = this.problems;
    if (list.length > 0) throw new CompileError(inOrder(list, this.#compilation.parser.sources));
  }
}

/** Problems in the order of the source, file after file. */
function inOrder(problems: readonly CompileProblem[], sources: readonly Source[]): readonly CompileProblem[] {
  const places = new Map(sources.map(({ normalizedPath }, index) => [normalizedPath, index]));
  const placeOf = ({ file, line = 0, column = 0 }: CompileProblem) => [places.get(file ?? '') ?? -1, line, column];
  return [...problems].sort((left, right) => {
    const [leftPlace, rightPlace] = [placeOf(left), placeOf(right)];
    const different = leftPlace.findIndex((part, index) => part !== rightPlace[index]);
    return different < 0 ? 0 : (leftPlace[different] as number) - (rightPlace[different] as number);
  });
}

function appendDocument(wasm: Uint8Array, section: string, document: object): Uint8Array<ArrayBuffer> {
  return appendCustomSection(wasm, section, new TextEncoder().encode(JSON.stringify(document)));
}

async function readEntry(path: string, onRead: CompileOptions['onRead']): Promise<ContractSource> {
  const file = resolve(path);
  const source = await readFile(file, 'utf8').catch((cause: Error) => {
    throw new CompileError([describeProblem(`cannot read the contract ${path}: ${cause.message}`)], { cause });
  });
  // What it throws is its own, and says nothing of the file.
  onRead?.(file, source);
  return { source, name: basename(file, '.ts'), directory: dirname(file) };
}

/** A contract is given the functions of the interface and nothing else. */
function refuseImports(binary: Uint8Array<ArrayBuffer>, entryFile: string): void {
  for (const { module, name } of WebAssembly.Module.imports(new WebAssembly.Module(binary))) {
    if (module === 'blockstm') continue;
    const problem = `${entryFile} needs "${module}.${name}", which a contract is not given: a call has no clock, no console and no random numbers`;
    throw new CompileError([describeProblem(problem)]);
  }
}

/** Reads what a contract says of itself, as whoever deploys it does. @throws InvariantError */
function verifySections(wasm: Uint8Array): void {
  const [unreadable] = unreadableDocuments(new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>));
  if (unreadable === undefined) return;
  const cause = unreadable.error;
  throw new InvariantError(`the compiler wrote a contract that cannot be deployed: ${cause.message}`, { cause });
}
