// Storage keys and values by a layout. A key is the word of its field, and then by the field's kind
//
//   value, counter                 nothing
//   map, set                       the key, the member
//   vector                         nothing, where its length is; the index (u64) of an element
//   enumerableMap, enumerableSet   nothing, where its size is; 0 and the index of a key; 1 and a key, where its index + 1 is; in a map, 2 and a key, where the value is

import { MisuseError } from '../runtime/errors.js';
import { DocumentReader } from './document.js';
import { typesOf } from './interface.js';
import type { StorageField, StorageLayout } from './layout.js';
import { listOf } from './signature.js';
import type { Type } from './type.js';
import type { Value } from './value.js';
import { ValueReader } from './value-reader.js';
import { ValueWriter } from './value-writer.js';

/** What a storage key means. */
export interface StorageKey {
  readonly field: StorageField;
  /**
   * What is there: a `value` of the field; the `size` of one that has one, a u64; the `key` at an index of one that can be listed; the `place` of a key there, its index + 1 as a
   * u64.
   */
  readonly part: 'value' | 'size' | 'key' | 'place';
  /** Of a map or set. */
  readonly key?: Value;
  /** Of a vector's element, of a key in a list. */
  readonly index?: bigint;
}

interface ResolvedField {
  readonly field: StorageField;
  readonly prefix: bigint;
  readonly key: Type | undefined;
  readonly value: Type | undefined;
}

const WORD: Type = { kind: 'integer', text: 'u64', bits: 64, isSigned: false, size: 8, depth: 1 };
/** The second word of keys of what can be listed. */
const TAGS = { key: 0n, place: 1n, value: 2n } as const;

const known = new WeakMap<StorageLayout, readonly ResolvedField[]>();

/** What a storage key means; undefined for one that the layout does not describe. */
export function decodeStorageKey(layout: StorageLayout, bytes: Uint8Array): StorageKey | undefined {
  if (bytes.length < 8) return undefined;
  const prefix = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
  const found = fieldsOf(layout).find((each) => each.prefix === prefix);
  if (found === undefined) return undefined;
  const reader = new ValueReader(bytes, 'the key');
  reader.take(WORD);
  try {
    const key = readKey(found, reader, bytes.length === 8);
    reader.end();
    return { field: found.field, ...key };
  } catch (error) {
    // A contract may use a field's word for keys of its own.
    if (error instanceof MisuseError) return undefined;
    throw error;
  }
}

/**
 * Decodes what is stored at a key. A member of a set is there or not: where it is, this is true.
 * @throws MisuseError `ERR_ARGUMENT` where `bytes` is not exactly one value of the type that is there.
 */
export function decodeStorageValue(layout: StorageLayout, { field, part }: StorageKey, bytes: Uint8Array): Value {
  const { key, value } = fieldNamed(layout, field.name);
  const isMember = part === 'value' && field.kind === 'set';
  const type = part === 'key' ? key : part === 'value' ? value : undefined;
  const reader = new ValueReader(bytes, `${layout.name}.${field.name}: the ${part}`);
  const stored = isMember ? true : reader.take(type ?? WORD);
  reader.end();
  return stored;
}

/**
 * The key of a field's value, as `decodeStorageKey` reads it.
 * @param key of a map, a member of a set, the index in a vector: taken as arguments are, see `encodeInput`. Without it: the only value, the length or size.
 * @param part of what can be listed: `key`, and the key is the index in the list, or `place`. Default: what is there of the key, its value in a map and its place in a set.
 * @throws MisuseError `ERR_ARGUMENT` naming the field and what was found.
 */
export function encodeStorageKey(
  layout: StorageLayout,
  name: string,
  key?: unknown,
  part?: 'key' | 'place',
): Uint8Array {
  const found = fieldNamed(layout, name);
  const { kind } = found.field;
  const place = `${layout.name}.${name}`;
  if (part !== undefined && !isListed(kind)) {
    throw new MisuseError('ERR_ARGUMENT', `${place} is ${withArticle(kind)}, which has no list of its keys`);
  }
  const type = kind === 'vector' || part === 'key' ? WORD : found.key;
  const mayMissKey = part === undefined && (kind === 'vector' || isListed(kind));
  if (type === undefined && key !== undefined)
    throw new MisuseError('ERR_ARGUMENT', `${place} is ${withArticle(kind)}, which has no keys`);
  if (type !== undefined && key === undefined && !mayMissKey) {
    throw new MisuseError(
      'ERR_ARGUMENT',
      `${place} is ${withArticle(kind)}: the ${part === 'key' ? 'index' : 'key'} (${type.text}) is missing`,
    );
  }
  return ValueWriter.encode((writer) => {
    writer.write(WORD, found.prefix, place);
    if (type === undefined || key === undefined) return;
    if (isListed(kind)) writer.write(WORD, TAGS[part ?? (kind === 'enumerableMap' ? 'value' : 'place')], place);
    writer.write(type, key, `${place}: the key`);
  });
}

function readKey({ field, key }: ResolvedField, reader: ValueReader, isBare: boolean): Omit<StorageKey, 'field'> {
  const { kind } = field;
  if (kind === 'value' || kind === 'counter') return { part: 'value' };
  if (kind === 'vector') return isBare ? { part: 'size' } : { part: 'value', index: reader.take(WORD) as bigint };
  if (!isListed(kind)) return { part: 'value', key: reader.take(key as Type) };
  if (isBare) return { part: 'size' };
  const tag = reader.take(WORD);
  if (tag === TAGS.key) return { part: 'key', index: reader.take(WORD) as bigint };
  if (tag === TAGS.place) return { part: 'place', key: reader.take(key as Type) };
  if (tag === TAGS.value && kind === 'enumerableMap') return { part: 'value', key: reader.take(key as Type) };
  throw new MisuseError('ERR_ARGUMENT', `the key has the tag ${tag}, which ${kind} has not`);
}

function withArticle(kind: StorageField['kind']): string {
  return `${isListed(kind) ? 'an' : 'a'} ${kind}`;
}

function isListed(kind: StorageField['kind']): boolean {
  return kind === 'enumerableMap' || kind === 'enumerableSet';
}

function fieldNamed(layout: StorageLayout, name: string): ResolvedField {
  const fields = fieldsOf(layout);
  const found = fields.find(({ field }) => field.name === name);
  if (found !== undefined) return found;
  const names = fields.map(({ field }) => field.name);
  throw new MisuseError('ERR_ARGUMENT', `${layout.name} has no storage field "${name}"; ${listOf(names)}`);
}

function fieldsOf(layout: StorageLayout): readonly ResolvedField[] {
  const resolved = known.get(layout);
  if (resolved !== undefined) return resolved;
  const types = typesOf(new DocumentReader("the contract's storage layout"), layout.structs);
  const fields = layout.fields.map((field) => ({
    field,
    prefix: BigInt(`0x${field.prefix}`),
    key: field.key === undefined ? undefined : types.of(field.key, `${field.name}: key`),
    value: field.value === undefined ? undefined : types.of(field.value, `${field.name}: value`),
  }));
  known.set(layout, fields);
  return fields;
}
