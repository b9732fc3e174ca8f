import { ContractCodeError } from '../runtime/errors.js';
import { type ContractInterface, interfaceSection, parseInterface } from './interface.js';

/**
 * Reads the interface that a module carries; undefined where it carries none.
 * @throws ContractCodeError `ERR_INTERFACE` where the section is malformed, is there twice or names a method that the module does not export.
 */
export function readInterface(module: WebAssembly.Module): ContractInterface | undefined {
  const sections = WebAssembly.Module.customSections(module, interfaceSection);
  const section = sections[0];
  if (section === undefined) return undefined;
  if (sections.length > 1) {
    throw new ContractCodeError('ERR_INTERFACE', `the module has ${sections.length} "${interfaceSection}" sections`);
  }
  let json: string;
  try {
    json = new TextDecoder('utf-8', { fatal: true }).decode(section);
  } catch (cause) {
    throw new ContractCodeError('ERR_INTERFACE', "the contract's interface is not UTF-8", { cause });
  }
  const contract = parseInterface(json);
  const functions = new Set<string>();
  for (const item of WebAssembly.Module.exports(module)) {
    if (item.kind === 'function') functions.add(item.name);
  }
  for (const { name } of contract.methods) {
    if (!functions.has(name)) {
      throw new ContractCodeError(
        'ERR_INTERFACE',
        `the interface names the method "${name}", which the module does not export`,
      );
    }
  }
  return contract;
}
