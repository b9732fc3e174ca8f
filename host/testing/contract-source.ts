import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CompiledContract, ContractSource } from '../contract/index.js';
import { readInterface } from '../contract/module-interface.js';
import { type ContractInterface, MisuseError } from '../index.js';
import { compileCached } from './compile-cache.js';

/** A `URL`, as a program sees it whose types name none. */
export interface FileUrl {
  readonly href: string;
}

/**
 * A contract to deploy: the path of its AssemblyScript file (.ts) or its module (.wasm), relative to the current folder, or its URL; what `compile` gave; the bytes of
 * a module; or a source as text.
 */
export type ContractInput = string | FileUrl | Uint8Array | Pick<CompiledContract, 'wasm'> | ContractSource;

export interface ContractModule {
  readonly wasm: Uint8Array;
  /** Where nothing better is known. */
  readonly name: string;
}

/** @throws CompileError; MisuseError `ERR_ARGUMENT` for what is none, or a file that cannot be read. */
export async function moduleOf(input: ContractInput): Promise<ContractModule> {
  if (input instanceof Uint8Array) return { wasm: input, name: 'contract' };
  if (typeof input === 'string' || input instanceof URL) return moduleAt(input);
  if (typeof input === 'object' && input !== null && 'wasm' in input) return { wasm: input.wasm, name: 'contract' };
  if (typeof input === 'object' && input !== null && 'source' in input) {
    const { wasm } = await compileCached(input);
    return { wasm, name: input.name };
  }
  throw new MisuseError('ERR_ARGUMENT', `deploy: ${EXPECTED}, found ${String(input)}`);
}

/** The interface that a module carries. Undefined for one without, and for what is no module: `deploy` says what is wrong with it. */
export async function interfaceOf(wasm: Uint8Array): Promise<ContractInterface | undefined> {
  try {
    return readInterface(await WebAssembly.compile(new Uint8Array(wasm)));
  } catch {
    return undefined;
  }
}

const EXPECTED = 'expected the path of a .ts or .wasm file, what compile gave, or the bytes of a module';

async function moduleAt(place: string | URL): Promise<ContractModule> {
  const path = place instanceof URL ? fileURLToPath(place) : place;
  const ending = extname(path);
  const name = basename(path, ending);
  if (ending === '.ts') return { wasm: (await compileCached(path)).wasm, name };
  if (ending !== '.wasm') throw new MisuseError('ERR_ARGUMENT', `deploy: ${EXPECTED}, found ${path}`);
  try {
    return { wasm: await readFile(path), name };
  } catch (cause) {
    throw new MisuseError('ERR_ARGUMENT', `deploy: cannot read ${path}: ${(cause as Error).message}`, { cause });
  }
}
