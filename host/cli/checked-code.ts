import { check } from '../index.js';
import { compileContract, readBytes } from './contract-code.js';
import { formatFindings } from './finding-text.js';
import { FileError } from './json-field.js';
import { namedCode } from './named-code.js';

/** The Wasm of a module, or of a contract in AssemblyScript, that a chain would take: with a `name`, as it is deployed under that. @throws FileError with what speaks against it; what the compiler throws. */
export async function checkedWasm(file: string, name?: string): Promise<Uint8Array> {
  if (file.endsWith('.ts')) return (await compileContract(file, name === undefined ? {} : { name, debug: true })).wasm;
  const wasm = await readBytes(file);
  const findings = check(wasm);
  if (findings.length === 0) return name === undefined ? wasm : namedCode(wasm, name);
  const problems = findings.map(({ message }) => ({ message, file }));
  throw new FileError(formatFindings(file, findings, new Map()).trimEnd(), problems);
}
