/**
 * `blockstm/compiler`: everything to build contracts. Programs that only run them never load it. Needs the package `assemblyscript` installed.
 *
 * @module blockstm/compiler
 */
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
