import { moduleNameOf } from '../engine/traces.js';
import { check } from '../wasm/check.js';
import type { Finding } from '../wasm/finding.js';
import { instrument, RESET_EXPORT } from '../wasm/instrument.js';
import { withModuleName } from '../wasm/names.js';
import { ContractCodeError } from './errors.js';

/** Findings that an error's message shows; the error has them all. */
const FINDINGS_SHOWN = 10;

/** Check, instrument and compile a contract's Wasm, named by its hash. @throws ContractCodeError `ERR_CHECK` */
export async function compileCode(wasm: Uint8Array, hash: string): Promise<WebAssembly.Module> {
  const findings = check(wasm);
  if (findings.length > 0) throw new ContractCodeError('ERR_CHECK', describe(findings), { findings });
  return WebAssembly.compile(withModuleName(instrument(wasm), moduleNameOf(hash)));
}

function describe(findings: readonly Finding[]): string {
  const shown = findings.slice(0, FINDINGS_SHOWN).map(({ code, message, offset, function: inFunction }) => {
    const name = inFunction?.name === undefined ? '' : ` "${visible(inFunction.name)}"`;
    const place = inFunction === undefined ? '' : `function ${inFunction.index}${name}, `;
    return `  ${code}: ${place}offset 0x${offset.toString(16)}: ${visible(message)}`;
  });
  if (findings.length > FINDINGS_SHOWN) shown.push(`  and ${findings.length - FINDINGS_SHOWN} more`);
  return `the module cannot be a contract:\n${shown.join('\n')}`;
}

/** Names are the module's: what a terminal obeys is taken out of them. */
function visible(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, '\ufffd');
}

/** The methods of an instrumented module: what it exports, but for the function that the rewrite has added. */
export function methodsOf(module: WebAssembly.Module): string[] {
  return WebAssembly.Module.exports(module)
    .map(({ name }) => name)
    .filter((name) => name !== RESET_EXPORT);
}
