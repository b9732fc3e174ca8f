import { readFile } from 'node:fs/promises';
import type { CompiledContract, CompileOptions } from '../contract/compile.js';
import type { Genesis, GenesisCode } from './genesis.js';
import { FileError } from './json-field.js';
import { showProgress } from './progress.js';

/** The Wasm of a genesis's contracts, by the path the genesis names. */
export type GenesisWasm = ReadonlyMap<string, Uint8Array>;

/** Compile a contract's source. @throws what the compiler throws */
export async function compileContract(path: string, options: CompileOptions = {}): Promise<CompiledContract> {
  showProgress(`compiling ${path}`);
  // Loaded when there is something to compile: without AssemblyScript installed, built contracts still run.
  const { compile } = await import('../contract/index.js');
  return compile(path, options);
}

/** @throws FileError that says why a file cannot be read. */
export async function readBytes(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new FileError(`error: cannot read ${path}: ${(cause as Error).message}`);
  }
}

/** Read or compile the contracts of a genesis, each file once. @throws FileError, and what the compiler throws. */
export async function loadWasm(genesis: Genesis): Promise<GenesisWasm> {
  const wasm = new Map<string, Uint8Array>();
  for (const { code } of genesis.contracts) {
    if (wasm.has(code.path)) continue;
    wasm.set(code.path, code.kind === 'source' ? (await compileContract(code.path)).wasm : await readModule(code));
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
