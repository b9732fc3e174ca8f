import type { StorageLayout } from '../contract/layout.js';
import { decodeStorageKey, type StorageKey } from '../contract/storage-codec.js';
import type { Value } from '../contract/value.js';
import type { LocationKey } from '../engine/tape.js';
import { printable } from './printable.js';
import type { AddressNames, LocationName } from './types.js';

const ADDRESS_BYTES = 32;

/** Says what the contracts of a block are. */
export interface ContractBook {
  addressOf(index: number): Uint8Array;
  layoutOf(address: Uint8Array): StorageLayout | undefined;
  /** Of all contracts, whether the block calls them or not: what one is called is the same in every block. */
  layouts(): readonly (StorageLayout | undefined)[];
}

/** Names of locations, each worked out once. */
export class LocationNames {
  readonly #keyOf: (location: number) => LocationKey;
  readonly #contracts: ContractBook;
  readonly #addressNames: AddressNames;
  #shared: ReadonlySet<string> | undefined;
  readonly #names = new Map<number, LocationName>();
  readonly #keys = new Map<number, StorageKey | undefined>();

  constructor(
    keyOf: (location: number) => LocationKey,
    contracts: ContractBook,
    addressNames: AddressNames = () => undefined,
  ) {
    this.#keyOf = keyOf;
    this.#contracts = contracts;
    this.#addressNames = addressNames;
  }

  of(location: number): LocationName {
    const known = this.#names.get(location);
    if (known !== undefined) return known;
    const { contract, key } = this.#keyOf(location);
    const address = this.#contracts.addressOf(contract);
    const layout = this.#contracts.layoutOf(address);
    const meaning = layout && decodeStorageKey(layout, key);
    const name: LocationName = {
      contract: this.#addressNames(address) ?? (layout === undefined ? null : this.#layoutName(layout, address)),
      address: hex(address),
      field: meaning?.field.name ?? null,
      key: meaning === undefined ? hex(key) : keyText(meaning, this.#addressNames),
    };
    this.#names.set(location, name);
    this.#keys.set(location, meaning);
    return name;
  }

  /** A layout's name is its code's: several contracts may have it. */
  #layoutName({ name }: StorageLayout, address: Uint8Array): string {
    this.#shared ??= repeated(this.#contracts.layouts().flatMap((layout) => layout?.name ?? []));
    return this.#shared.has(name) ? `${name}@${hex(address)}` : name;
  }

  /** What the layout says of it; undefined where it says nothing. */
  meaningOf(location: number): StorageKey | undefined {
    this.of(location);
    return this.#keys.get(location);
  }
}

function repeated(names: readonly string[]): ReadonlySet<string> {
  const once = new Set<string>();
  const again = new Set<string>();
  for (const name of names) (once.has(name) ? again : once).add(name);
  return again;
}

/** What a key is called that is no value: a name of an address that reads like that would be taken for it. Where a key may be null, `null` is one, too. */
const PART_NAME = /^(size|null|(key at|place of) .*)$/su;

/** Whether a name, alone in a key, would be taken for something else than an address. */
export function readsAsPart(name: string): boolean {
  return PART_NAME.test(name);
}

/** A location in a word: `token.balances[alice]`, `nft.owners.size`. Digits are there in full: `digitShortener` says them by their ends. A contract has named its fields: they are made printable. */
export function locationText(name: LocationName): string {
  return printable(plainText(name));
}

function plainText({ contract, address, field, key }: LocationName): string {
  const owner = contract ?? address;
  if (field === null) return `${owner}[${key ?? ''}]`;
  if (key === null) return `${owner}.${field}`;
  return key === 'size' ? `${owner}.${field}.size` : `${owner}.${field}[${key}]`;
}

function keyText({ part, key, index }: StorageKey, names: AddressNames): string | null {
  if (part === 'size') return 'size';
  if (index !== undefined) return part === 'key' ? `key at ${index}` : String(index);
  if (key === undefined) return null;
  return part === 'place' ? `place of ${valueText(key, names)}` : valueText(key, names);
}

function valueText(value: Value, names: AddressNames): string {
  if (value instanceof Uint8Array) return (value.length === ADDRESS_BYTES ? names(value) : undefined) ?? hex(value);
  if (Array.isArray(value)) return `[${value.map((each) => valueText(each, names)).join(', ')}]`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value as Record<string, Value>).map(
    ([name, each]) => `${name}: ${valueText(each, names)}`,
  );
  return `{${fields.join(', ')}}`;
}

export function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}
