import type { StorageKey } from '../contract/storage-codec.js';
import type { CommittedCall } from './dependencies.js';
import { locationText } from './location-names.js';
import type { Advice, CallNames, LocationName } from './types.js';

/** Two calls that met at a location, of which the higher was aborted. */
export interface Conflict {
  readonly reader: number;
  /** Undefined where it is not known. */
  readonly writer: number | undefined;
  readonly location: number;
}

/** What is known of the location. */
export interface ConflictPlace {
  readonly name: LocationName;
  /** What the layout says of it. */
  readonly meaning: StorageKey | undefined;
  /** Calls of the block that read and write it, or add to it. */
  readonly changers: number;
}

/** From so many on a location is everybody's. */
const MANY = 3;
const WORD_NUMBERS = new Set(['u8', 'u16', 'u32', 'u64']);

/**
 * What would have avoided a conflict, the best first. A number that both calls only change need not be read: a delta. What everybody changes can be split. And where neither is so, only the order of
 * the calls can help, if it is the block's maker's to choose.
 */
export function adviceOn(
  conflict: Conflict,
  place: ConflictPlace,
  calls: readonly CommittedCall[],
  names: CallNames,
): Advice[] {
  const { reader, writer, location } = conflict;
  const { name: where, meaning, changers } = place;
  const text = locationText(where);
  const advice: Advice[] = [];
  const both = changes(calls[reader], location) && (writer === undefined || changes(calls[writer], location));
  if (both && isPlainNumber(meaning)) {
    const told = `a delta: if ${text} is a Counter that calls add to without reading it, those that change it do not depend on one another`;
    advice.push({ kind: 'delta', location: where, text: told });
  }
  if (both && (changers >= MANY || isShared(meaning))) {
    const told = `sharding: ${changers} calls change ${text}; with several in its place, chosen by the caller or the key, fewer calls meet`;
    advice.push({ kind: 'shard', location: where, text: told });
  }
  const other = writer === undefined ? 'the call that writes it' : names(writer);
  const order = both
    ? `a reorder: ${names(reader)} depends on ${other} by ${text} wherever they are; with other calls between them, as many as are executed at once, the one has ended when the other begins`
    : `a reorder: before ${other}, ${names(reader)} reads ${text} as it was and depends on nothing that writes it`;
  return [...advice, { kind: 'reorder', location: where, text: order }];
}

/** Whether a call makes of what is at `location` something else. */
function changes(call: CommittedCall | undefined, location: number): boolean {
  const access = call?.accesses.find((each) => each.location === location);
  return access !== undefined && (access.isAdded || (access.isRead && access.isWritten));
}

/** A field that is one number, as a `Counter` is. */
function isPlainNumber(meaning: StorageKey | undefined): boolean {
  if (meaning === undefined || meaning.part !== 'value') return false;
  const { kind, value } = meaning.field;
  return kind === 'counter' || (kind === 'value' && WORD_NUMBERS.has(value ?? ''));
}

/** Not one of many entries: every call that uses the field comes here. */
function isShared(meaning: StorageKey | undefined): boolean {
  if (meaning === undefined) return false;
  return meaning.part === 'size' || meaning.field.kind === 'value' || meaning.field.kind === 'counter';
}
