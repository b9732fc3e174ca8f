import { describe, expect, it } from 'vitest';
import { encodeValue } from '../../dist/host/contract/codec.js';
import { parseLayout, type StorageField } from '../../dist/host/contract/layout.js';
import { readLayout } from '../../dist/host/contract/module-interface.js';
import { appendCustomSection } from '../../dist/host/contract/section.js';
import { decodeStorageKey, decodeStorageValue, encodeStorageKey } from '../../dist/host/contract/storage-codec.js';

const prefix = (number: number): string => number.toString(16).padStart(16, '0');

const fields: StorageField[] = [
  { name: 'owner', kind: 'value', prefix: prefix(1), value: 'address', file: 'market.ts', line: 3 },
  { name: 'supply', kind: 'counter', prefix: prefix(2) },
  { name: 'orders', kind: 'map', prefix: prefix(3), key: 'string', value: 'Order?' },
  { name: 'members', kind: 'set', prefix: prefix(4), key: 'address' },
  { name: 'log', kind: 'vector', prefix: prefix(5), value: 'u32' },
  { name: 'bids', kind: 'enumerableMap', prefix: prefix(6), key: 'u64', value: 'u128' },
  { name: 'open', kind: 'enumerableSet', prefix: 'e8a6a91d88e5f8c1', key: 'u64' },
];
const document = {
  schema: 'blockstm.layout/1',
  name: 'market',
  fields,
  structs: [{ name: 'Order', fields: [{ name: 'price', type: 'u128' }] }],
};
const json = (changes: object): string => JSON.stringify({ ...document, ...changes });
const layout = parseLayout(JSON.stringify(document));
const words = (...values: bigint[]): Uint8Array => new Uint8Array(BigUint64Array.from(values).buffer);
const alice = new Uint8Array(32).fill(7);

describe('a storage layout', () => {
  it('is read from its JSON, and from the section of a module', () => {
    expect(layout).toEqual(document);
    const empty = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);
    const wasm = appendCustomSection(empty, 'blockstm.layout', new TextEncoder().encode(json({})));
    expect(readLayout(new WebAssembly.Module(Uint8Array.from(wasm)))).toEqual(document);
    expect(readLayout(new WebAssembly.Module(empty))).toBeUndefined();
  });

  it.each([
    ['{', "the contract's storage layout is not JSON"],
    [json({ schema: 'blockstm.interface/1' }), 'schema must be one of blockstm.layout/1'],
    [json({ version: 1 }), 'the layout has the unknown member "version"'],
    [json({ fields: [{ ...fields[0], kind: 'list' }] }), 'fields[0].kind must be one of value, map, set'],
    [json({ fields: [{ ...fields[0], prefix: '1' }] }), 'fields[0].prefix must be 16 hexadecimal digits'],
    [json({ fields: [{ ...fields[0], prefix: 'E8A6A91D88E5F8C1' }] }), 'fields[0].prefix must be 16 hexadecimal'],
    [json({ fields: [{ ...fields[0], line: 0 }] }), 'fields[0].line must be a whole number from 1, found 0'],
    [json({ fields: [{ ...fields[0], key: 'u8' }] }), 'fields[0] is a value, which has no key'],
    [json({ fields: [{ ...fields[1], value: 'u64' }] }), 'fields[0] is a counter, which has no value'],
    [json({ fields: [{ ...fields[2], value: undefined }] }), 'fields[0] is a map and has no value'],
    [json({ fields: [{ ...fields[2], value: 'Bid' }] }), 'fields[0].value names the type "Bid"'],
    [json({ fields: [fields[0], { ...fields[0], prefix: prefix(9) }] }), 'fields must be names that differ'],
    [
      json({ fields: [fields[0], { ...fields[0], name: 'other' }] }),
      'the prefixes of fields must be names that differ',
    ],
  ])('is refused where it is not as documented: %s', (text, message) => {
    expect(() => parseLayout(text)).toThrow(message);
    expect(() => parseLayout(text)).toThrow(expect.objectContaining({ code: 'ERR_INTERFACE' }));
  });
});

describe('a storage key', () => {
  it.each([
    ['owner', undefined, words(1n), { part: 'value' }, encodeValue('address', alice), alice],
    ['supply', undefined, words(2n), { part: 'value' }, words(9n), 9n],
    ['orders', 'a', words(3n, 1n, 0x61n), { part: 'value', key: 'a' }, words(1n, 5n, 0n), { price: 5n }],
    ['members', alice, new Uint8Array([...words(4n), ...alice]), { part: 'value', key: alice }, words(), true],
    ['log', undefined, words(5n), { part: 'size' }, words(3n), 3n],
    ['log', 2, words(5n, 2n), { part: 'value', index: 2n }, words(8n), 8],
    ['bids', undefined, words(6n), { part: 'size' }, words(1n), 1n],
    ['bids', 7, words(6n, 2n, 7n), { part: 'value', key: 7n }, words(1n, 1n), 2n ** 64n + 1n],
    ['open', 7, words(0xe8a6a91d88e5f8c1n, 1n, 7n), { part: 'place', key: 7n }, words(1n), 1n],
  ])(
    'of %s %o is encoded, and decoded to what it means, with its value',
    (name, key, bytes, meaning, stored, value) => {
      expect(encodeStorageKey(layout, name, key)).toEqual(bytes);
      const decoded = decodeStorageKey(layout, bytes);
      expect(decoded).toEqual({ field: fields.find((field) => field.name === name), ...meaning });
      expect(decodeStorageValue(layout, decoded as never, stored)).toEqual(value);
      expect(() => decodeStorageValue(layout, decoded as never, new Uint8Array([...stored, 0]))).toThrow(
        `market.${name}: the ${meaning.part} is 1 bytes too long`,
      );
    },
  );

  it('of a list that is not a value means what it is there for', () => {
    const key = decodeStorageKey(layout, words(6n, 0n, 3n));
    expect(key).toMatchObject({ part: 'key', index: 3n, field: { name: 'bids' } });
    expect(decodeStorageValue(layout, key as never, words(7n))).toBe(7n);
  });

  it.each([
    ['no word', new Uint8Array(7)],
    ['a word of no field', words(99n)],
    ['more than a value has', words(1n, 0n)],
    ['less than a map has', words(3n)],
    ['a tag that a set has not', words(0xe8a6a91d88e5f8c1n, 2n, 7n)],
    ['padding that is not zero', words(3n, 1n, 0x6161n)],
    ['half a word', words(5n, 2n).subarray(0, 12)],
  ])('with %s means nothing', (_, bytes) => {
    expect(decodeStorageKey(layout, bytes)).toBeUndefined();
  });

  it.each([
    ['lost', undefined, 'market has no storage field "lost"; it has "owner", "supply"'],
    ['owner', 1, 'market.owner is a value, which has no keys'],
    ['orders', undefined, 'market.orders is a map: the key (string) is missing'],
    ['orders', 1, 'market.orders: the key must be a string; found 1'],
  ])('of %s %o is refused', (name, key, message) => {
    expect(() => encodeStorageKey(layout, name, key)).toThrow(message);
  });
});
