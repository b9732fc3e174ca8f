import type { Target } from '../engine/calls.js';
import { loadDigests, loadVerification } from '../engine/hashes.js';
import type { Code } from '../engine/protocol.js';
import { UNKNOWN_CONTRACT, UNKNOWN_METHOD } from '../engine/traps.js';
import { compileCode, methodsOf } from '../runtime/contract-code.js';
import { codeHash } from '../wasm/code-hash.js';

/** Check, instrument and compile contracts' Wasm, as `deploy` does, and number the methods. @throws ContractCodeError `ERR_CHECK` */
export async function compileCodes(wasms: readonly Uint8Array[]): Promise<Code[]> {
  const codes: Code[] = [];
  let firstEntry = 0;
  for (const wasm of wasms) {
    const module = await compileCode(wasm, codeHash(wasm));
    const methods = methodsOf(module);
    await loadDigests(module);
    await loadVerification(module);
    codes.push({ module, methods, firstEntry });
    firstEntry += methods.length;
  }
  return codes;
}

/** Where calls of a contract that there is not go. */
export const UNKNOWN_TARGET: Target = { entry: -1, contract: UNKNOWN_CONTRACT };

/** Where calls of a contract's method go. */
export function targetOf({ methods, firstEntry }: Code, contract: number, method: string): Target {
  const position = methods.indexOf(method);
  return position < 0 ? { entry: -1, contract: UNKNOWN_METHOD } : { entry: firstEntry + position, contract };
}
