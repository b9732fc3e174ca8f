import { DocumentReader } from '../contract/document.js';
import { typesOf } from '../contract/interface.js';
import { readLayout } from '../contract/module-interface.js';
import {
  decodeStorageKey,
  decodeStorageValue,
  encodeStorageKey,
  MisuseError,
  type StorageKey,
  type StorageLayout,
  type Store,
  type StoreView,
  type Value,
} from '../index.js';
import { type AddressBook, contractAddress } from './address-book.js';
import { callField, readArguments } from './argument-list.js';
import { CallReader } from './call-reader.js';
import { hex } from './hex.js';
import { FileError } from './json-field.js';
import { expectedName } from './nearest-name.js';
import { plainJson } from './receipt-reader.js';
import { formatValue } from './receipt-rows.js';

/** What is stored at a key, in the words of the contract's layout. */
export interface StoredField {
  /** Of a field, or of what its author calls otherwise: a field's size, the place of a key. */
  readonly field: string;
  readonly part: StorageKey['part'];
  /** Of a map or set. */
  readonly key: Value | undefined;
  /** Of a vector's element. */
  readonly index: bigint | undefined;
  /** Undefined where it is not what the layout says. */
  readonly value: Value | undefined;
}

/** Reads the state of a chain by the storage layouts of its contracts. */
export class StorageReader {
  readonly #store: Store;
  readonly #codes: ReadonlyMap<string, string>;
  readonly #addresses: AddressBook;
  /** By code; null where it has none. */
  readonly #layouts = new Map<string, StorageLayout | null>();

  constructor(store: Store, { chain }: StoreView, addresses: AddressBook) {
    this.#store = store;
    this.#addresses = addresses;
    this.#codes = new Map(chain.contracts.map(({ address, codeHash }) => [hex(address), codeHash]));
  }

  /** Undefined for a contract that says nothing of how it is stored. */
  async layoutOf(contract: Uint8Array): Promise<StorageLayout | undefined> {
    const code = this.#codes.get(hex(contract)) as string;
    const known = this.#layouts.get(code);
    if (known !== undefined) return known ?? undefined;
    const wasm = (await this.#store.code(code)) as Uint8Array<ArrayBuffer>;
    const layout = readLayout(await WebAssembly.compile(wasm));
    this.#layouts.set(code, layout ?? null);
    return layout;
  }

  /** What a contract is called here: its name where its address is derived from that, else its address. */
  async nameOf(contract: Uint8Array): Promise<string> {
    const name = (await this.layoutOf(contract))?.name;
    return name !== undefined && hex(contractAddress(name)) === hex(contract) ? name : hex(contract);
  }

  /** Those that contracts are called by. */
  async names(): Promise<readonly string[]> {
    const names: string[] = [];
    for (const address of this.#codes.keys()) names.push(await this.nameOf(Buffer.from(address.slice(2), 'hex')));
    return names.filter((name) => !name.startsWith('0x'));
  }

  /** Undefined for what the contract's layout does not describe. */
  async read(contract: Uint8Array, key: Uint8Array, value: Uint8Array | undefined): Promise<StoredField | undefined> {
    const layout = await this.layoutOf(contract);
    const found = layout && decodeStorageKey(layout, key);
    if (layout === undefined || found === undefined) return undefined;
    const decoded = value && valueAt(layout, found, value);
    return { field: found.field.name, part: found.part, key: found.key, index: found.index, value: decoded };
  }

  /**
   * The key of a field, or of what a map, a set or a vector of it has at a key that was given on the command line.
   * @param said - The field's name, or as `fieldText` writes it: `keys of open`, with the index given.
   * @throws FileError
   */
  async keyOf(contract: Uint8Array, said: string, given: string | undefined): Promise<Uint8Array> {
    const name = await this.nameOf(contract);
    const layout = await this.layoutOf(contract);
    if (layout === undefined)
      throw new FileError(`error: field: ${name} has no storage layout: expected "0x" and the hex digits of a key`);
    const { field, part } = fieldSaid(layout, said);
    const names = layout.fields.map((each) => each.name);
    const found = layout.fields.find((each) => each.name === field);
    if (found === undefined)
      throw new FileError(`error: field: ${name} has no storage field ${field}, ${expectedName(field, names)}`);
    const text = part === 'key' || found.kind === 'vector' ? 'u64' : found.key;
    if (given === undefined || text === undefined || part === 'size') return keyWithout(layout, field, given, part);
    const type = typesOf(new DocumentReader("the contract's storage layout"), layout.structs).of(text, field);
    const list = readArguments([`key=${given}`], [{ name: 'key', type: text }]);
    const values = callField({ args: list.values }, list, new Map()).members(['args']).args;
    const read = new CallReader(this.#addresses, []).arguments({ inputs: [{ name: 'key', type }] }, values);
    return encoded(layout, field, read.key, part);
  }
}

type SaidPart = Exclude<StorageKey['part'], 'value'>;

const partWords: ReadonlyMap<string, SaidPart> = new Map([
  ['keys of ', 'key'],
  ['place of ', 'place'],
  ['size of ', 'size'],
]);

/** A field may itself be named like that. */
function fieldSaid({ fields }: StorageLayout, said: string): { readonly field: string; readonly part?: SaidPart } {
  const isField = fields.some(({ name }) => name === said);
  const found = isField ? undefined : [...partWords].find(([words]) => said.startsWith(words));
  return found === undefined ? { field: said } : { field: said.slice(found[0].length), part: found[1] };
}

/** Where none is given, or none can be. @throws FileError */
function keyWithout(layout: StorageLayout, field: string, given: string | undefined, part?: SaidPart): Uint8Array {
  if (part !== 'size') return encoded(layout, field, given, part);
  const kind = layout.fields.find(({ name }) => name === field)?.kind;
  const hasSize = kind === 'vector' || kind === 'enumerableMap' || kind === 'enumerableSet';
  if (!hasSize) throw new FileError(`error: field: ${layout.name}.${field} is a ${kind}, which keeps no size`);
  if (given !== undefined) throw new FileError(`error: key: the size of ${layout.name}.${field} has no keys`);
  return encoded(layout, field, undefined);
}

/** @throws FileError */
function encoded(layout: StorageLayout, field: string, key: unknown, part?: 'key' | 'place'): Uint8Array {
  try {
    return encodeStorageKey(layout, field, key, part);
  } catch (error) {
    if (error instanceof MisuseError) throw new FileError(`error: key: ${error.message}`);
    throw error;
  }
}

/** `balances[0x…]`, `size of members` */
export function fieldText({ field, part, key, index }: StoredField): string {
  const at = key !== undefined ? `[${formatValue(key)}]` : index !== undefined ? `[${index}]` : '';
  if (part === 'value') return `${field}${at}`;
  if (part === 'size') return `size of ${field}`;
  return part === 'key' ? `keys of ${field}${at}` : `place of ${field}${at}`;
}

/** For JSON. */
export function fieldDocument({ field, part, key, index, value }: StoredField): object {
  return {
    field,
    part,
    ...(key !== undefined && { of: plainJson(key) }),
    ...(index !== undefined && { index: String(index) }),
    ...(value !== undefined && { decoded: plainJson(value) }),
  };
}

function valueAt(layout: StorageLayout, key: StorageKey, bytes: Uint8Array): Value | undefined {
  try {
    return decodeStorageValue(layout, key, bytes);
  } catch (error) {
    // A contract may store something else than it says.
    if (error instanceof MisuseError) return undefined;
    throw error;
  }
}
