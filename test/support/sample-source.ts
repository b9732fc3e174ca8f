// Contracts given as text, for tests of what the compiler makes of them.

import { type CompiledContract, CompileError, compile } from '../../dist/host/contract/index.js';
import { ContractCaller } from './contract-caller.js';

/** Everything that contracts of tests use, in one line. */
export const sdkImport =
  'import { abi, Address, context, Counter, CounterMap, emit, EnumerableMap, Map, Roles, Set, u128, u256, Value, Vector } from "blockstm/assembly";\n';

/** The contract of file `sample.ts`. */
export async function compileSample(source: string): Promise<CompiledContract> {
  return compile({ source, name: 'sample' });
}

export async function sampleCaller(source: string): Promise<ContractCaller> {
  return new ContractCaller((await compileSample(source)).wasm);
}

/** Why a contract does not compile. */
export async function compileErrorOf(source: string): Promise<CompileError> {
  const outcome = await compileSample(source).catch((error: unknown) => error);
  if (!(outcome instanceof CompileError)) throw new Error('it compiled', { cause: outcome });
  return outcome;
}
