// The storage layout of a contract: what its keys and values mean. JSON in the custom section `blockstm.layout`, specified in assembly/sdk/README.md and by
// schemas/layout.schema.json. A contract works without; with it, its state can be read by names.

import { DocumentReader } from './document.js';
import { readStructs, typesOf } from './interface.js';
import type { StructInterface, TypeExpression, Types } from './type.js';

/** What a storage field is, as the SDK's classes are called. */
export type StorageKind = 'value' | 'map' | 'set' | 'vector' | 'counter' | 'enumerableMap' | 'enumerableSet';

/** One storage field of a contract. */
export interface StorageField {
  readonly name: string;
  readonly kind: StorageKind;
  /** The first word of its keys, as a number in 16 hexadecimal digits: FNV-1a, 64 bits, of the name. */
  readonly prefix: string;
  /** Of a map's keys, of a set's members. */
  readonly key?: TypeExpression;
  /** Of what is stored: all but counters, which are a u64, and sets. */
  readonly value?: TypeExpression;
  /** Where it is declared. */
  readonly file?: string;
  /** From 1. */
  readonly line?: number;
}

/** Where a contract keeps what: the JSON in the custom section `blockstm.layout` of its Wasm. */
export interface StorageLayout {
  readonly schema: typeof layoutSchema;
  /** The contract's. */
  readonly name: string;
  readonly fields: readonly StorageField[];
  /** What type expressions name. */
  readonly structs?: readonly StructInterface[];
}

export const layoutSchema = 'blockstm.layout/1';

/** Name of the custom section. */
export const layoutSection = 'blockstm.layout';

/** Which of its types a field of each kind has. */
const PARTS: Readonly<Record<StorageKind, readonly ('key' | 'value')[]>> = {
  value: ['value'],
  map: ['key', 'value'],
  set: ['key'],
  vector: ['value'],
  counter: [],
  enumerableMap: ['key', 'value'],
  enumerableSet: ['key'],
};

const document = new DocumentReader("the contract's storage layout");

/**
 * Reads a storage layout from its JSON.
 * @throws ContractCodeError `ERR_INTERFACE` naming the place that is not as documented.
 */
export function parseLayout(json: string): StorageLayout {
  const layout = document.record(document.parse(json), 'the layout', ['schema', 'name', 'fields', 'structs']);
  document.oneOf(layout.schema, 'schema', [layoutSchema]);
  const name = document.text(layout.name, 'name');
  const structs = layout.structs === undefined ? undefined : readStructs(document, layout.structs);
  const types = typesOf(document, structs);
  const fields = document
    .list(layout.fields, 'fields')
    .map((field, index) => readField(field, `fields[${index}]`, types));
  document.refuseDuplicates(fields, 'fields');
  document.refuseDuplicates(
    fields.map(({ prefix }) => ({ name: prefix })),
    'the prefixes of fields',
  );
  return { schema: layoutSchema, name, fields, ...(structs !== undefined && { structs }) };
}

function readField(value: unknown, place: string, types: Types): StorageField {
  const field = document.record(value, place, ['name', 'kind', 'prefix', 'key', 'value', 'file', 'line']);
  const kind = document.oneOf(field.kind, `${place}.kind`, Object.keys(PARTS) as StorageKind[]);
  const { prefix, line } = field;
  if (typeof prefix !== 'string' || !/^[0-9a-f]{16}$/.test(prefix)) {
    document.malformed(`${place}.prefix`, '16 hexadecimal digits, in lower case', prefix);
  }
  if (line !== undefined && !(Number.isSafeInteger(line) && (line as number) > 0)) {
    document.malformed(`${place}.line`, 'a whole number from 1', line);
  }
  for (const part of ['key', 'value'] as const) {
    const isNeeded = PARTS[kind].includes(part);
    if (isNeeded && field[part] === undefined) document.fail(place, `is a ${kind} and has no ${part}`);
    if (!isNeeded && field[part] !== undefined) document.fail(place, `is a ${kind}, which has no ${part}`);
  }
  return {
    name: document.text(field.name, `${place}.name`),
    kind,
    prefix: prefix as string,
    ...(field.key !== undefined && { key: types.of(field.key, `${place}.key`).text }),
    ...(field.value !== undefined && { value: types.of(field.value, `${place}.value`).text }),
    ...(field.file !== undefined && { file: document.text(field.file, `${place}.file`) }),
    ...(line !== undefined && { line: line as number }),
  };
}
