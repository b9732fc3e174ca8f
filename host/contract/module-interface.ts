import { ContractCodeError } from '../runtime/errors.js';
import { DOCUMENT_BYTES_MAX } from './document.js';
import { type ContractInterface, interfaceSection, parseInterface } from './interface.js';
import { layoutSection, parseLayout, type StorageLayout } from './layout.js';

/**
 * Reads the interface that a module carries; undefined where it carries none.
 * @throws ContractCodeError `ERR_INTERFACE` where the section is malformed, is there twice or names a method that the module does not export.
 */
export function readInterface(module: WebAssembly.Module): ContractInterface | undefined {
  const json = readSection(module, interfaceSection, "the contract's interface");
  if (json === undefined) return undefined;
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

/**
 * Reads the storage layout that a module carries; undefined where it carries none.
 * @throws ContractCodeError `ERR_INTERFACE` where the section is malformed or is there twice.
 */
export function readLayout(module: WebAssembly.Module): StorageLayout | undefined {
  const json = readSection(module, layoutSection, "the contract's storage layout");
  return json === undefined ? undefined : parseLayout(json);
}

/** A document of a module that cannot be read: what it is of, the section that it is in, and why. */
export interface UnreadableDocument {
  readonly what: 'interface' | 'layout';
  readonly section: string;
  readonly error: ContractCodeError;
}

/** Those of a module, as whoever deploys it comes upon them. */
export function unreadableDocuments(module: WebAssembly.Module): UnreadableDocument[] {
  const documents = [
    { what: 'interface', section: interfaceSection, read: readInterface },
    { what: 'layout', section: layoutSection, read: readLayout },
  ] as const;
  return documents.flatMap(({ read, ...document }) => {
    try {
      read(module);
      return [];
    } catch (error) {
      if (!(error instanceof ContractCodeError)) throw error;
      return [{ ...document, error }];
    }
  });
}

/** The text of a custom section. */
function readSection(module: WebAssembly.Module, name: string, what: string): string | undefined {
  const sections = WebAssembly.Module.customSections(module, name);
  const section = sections[0];
  if (section === undefined) return undefined;
  if (sections.length > 1) {
    throw new ContractCodeError('ERR_INTERFACE', `the module has ${sections.length} "${name}" sections`);
  }
  if (section.byteLength > DOCUMENT_BYTES_MAX) {
    throw new ContractCodeError(
      'ERR_INTERFACE',
      `${what} has ${section.byteLength} bytes, more than ${DOCUMENT_BYTES_MAX}`,
    );
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(section);
  } catch (cause) {
    throw new ContractCodeError('ERR_INTERFACE', `${what} is not UTF-8`, { cause });
  }
}
