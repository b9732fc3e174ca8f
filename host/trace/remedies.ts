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
  /** Whose field that is. */
  readonly contract: string;
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
    contract: name.contract ?? name.address,
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
      ? [{ kind: 'shard', location: name, text: shardText(conflict, meaning, changers) } as const]
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

function deltaText(conflict: Conflict, { field }: StorageKey, deltas: boolean): string {
  const { reader, writer, where, contract, isOfBound } = conflict;
  if (isOfBound) {
    return `a delta: keep ${where} farther from its bound, by a larger stock or a higher limit; ${reader} adds to it or subtracts from it without reading it already, and depends on ${writer} only because the bound is near`;
  }
  if (field.kind !== 'counter') {
    const kind = field.kind === 'map' ? 'CounterMap' : 'Counter';
    const policy = deltas ? '' : ', and execute the block with the policy deltas on';
    return `a delta: in the code of ${contract}, make ${field.name} a ${kind}, changed by add and subtract alone${policy}; calls that change ${where} then do not depend on one another, but they cannot use or return what it comes to, and a call that reads it waits for all of them`;
  }
  if (deltas) {
    return `a delta: in the code of ${contract}, have calls that change ${where} only add to it and subtract from it; it is a Counter, and they depend on one another because they read it as well, so that they could use or return what it comes to`;
  }
  return `a delta: execute the block with the policy deltas on; ${where} is a Counter, and calls that add to it without reading it then do not depend on one another, with the code as it is`;
}

function shardText({ where, contract }: Conflict, meaning: StorageKey | undefined, changers: number): string {
  const several =
    meaning?.part === 'size'
      ? `collections in place of ${meaning.field.name}, whose size ${changers} calls change`
      : `values in place of ${where}, which ${changers} calls change`;
  return `sharding: in the code of ${contract}, keep several ${several}, and have each call change the one that its caller or its key chooses; fewer calls meet then, but whoever needs the whole has to read them all`;
}

/** Of two that both change it: neither place in the block has them not depend on one another. */
function apartText({ reader, writer, where, isOfBound }: Conflict): string {
  const tie = isOfBound ? 'meets' : 'depends on';
  return `a reorder: in the block, put other calls between ${writer} and ${reader}, as many as are executed at once; the one has then ended when the other begins, though ${reader} ${tie} ${writer} by ${where} wherever they are`;
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
  return `a reorder: in the block, put ${reader} before ${before}; it then reads ${where} as it was before the block, and may give something else than here`;
}
