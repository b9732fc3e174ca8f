import { CONTRACT_INTERFACE } from '../engine/kernel.js';
import { ContractCodeError } from './errors.js';

/** Compile a contract's Wasm and check what it imports and that nothing runs before its methods do. @throws ContractCodeError */
export async function compileCode(wasm: Uint8Array): Promise<WebAssembly.Module> {
  let module: WebAssembly.Module;
  try {
    module = await WebAssembly.compile(wasm as Uint8Array<ArrayBuffer>);
  } catch (cause) {
    throw new ContractCodeError('ERR_NOT_WASM', `not a valid Wasm module: ${(cause as Error).message}`, { cause });
  }
  checkImports(module);
  if (hasStartSection(wasm)) {
    throw new ContractCodeError('ERR_START', 'the module has a start function: it would run outside of any call');
  }
  return module;
}

/** A contract may import the functions of its interface and nothing else. Their types are checked when it is instantiated. */
function checkImports(module: WebAssembly.Module): void {
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    const known = from === 'blockstm' && (CONTRACT_INTERFACE as readonly string[]).includes(name);
    if (!known || kind !== 'function') {
      throw new ContractCodeError(
        'ERR_IMPORT',
        `the module imports the ${kind} "${from}.${name}"; a contract can import only functions of "blockstm": ${CONTRACT_INTERFACE.join(', ')}`,
      );
    }
  }
}

/** The names of the exported functions. @throws ContractCodeError where there is none. */
export function methodsOf(module: WebAssembly.Module): string[] {
  const methods = WebAssembly.Module.exports(module).filter(({ kind }) => kind === 'function');
  if (methods.length === 0) throw new ContractCodeError('ERR_EXPORT', 'the module exports no function, so no method');
  return methods.map(({ name }) => name);
}

const HEADER_BYTES = 8;
const START_SECTION = 8;

/** Whether a valid module has a start section: sections are an id, a LEB128 size, and so many bytes. */
function hasStartSection(wasm: Uint8Array): boolean {
  for (let at = HEADER_BYTES; at < wasm.length; ) {
    if (wasm[at] === START_SECTION) return true;
    at++;
    let size = 0;
    let shift = 0;
    let byte: number;
    do {
      byte = wasm[at++] as number;
      size += (byte & 127) * 2 ** shift;
      shift += 7;
    } while (byte > 127);
    at += size;
  }
  return false;
}
