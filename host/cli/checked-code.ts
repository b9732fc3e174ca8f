import type { CompiledContract } from '../contract/compile.js';
import { check, type Finding } from '../index.js';
import { compileContract, pathFrom, readBytes } from './contract-code.js';
import { formatFindings, sourceTexts } from './finding-text.js';
import { FileError } from './json-field.js';

/** The Wasm of a module, or of a contract in AssemblyScript, that a chain would take: with a `name`, as it is deployed under that. @throws FileError with what speaks against it; what the compiler throws. */
export async function checkedWasm(file: string, name?: string): Promise<Uint8Array> {
  if (file.endsWith('.ts')) return (await checkedContract(file, name !== undefined, name)).wasm;
  const wasm = await readBytes(file);
  const findings = check(wasm);
  if (findings.length > 0) throw findingsError(file, findings, new Map());
  return wasm;
}

/** A contract in AssemblyScript, compiled, that a chain would take. @throws as `checkedWasm` */
export async function checkedContract(file: string, debug: boolean, name?: string): Promise<CompiledContract> {
  const contract = await compileContract(file, { debug, ...(name !== undefined && { name }) });
  if (check(contract.wasm).length === 0) return contract;
  // What is in the way is shown in the source, which takes a map.
  const { wasm, sourceMap = '' } = debug ? contract : await compileContract(file, { debug: true });
  const pathOf = (source: string): string => pathFrom(file, source);
  const findings = check(wasm, { sourceMap }).map(({ source, ...finding }) => {
    return source === undefined ? finding : { ...finding, source: { ...source, file: pathOf(source.file) } };
  });
  throw findingsError(file, findings, sourceTexts(sourceMap, pathOf));
}

function findingsError(file: string, findings: readonly Finding[], texts: ReadonlyMap<string, string>): FileError {
  const problems = findings.map(({ message, source }) => ({ message, file, ...source }));
  return new FileError(formatFindings(file, findings, texts).trimEnd(), problems);
}
