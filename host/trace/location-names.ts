import type { StorageLayout } from '../contract/layout.js';
import { decodeStorageKey, type StorageKey } from '../contract/storage-codec.js';
import type { Value } from '../contract/value.js';
import type { LocationKey } from '../engine/tape.js';
import type { LocationName } from './types.js';

/** Says what the contracts of a block are. */
export interface ContractBook {
  addressOf(index: number): Uint8Array;
  layoutOf(address: Uint8Array): StorageLayout | undefined;
}

/** Names of locations, each worked out once. */
export class LocationNames {
  readonly #keyOf: (location: number) => LocationKey;
  readonly #contracts: ContractBook;
  readonly #names = new Map<number, LocationName>();
  readonly #keys = new Map<number, StorageKey | undefined>();

  constructor(keyOf: (location: number) => LocationKey, contracts: ContractBook) {
    this.#keyOf = keyOf;
    this.#contracts = contracts;
  }

  of(location: number): LocationName {
    const known = this.#names.get(location);
    if (known !== undefined) return known;
    const { contract, key } = this.#keyOf(location);
    const address = this.#contracts.addressOf(contract);
    const layout = this.#contracts.layoutOf(address);
    const meaning = layout && decodeStorageKey(layout, key);
    const name: LocationName = {
      contract: layout?.name ?? null,
      address: hex(address),
      field: meaning?.field.name ?? null,
      key: meaning === undefined ? hex(key) : keyText(meaning),
    };
    this.#names.set(location, name);
    this.#keys.set(location, meaning);
    return name;
  }

  /** What the layout says of it; undefined where it says nothing. */
  meaningOf(location: number): StorageKey | undefined {
    this.of(location);
    return this.#keys.get(location);
  }
}

/** A location in a word: `token.balances[0x12…]`, `nft.owners.size`. */
export function locationText({ contract, address, field, key }: LocationName): string {
  const owner = contract ?? short(address);
  if (field === null) return `${owner}[${short(key ?? '')}]`;
  if (key === null) return `${owner}.${field}`;
  return key === 'size' ? `${owner}.${field}.size` : `${owner}.${field}[${short(key)}]`;
}

/** Long digits are told by their ends. */
function short(text: string): string {
  return text.replaceAll(/0x[0-9a-f]{17,}/g, (digits) => `${digits.slice(0, 10)}…${digits.slice(-4)}`);
}

function keyText({ part, key, index }: StorageKey): string | null {
  if (part === 'size') return 'size';
  if (index !== undefined) return part === 'key' ? `key at ${index}` : String(index);
  if (key === undefined) return null;
  return part === 'place' ? `place of ${valueText(key)}` : valueText(key);
}

function valueText(value: Value): string {
  if (value instanceof Uint8Array) return hex(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const fields = Object.entries(value as Record<string, Value>).map(([name, each]) => `${name}: ${valueText(each)}`);
  return `{${fields.join(', ')}}`;
}

export function hex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex')}`;
}
