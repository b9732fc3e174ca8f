import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { BlockContext } from '../index.js';
import { AddressBook, parseAddress, parseContractName } from './address-book.js';
import { FileError, JsonField } from './json-field.js';

const SCHEMA = 'blockstm.genesis/1';
const U64_MAX = 2n ** 64n - 1n;

/** The code of a contract: a built module, or AssemblyScript to compile. */
export interface GenesisCode {
  readonly kind: 'wasm' | 'source';
  /** Absolute. */
  readonly path: string;
  /** Where the genesis names it. */
  readonly field: JsonField;
}

export interface GenesisContract {
  readonly name: string;
  readonly address: Uint8Array;
  readonly code: GenesisCode;
  /** Of the call of its init method; still to be read: what arguments it takes is known once it is compiled. */
  readonly init: JsonField;
}

/** A genesis file: the contracts of a chain, and the first calls, which have to succeed. */
export interface Genesis {
  readonly context: Partial<BlockContext>;
  readonly contracts: readonly GenesisContract[];
  readonly addresses: AddressBook;
  /** Still to be read by a `CallReader`: what arguments a call takes is known once its contract is compiled. */
  readonly calls: readonly JsonField[];
}

/** @throws FileError where the file cannot be read or is wrong. */
export async function readGenesis(file: string): Promise<Genesis> {
  const root = JsonField.parse({ file, firstLine: 1, text: await readText(file) });
  const { schema, context, contracts, calls } = root.members(['schema', 'context', 'contracts', 'calls']);
  if (schema.value !== SCHEMA) schema.expected(JSON.stringify(SCHEMA));
  const addresses = new AddressBook();
  return {
    context: context.present ? readContext(context) : {},
    contracts: contracts.items().map((item) => readContract(item, addresses, dirname(file))),
    addresses,
    calls: calls.present ? calls.items() : [],
  };
}

/** @throws FileError that says why a file cannot be read. */
export async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    throw new FileError(`error: cannot read ${file}: ${(cause as Error).message}`);
  }
}

function readContext(field: JsonField): Partial<BlockContext> {
  const { chainId, timestamp, seed } = field.members(['chainId', 'timestamp', 'seed']);
  return {
    ...(chainId.present && { chainId: chainId.integer(0n, U64_MAX) }),
    ...(timestamp.present && { timestamp: timestamp.integer(0n, U64_MAX) }),
    ...(seed.present && { seed: readSeed(seed) }),
  };
}

function readSeed(field: JsonField): Uint8Array {
  const seed = field.bytes();
  return seed.length === 32 ? seed : field.expected('32 bytes ("0x" and 64 hex digits)');
}

function readContract(field: JsonField, addresses: AddressBook, directory: string): GenesisContract {
  const { name: nameField, address, source, wasm, init } = field.members(['name', 'address', 'source', 'wasm', 'init']);
  const name = parseContractName(nameField);
  if (addresses.hasContract(name)) nameField.fail(`another contract is named ${name} already`);
  if (source.present === wasm.present) field.fail('expected exactly one of source and wasm');
  const code = source.present ? source : wasm;
  return {
    name,
    address: addresses.addContract(name, address.present ? parseAddress(address) : undefined),
    code: { kind: source.present ? 'source' : 'wasm', path: resolve(directory, code.text()), field: code },
    init,
  };
}
