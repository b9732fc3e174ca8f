// The SDK's classes whose objects are storage fields, and what a field of each has in the layout.

import type { StorageKind } from './layout.js';

export interface FieldClass {
  readonly kind: StorageKind;
  /** What its type arguments are. */
  readonly parts: readonly ('key' | 'value')[];
  /** Bytes that its keys have in front of the words of `key`. */
  readonly keyStart: number;
}

/** The SDK's classes that are laid out. */
export const fieldClasses: ReadonlyMap<string, FieldClass> = new Map<string, FieldClass>([
  ['Value', { kind: 'value', parts: ['value'], keyStart: 8 }],
  ['Map', { kind: 'map', parts: ['key', 'value'], keyStart: 8 }],
  ['Set', { kind: 'set', parts: ['key'], keyStart: 8 }],
  ['Vector', { kind: 'vector', parts: ['value'], keyStart: 8 }],
  ['Counter', { kind: 'counter', parts: [], keyStart: 8 }],
  ['EnumerableMap', { kind: 'enumerableMap', parts: ['key', 'value'], keyStart: 16 }],
  ['EnumerableSet', { kind: 'enumerableSet', parts: ['key'], keyStart: 16 }],
  ['CounterMap', { kind: 'map', parts: ['key'], keyStart: 8 }],
  ['Roles', { kind: 'set', parts: [], keyStart: 8 }],
]);

/** What to declare in the place of a field for each of many things. */
export const fieldsForMany: ReadonlyMap<string, string> = new Map([
  ['Value', 'a Map keyed by it'],
  ['Counter', 'a CounterMap keyed by it'],
  ['Vector', 'a Map keyed by a class of it and the index'],
  ['Roles', 'a role whose name has it in it'],
]);

/** The member of the set that a `Roles` is. */
export const roleGrant = {
  name: 'RoleGrant',
  fields: [
    { name: 'role', type: 'string' },
    { name: 'account', type: 'address' },
  ],
};

/** Whether the name is that of a class whose objects are storage fields. */
export function isFieldClass(name: string): boolean {
  return fieldClasses.has(name);
}
