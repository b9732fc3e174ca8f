import { readFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { CompiledContract, CompileOptions } from '../contract/compile.js';
import type { CompileProblem } from '../contract/compile-error.js';
import { isLibraryFile } from '../contract/source-map.js';
import { OUT } from './contract-files.js';
import type { Genesis, GenesisCode } from './genesis.js';
import { FileError } from './json-field.js';
import { showProgress } from './progress.js';
import { systemReason } from './system-reason.js';

/** The Wasm of a genesis's contracts, by the path the genesis names. */
export type GenesisWasm = ReadonlyMap<string, Uint8Array>;

/** Compile a contract's source. @throws FileError where it cannot be read; what the compiler throws: a CompileError names files as one finds them from here. */
export async function compileContract(path: string, options: CompileOptions = {}): Promise<CompiledContract> {
  // A file that is not there is no source that does not compile.
  await readBytes(path);
  showProgress(`compiling ${path}`);
  // Loaded when there is something to compile: without AssemblyScript installed, built contracts still run.
  const { compile } = await import('../contract/index.js');
  return withPlaces(path, () => compile(path, options));
}

/** Compile the contract of file `path`. @throws what that throws: a CompileError names files as one finds them from here. */
export async function withPlaces<Result>(path: string, compile: () => Promise<Result>): Promise<Result> {
  const { CompileError } = await import('../contract/index.js');
  try {
    return await compile();
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    const problems = error.problems.map((problem) => located(problem, path));
    throw new CompileError(problems, { cause: error.cause, code: error.code });
  }
}

/** The problem with its file as one finds it from here, where the compiler says it from the contract's folder. */
function located(problem: CompileProblem, path: string): CompileProblem {
  const { file, text } = problem;
  if (file === undefined) return problem;
  const found = pathFrom(path, file);
  return { ...problem, file: found, text: text.replace(file, () => found) };
}

/** Where a source file is that belongs to the contract of file `entry`. The libraries' are nowhere. */
export function pathFrom(entry: string, file: string): string {
  return isLibraryFile(file) ? file : join(dirname(entry), file);
}

/** @throws FileError that says why a file cannot be read. */
export async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    const error = cause as NodeJS.ErrnoException;
    const isBuilt = error.code === 'ENOENT' && path.endsWith('.wasm') && relative(OUT, dirname(path)) === '';
    throw new FileError(
      `error: cannot read ${path}: ${systemReason(error)}${isBuilt ? '; blockstm build makes it' : ''}`,
    );
  }
}

/** Read or compile the contracts of a genesis, each file once. @throws FileError, and what the compiler throws. */
export async function loadWasm(genesis: Genesis): Promise<GenesisWasm> {
  const wasm = new Map<string, Uint8Array>();
  for (const { code } of genesis.contracts) {
    if (wasm.has(code.path)) continue;
    wasm.set(
      code.path,
      code.kind === 'source' ? (await compileContract(code.path, { debug: true })).wasm : await readModule(code),
    );
  }
  return wasm;
}

async function readModule({ path, field }: GenesisCode): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    return field.fail(`cannot read the contract: ${(cause as Error).message}`);
  }
}
