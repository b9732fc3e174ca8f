// The storage layout of a contract: what its keys and values mean. JSON in the custom section `blockstm.layout`.

import type { StructInterface } from './interface.js';

/** What a storage field is, as the SDK's classes are called. */
export type StorageKind = 'value' | 'map' | 'set' | 'vector' | 'counter' | 'enumerableMap' | 'enumerableSet';

/** One storage field of a contract. */
export interface StorageField {
  readonly name: string;
  readonly kind: StorageKind;
  /** The first word of its keys, as a number in 16 hexadecimal digits: FNV-1a, 64 bits, of the name. */
  readonly prefix: string;
  /** Of a map's keys, of a set's members. */
  readonly key?: string;
  /** Of what is stored: all but counters, which are a u64, and sets. */
  readonly value?: string;
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
