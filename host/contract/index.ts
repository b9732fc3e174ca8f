// What `blockstm/compiler` exports: everything to build contracts. Programs that only run them never load it.

export { type CompiledContract, type CompileOptions, type ContractSource, compile } from './compile.js';
export { CompileError, type CompileProblem } from './compile-error.js';
export type { ContractInterface, MethodInterface, ParameterInterface, ValueType } from './interface.js';
