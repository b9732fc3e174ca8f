import type { StorageKey } from '../contract/storage-codec.js';
import type { TapedAccess } from '../engine/tape.js';
import type { CommittedCall } from './dependencies.js';
import type { TapedAbort } from './incarnations.js';
import { locationText } from './location-names.js';
import type { Advice, CallNames, LocationName } from './types.js';

/** What would have avoided an abort. */
export type Remedy = Omit<Advice, 'aborts'>;

/** What the calls of a block do at a location, as they were committed. */
export interface LocationUse {
  /** Calls that read and write it, or add to it. */
  readonly changers: number;
  /** The lowest that writes it or adds to it. */
  readonly first: number | undefined;
}

/** What is known of the location that an abort was for. */
export interface ConflictPlace {
  readonly name: LocationName;
  /** What the layout says of it. */
  readonly meaning: StorageKey | undefined;
  /** Undefined where no committed call uses it. */
  readonly use: LocationUse | undefined;
}

interface BlockCalls {
  readonly calls: readonly CommittedCall[];
  readonly deltas: boolean;
}

/** Two calls that met at a location, in words, and what the higher does there. */
interface Conflict {
  readonly reader: string;
  readonly writer: string;
  readonly where: string;
  /** It adds without reading: all that it asked is whether its bound held. */
  readonly isOfBound: boolean;
}

/** From so many on a location is everybody's. */
const MANY = 3;
const WORD_NUMBERS = new Set(['u8', 'u16', 'u32', 'u64']);

/**
 * What would have avoided an abort, the best first. A number that both calls only change need not be read: a delta. What everybody changes can be split. And where neither is so, only the order of
 * the calls can help, if it is the block's maker's to choose.
 */
export function remediesFor(
  { index, writer, location }: TapedAbort,
  { name, meaning, use }: ConflictPlace,
  { calls, deltas }: BlockCalls,
  callName: CallNames,
): Remedy[] {
  const access = accessOf(calls[index], location);
  const conflict: Conflict = {
    reader: callName(index),
    writer: writer === undefined ? 'the call that writes it' : callName(writer),
    where: locationText(name),
    isOfBound: access?.isAdded === true && !access.isRead,
  };
  const both = isChange(access) && (writer === undefined || isChange(accessOf(calls[writer], location)));
  if (!both) return [{ kind: 'reorder', location: name, text: earlierText(conflict, index, writer, use, callName) }];
  const { changers = 0 } = use ?? {};
  return [
    ...(isNumber(meaning)
      ? [{ kind: 'delta', location: name, text: deltaText(conflict, meaning, deltas) } as const]
      : []),
    ...(canBeSplit(meaning, changers)
      ? [{ kind: 'shard', location: name, text: shardText(conflict, changers) } as const]
      : []),
    { kind: 'reorder', location: name, text: apartText(conflict) },
  ];
}

/** Whether it makes of what is there something else. */
export function isChange(access: TapedAccess | undefined): boolean {
  return access !== undefined && (access.isAdded || (access.isRead && access.isWritten));
}

function accessOf(call: CommittedCall | undefined, location: number): TapedAccess | undefined {
  return call?.accesses.find((each) => each.location === location);
}

/** One number, as a `Counter` is and each of a `CounterMap`, which is a map in its layout. */
function isNumber(meaning: StorageKey | undefined): meaning is StorageKey {
  if (meaning === undefined || meaning.part !== 'value') return false;
  const { kind, value = '' } = meaning.field;
  return kind === 'counter' || ((kind === 'value' || kind === 'map') && WORD_NUMBERS.has(value));
}

/** Every call that uses the field comes here, or many do. What is kept for an address is one account's, however many pay into it. */
function canBeSplit(meaning: StorageKey | undefined, changers: number): boolean {
  if (meaning === undefined) return changers >= MANY;
  const { part, field, key } = meaning;
  if (part === 'size' || field.kind === 'value' || field.kind === 'counter') return true;
  return changers >= MANY && !(key !== undefined && field.key === 'address');
}

function deltaText({ reader, writer, where, isOfBound }: Conflict, { field }: StorageKey, deltas: boolean): string {
  if (isOfBound) {
    return `a delta: ${reader} adds to ${where} without reading it already, and depends on ${writer} by its bound only; farther from that it would not`;
  }
  if (field.kind !== 'counter') {
    const made = field.kind === 'map' ? 'one of a CounterMap' : 'a Counter';
    return `a delta: if ${where} is ${made} that calls add to without reading it, those that change it do not depend on one another${deltas ? '' : ', with the policy deltas on'}`;
  }
  if (deltas) {
    return `a delta: ${where} is a Counter; if calls that change it only add to it, and do not read it as well, they do not depend on one another`;
  }
  return `a delta: ${where} is a Counter; with the policy deltas on, calls that add to it without reading it do not depend on one another`;
}

function shardText({ where }: Conflict, changers: number): string {
  return `sharding: ${changers} calls change ${where}; with several in its place, chosen by the caller or the key, fewer calls meet`;
}

/** Of two that both change it: neither place in the block has them not depend on one another. */
function apartText({ reader, writer, where, isOfBound }: Conflict): string {
  const apart =
    'with other calls between them, as many as are executed at once, the one has ended when the other begins';
  return `a reorder: ${reader} ${isOfBound ? 'meets' : 'depends on'} ${writer} by ${where} wherever they are; ${apart}`;
}

/** Of one that need not come after the other: it has to be below all that write it. */
function earlierText(
  { reader, writer: named, where }: Conflict,
  index: number,
  writer: number | undefined,
  use: LocationUse | undefined,
  callName: CallNames,
): string {
  const lowest = Math.min(writer ?? index, use?.first ?? index);
  const before = lowest < index && lowest !== writer ? `${callName(lowest)}, the first that writes it` : named;
  return `a reorder: before ${before}, ${reader} reads ${where} as it was before the block`;
}
