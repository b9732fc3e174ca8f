/**
 * `blockstm/compiler`: everything to build contracts. Programs that only run them never load it. Needs the package `assemblyscript` installed.
 *
 * @module blockstm/compiler
 */
export { generateClient } from './client-source.js';
export { type CompiledContract, type CompileOptions, type ContractSource, compile } from './compile.js';
export { CompileError, type CompileProblem } from './compile-error.js';
export type {
  ContractInterface,
  EventFieldInterface,
  EventInterface,
  FieldInterface,
  MethodInterface,
  MethodKind,
  ParameterInterface,
  StructInterface,
  TypeExpression,
} from './interface.js';
export type { StorageField, StorageKind, StorageLayout } from './layout.js';
export type { ReadListener } from './source-files.js';
