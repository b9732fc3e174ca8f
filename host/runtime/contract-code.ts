import { unreadableDocuments } from '../contract/module-interface.js';
import { moduleNameOf } from '../engine/traces.js';
import { type CheckOptions, check as findAll } from '../wasm/check.js';
import { codeHash } from '../wasm/code-hash.js';
import { decode } from '../wasm/decode.js';
import type { Finding } from '../wasm/finding.js';
import { RESET_EXPORT, instrument as rewrite } from '../wasm/instrument.js';
import { withModuleName } from '../wasm/names.js';
import { WasmError } from '../wasm/reader.js';
import { ContractCodeError, MisuseError } from './errors.js';
import { refuseUnknown } from './option-schema.js';
import '../engine/web-assembly.js';

/** Findings that an error's message shows; the error has them all. */
const FINDINGS_SHOWN = 10;

/**
 * Everything that keeps a module from being a contract, in the order of its bytes; empty if it can be deployed.
 *
 * Every function is looked at; of findings with the same code in one function the first ten are listed and the last, which says how many more
 * there are. There is one finding only for bytes that are no module or are too many, which are not looked into, and for what
 * nothing but V8 objects to. What the module says of its interface and its storage is read where nothing else speaks against it. Never throws for any bytes.
 * @throws MisuseError `ERR_ARGUMENT` where the source map is not one, or `wasm` no bytes; `ERR_OPTION` for options that are none.
 */
export function check(wasm: Uint8Array, options: CheckOptions = {}): Finding[] {
  refuseNoBytes('check', wasm);
  refuseUnknown('check', options, ['limits', 'sourceMap']);
  try {
    const findings = findAll(wasm, options);
    return findings.length > 0 ? findings : sectionFindings(wasm);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new MisuseError('ERR_ARGUMENT', `check: sourceMap: ${cause.message}`, { cause });
  }
}

/** What keeps the documents that a valid module carries from being read. */
function sectionFindings(wasm: Uint8Array): Finding[] {
  const module = new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>);
  return unreadableDocuments(module).map(({ what, section, error }) => {
    return { code: what, message: error.message, offset: offsetOfSection(wasm, section) };
  });
}

/** Where the content of the first custom section of a name is. */
function offsetOfSection(wasm: Uint8Array, name: string): number {
  const section = decode(wasm).customs.find((custom) => custom.name === name);
  return section === undefined ? 0 : section.bytes.byteOffset - wasm.byteOffset;
}

/**
 * Rewrite a contract's module so that whatever it does is charged, bounded and undone before the next call: what `deploy` does. host/wasm/README.md says how.
 *
 * The module must have passed `check`. Its methods keep their names; it exports nothing else but `blockstm.reset`.
 * @throws ContractCodeError `ERR_CHECK` where the module is not valid, or is not one that `check` passes; without findings.
 */
export function instrument(wasm: Uint8Array): Uint8Array<ArrayBuffer> {
  refuseNoBytes('instrument', wasm);
  try {
    return rewrite(wasm);
  } catch (cause) {
    if (!(cause instanceof WasmError)) throw cause;
    throw new ContractCodeError('ERR_CHECK', `instrument: ${cause.message}`, { cause });
  }
}

/** @throws MisuseError `ERR_ARGUMENT` */
export function refuseNoBytes(what: string, wasm: unknown): void {
  if (!(wasm instanceof Uint8Array)) throw new MisuseError('ERR_ARGUMENT', `${what}: wasm must be a Uint8Array`);
}

/** Check, instrument and compile a contract's Wasm, named by its hash. @throws ContractCodeError `ERR_CHECK` */
export async function compileCode(wasm: Uint8Array, hash = codeHash(wasm)): Promise<WebAssembly.Module> {
  const findings = findAll(wasm);
  if (findings.length > 0) throw new ContractCodeError('ERR_CHECK', describe(findings), { findings });
  return WebAssembly.compile(withModuleName(rewrite(wasm), moduleNameOf(hash)));
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
