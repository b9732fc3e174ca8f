// The compiler's package, loaded when it is first needed: who only runs contracts need not have it installed.

import { BlockStmError } from '../runtime/errors.js';
import type { AssemblyScript, Identifier, Node, Parser, Source } from './syntax.js';

/** The module `assemblyscript/asc`, as far as it is used. */
export interface Asc {
  /** Source of each file of the standard library, by its path without "~lib/" and ".ts". */
  readonly libraryFiles: Readonly<Record<string, string>>;
}

/** What the compiler was told. */
export type CompilerOptions = { readonly __brand: 'options' };

/** The files of one compilation, and what the compiler makes of them. */
export interface Program {
  readonly parser: Parser;
}

export interface Diagnostic {
  /** 2 for a warning, 3 for an error. */
  readonly category: number;
  readonly message: string;
  readonly range: { readonly start: number; readonly end: number; readonly source: Source } | null;
}

/** Compiles a call, or what is inlined in its place. */
export type CompileCall = (
  this: Compiler,
  instance: CompiledFunction,
  operands: readonly unknown[] | null,
  call: Node,
  ...others: readonly unknown[]
) => number;

/** Compiles a program. */
export interface Compiler {
  /** Where it is. */
  readonly currentFlow?: {
    /** What the code is declared in. */
    readonly sourceFunction?: CompiledFunction;
    /** What it becomes a part of: another one where it is inlined. */
    readonly targetFunction?: CompiledFunction;
  };
  compile(): CompilerModule;
  compileCallDirect: CompileCall;
  /** The same with operands that are compiled. */
  makeCallDirect: CompileCall;
  /** Calls `abort`: a block with the call, and what is never reached. */
  makeStaticAbort(message: number, node: Node): number;
  /** Keeps for the source map where an expression is from. */
  addDebugLocation(expression: number, range: Node['range']): void;
}

/** A function in the compiler's hands. */
export interface CompiledFunction {
  readonly declaration: Node & { readonly name: Identifier };
}

/** A module as the compiler knows it. */
export interface CompilerModule {
  /** Binaryen's. */
  readonly ref: number;
}

/** The part of the module `assemblyscript` that compiles. */
export interface CompilerApi {
  readonly Compiler: new (program: Program) => Compiler;
  newOptions(): CompilerOptions;
  setTarget(options: CompilerOptions, target: number): void;
  setRuntime(options: CompilerOptions, runtime: number): void;
  setDebugInfo(options: CompilerOptions, isOn: boolean): void;
  setSourceMap(options: CompilerOptions, isOn: boolean): void;
  setExportMemory(options: CompilerOptions, isOn: boolean): void;
  setExportStart(options: CompilerOptions, name: string): void;
  setNoUnsafe(options: CompilerOptions, isOn: boolean): void;
  setOptimizeLevelHints(options: CompilerOptions, optimizeLevel: number, shrinkLevel: number): void;
  addGlobalAlias(options: CompilerOptions, alias: string, name: string): void;
  newProgram(options: CompilerOptions): Program;
  parse(program: Program, text: string | null, path: string, isEntry: boolean): void;
  /** Internal path of a file that was imported and not parsed yet. */
  nextFile(program: Program): string | null;
  /** Internal path of a file that imports it. */
  getDependee(program: Program, path: string): string | null;
  nextDiagnostic(program: Program): Diagnostic | null;
  initializeProgram(program: Program): void;
  validate(module: CompilerModule): boolean;
  optimize(
    module: CompilerModule,
    optimizeLevel: number,
    shrinkLevel: number,
    debugInfo: boolean,
    zeroFilledMemory: boolean,
  ): void;
}

/** The module `assemblyscript/binaryen`, as far as it is used. */
export interface Binaryen {
  /** The type of what has no value. */
  readonly none: number;
  readonly BlockId: number;
  readonly Block: { getChildAt(block: number, index: number): number };
  /** The kind of an expression. */
  getExpressionId(expression: number): number;
  wrapModule(ref: number): BinaryenModule;
}

/** A module in the compiler's hands. Functions, types and expressions are opaque numbers. */
export interface BinaryenModule {
  getGlobal(name: string): number;
  removeExport(name: string): void;
  removeFunction(name: string): void;
  addFunction(name: string, parameters: number, results: number, locals: readonly number[], body: number): number;
  block(label: null, expressions: readonly number[]): number;
  call(name: string, operands: readonly number[], result: number): number;
  /** With a source map where it is given a name for it. */
  emitBinary(sourceMapUrl: string | null): { readonly binary: Uint8Array; readonly sourceMap: string | null };
  dispose(): void;
  readonly global: { set(name: string, value: number): number };
  readonly i32: { const(value: number): number };
}

export interface CompilerPackage {
  readonly asc: Asc;
  readonly syntax: AssemblyScript & CompilerApi;
  readonly binaryen: Binaryen;
}

/** @throws BlockStmError `ERR_COMPILER` where the package is not installed. */
export async function loadCompiler(): Promise<CompilerPackage> {
  try {
    const [asc, syntax, binaryen] = await Promise.all([
      load<Asc>('assemblyscript/asc'),
      load<CompilerPackage['syntax']>('assemblyscript'),
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
