// What changes for the data of a contract when its code is replaced: the storage layouts of the two, compared.

import type { StorageField, StorageLayout } from './layout.js';

/**
 * What became of a field. `moved`: it has other keys, so that its data are not found any more, whether it has its name or, where nothing else of its type came or
 * went, another one.
 */
export type LayoutChangeKind = 'added' | 'removed' | 'retyped' | 'moved';

/** A field that differs. */
export interface LayoutChange {
  readonly kind: LayoutChangeKind;
  /** The name that it had; of one that is new, that which it has. */
  readonly field: string;
  /** Undefined where it is new. */
  readonly before: StorageField | undefined;
  /** Undefined where it is gone. */
  readonly after: StorageField | undefined;
  /** Its type as it was and as it is, structs written out, a counter as the `value<u64>` that it is to the data; undefined where there is none. */
  readonly typeBefore: string | undefined;
  readonly typeAfter: string | undefined;
  /** Whether everything that is stored means what it meant. */
  readonly isSafe: boolean;
}

/** All that differs, in the order of the old fields and then of the new ones. Empty where the data are read as before. */
export function layoutDifference(before: StorageLayout, after: StorageLayout): readonly LayoutChange[] {
  const old = before.fields.map((field) => ({ field, type: typeText(field, before) }));
  const young = after.fields.map((field) => ({ field, type: typeText(field, after) }));
  const pairs = pairFields(old, young);
  const changes = old.flatMap((each) => {
    const successor = pairs.get(each);
    return successor === undefined ? [change('removed', each, undefined)] : compared(each, successor);
  });
  const taken = new Set(pairs.values());
  return [...changes, ...young.filter((each) => !taken.has(each)).map((each) => change('added', undefined, each))];
}

/** A field with its type, in which structs are written out: their names mean nothing to the data. */
interface TypedField {
  readonly field: StorageField;
  readonly type: string;
}

/** Which field each old one has become: that of its name, else that with its keys, else the only new one of its type. */
function pairFields(old: readonly TypedField[], young: readonly TypedField[]): ReadonlyMap<TypedField, TypedField> {
  const pairs = new Map<TypedField, TypedField>();
  const taken = new Set<TypedField>();
  const rules = [
    (each: TypedField, other: TypedField) => each.field.name === other.field.name,
    (each: TypedField, other: TypedField) => each.field.prefix === other.field.prefix,
    (each: TypedField, other: TypedField) => each.type === other.type,
  ];
  for (const isSame of rules) {
    const [left, right] = [old.filter((each) => !pairs.has(each)), young.filter((each) => !taken.has(each))];
    for (const each of left) {
      const found = right.filter((other) => isSame(each, other));
      const rivals = left.filter((other) => isSame(other, each));
      if (found.length !== 1 || rivals.length !== 1) continue;
      pairs.set(each, found[0] as TypedField);
      taken.add(found[0] as TypedField);
    }
  }
  return pairs;
}

function compared(before: TypedField, after: TypedField): LayoutChange[] {
  if (before.field.prefix !== after.field.prefix) return [change('moved', before, after)];
  return before.type === after.type ? [] : [change('retyped', before, after)];
}

function change(kind: LayoutChangeKind, before: TypedField | undefined, after: TypedField | undefined): LayoutChange {
  return {
    kind,
    field: ((before ?? after) as TypedField).field.name,
    before: before?.field,
    after: after?.field,
    typeBefore: before?.type,
    typeAfter: after?.type,
    isSafe: kind === 'added',
  };
}

/** `map<address, {id: u64, price: u128}[]>`. What has the same keys and the same bytes is of one type: a counter is a value, as a `CounterMap` is a map in every layout. */
function typeText({ kind, key, value }: StorageField, layout: StorageLayout): string {
  if (kind === 'counter') return 'value<u64>';
  const parts = [key, value].flatMap((type) => (type === undefined ? [] : [written(type, layout)]));
  return `${kind}<${parts.join(', ')}>`;
}

/** A struct may not contain itself, so this ends. */
function written(type: string, layout: StorageLayout): string {
  return type.replace(/^[A-Z][A-Za-z0-9_$]*/, (name) => {
    const struct = layout.structs?.find((each) => each.name === name);
    return struct === undefined
      ? name
      : `{${struct.fields.map((each) => `${each.name}: ${written(each.type, layout)}`).join(', ')}}`;
  });
}
