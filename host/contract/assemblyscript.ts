// The compiler's package, loaded when it is first needed: who only runs contracts need not have it installed.

import { BlockStmError } from '../runtime/errors.js';
import type { AssemblyScript } from './syntax.js';

/** The module `assemblyscript/asc`, as far as it is used. */
export interface Asc {
  /** Source of each file of the standard library, by its path without "~lib/" and ".ts". */
  readonly libraryFiles: Readonly<Record<string, string>>;
  createMemoryStream(): object;
  main(commandLine: readonly string[], host: CompilerHost): Promise<{ readonly error: Error | null }>;
}

/** What the compiler is given to work with. */
export interface CompilerHost {
  readonly stdout: object;
  readonly stderr: object;
  readonly transforms: readonly object[];
  readFile(file: string): Promise<string | null>;
  writeFile(file: string, contents: Uint8Array | string): void;
  listFiles(): readonly string[];
  reportDiagnostic(diagnostic: Diagnostic): void;
}

export interface Diagnostic {
  /** 2 for a warning, 3 for an error. */
  readonly category: number;
  readonly message: string;
  readonly range: {
    readonly start: number;
    readonly end: number;
    readonly source: { readonly normalizedPath: string };
  } | null;
}

/** The module `assemblyscript/binaryen`, as far as it is used. */
export interface Binaryen {
  /** The type of what has no value. */
  readonly none: number;
}

/** A module in the compiler's hands. Functions, types and expressions are opaque numbers. */
export interface BinaryenModule {
  getGlobal(name: string): number;
  removeExport(name: string): void;
  removeFunction(name: string): void;
  addFunction(name: string, parameters: number, results: number, locals: readonly number[], body: number): number;
  block(label: null, expressions: readonly number[]): number;
  call(name: string, operands: readonly number[], result: number): number;
  readonly global: { set(name: string, value: number): number };
  readonly i32: { const(value: number): number };
}

export interface CompilerPackage {
  readonly asc: Asc;
  readonly syntax: AssemblyScript;
  readonly binaryen: Binaryen;
}

/** @throws BlockStmError `ERR_COMPILER` where the package is not installed. */
export async function loadCompiler(): Promise<CompilerPackage> {
  try {
    const [asc, syntax, binaryen] = await Promise.all([
      load<Asc>('assemblyscript/asc'),
      load<AssemblyScript>('assemblyscript'),
      load<{ readonly default: Binaryen }>('assemblyscript/binaryen'),
    ]);
    return { asc, syntax, binaryen: binaryen.default };
  } catch (cause) {
    throw new BlockStmError(
      'ERR_COMPILER',
      'compiling a contract needs the package "assemblyscript", which cannot be loaded: npm install --save-dev assemblyscript',
      { cause },
    );
  }
}

/** Imports a module whose declarations must stay out of the program, see syntax.ts. */
async function load<T>(specifier: string): Promise<T> {
  return (await import(specifier)) as T;
}
