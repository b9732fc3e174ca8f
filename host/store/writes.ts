/**
 * The canonical form of what a block changed. A header's `writesHash` is of these bytes.
 *
 * ```text
 *   write, one after another   contract, 32 bytes | key length u32 | value length u32, 2^32 - 1: removed | key, value: each zero padded to 8      little-endian
 * ```
 *
 * In the order in which sequential execution makes the first change to each location: the kernel notes for each by which transaction it was first changed, and keeps those of one
 * transaction in the order of its accesses (assembly/kernel/commit.ts). To sort by key would take longer than to execute.
 */
import type { ResultLayout } from '../engine/result-layout.js';
import type { LogSnapshot } from '../engine/snapshot.js';
import type { WordWriter } from '../engine/word-writer.js';
import type { WriteSetEntry } from '../runtime/types.js';

const ADDRESS_BYTES = 32;
export const WRITE_HEAD_BYTES = 40;
/** Length of a value that was removed. */
export const REMOVED = 0xffffffff;

/** What a block changed. */
export interface EncodedWrites {
  readonly bytes: Uint8Array;
  readonly count: number;
}

/** Into `writer`. `addressOf` gives the address of a contract by its index, as words. */
export function encodeWrites(
  writes: LogSnapshot,
  layout: Pick<ResultLayout, 'absent' | 'writeHead'>,
  addressOf: (index: number) => Uint32Array,
  writer: WordWriter,
): EncodedWrites {
  const words = new Uint32Array(writes.log.buffer);
  const places = inOrder(writes, words, layout);
  for (const at of places) {
    writer.copy(addressOf(words[at] as number), 0, ADDRESS_BYTES / 4);
    // The two lengths.
    writer.copy(words, at + 1, 2);
    writer.copy(words, at + layout.writeHead / 4, contentWords(words, at, layout.absent));
  }
  return { bytes: writer.bytes(), count: places.length };
}

/** Of key and value of the entry at word `at`. */
function contentWords(words: Uint32Array, at: number, absent: number): number {
  const keyLength = words[at + 1] as number;
  const valueLength = words[at + 2] as number;
  return (((keyLength + 7) & ~7) + (valueLength === absent ? 0 : (valueLength + 7) & ~7)) >>> 2;
}

/** Where the entries are, in words. Each journal was logged backwards, and what one transaction changed is in one journal. */
function inOrder(
  writes: LogSnapshot,
  words: Uint32Array,
  layout: Pick<ResultLayout, 'absent' | 'writeHead'>,
): Uint32Array {
  // The newest chunk of a log comes first.
  const chunks = [...writes.entries()].reverse();
  let count = 0;
  const each = (action: (at: number) => void): void => {
    for (const { start, end } of chunks) {
      for (let at = start >>> 2; at < end >>> 2; at += layout.writeHead / 4 + contentWords(words, at, layout.absent))
        action(at);
    }
  };
  each(() => count++);
  const places = new Uint32Array(count);
  each((at) => {
    places[--count] = at;
  });
  return mergeAscending(places, words);
}

/** Sort the places of entries, which are few ascending runs, by the transaction that changed them; equals stay as they are. */
function mergeAscending(places: Uint32Array<ArrayBuffer>, words: Uint32Array): Uint32Array {
  const keyOf = (index: number): number => words[(places[index] as number) + 3] as number;
  let starts: number[] = [];
  for (let index = 0; index < places.length; index++) {
    if (index === 0 || keyOf(index) < keyOf(index - 1)) starts.push(index);
  }
  let from = places;
  let to = new Uint32Array(places.length);
  // Neighbours, so that each place is moved as often as the number of runs can be halved.
  while (starts.length > 1) {
    const merged: number[] = [];
    for (let run = 0; run < starts.length; run += 2) {
      const start = starts[run] as number;
      merge(from, to, words, start, starts[run + 1] ?? from.length, starts[run + 2] ?? from.length);
      merged.push(start);
    }
    starts = merged;
    [from, to] = [to, from];
  }
  return from;
}

/** The runs [start, middle) and [middle, end) of `from`, into `to`. */
function merge(
  from: Uint32Array,
  to: Uint32Array,
  words: Uint32Array,
  start: number,
  middle: number,
  end: number,
): void {
  let left = start;
  let right = middle;
  for (let index = start; index < end; index++) {
    const isRight =
      left === middle ||
      (right < end && (words[(from[right] as number) + 3] as number) < (words[(from[left] as number) + 3] as number));
    to[index] = from[isRight ? right++ : left++] as number;
  }
}

/** The writes in `encoded`, copies; `value` is undefined where it was removed. */
export function* decodeWrites(encoded: Uint8Array): Generator<WriteSetEntry, void, undefined> {
  const view = new DataView(encoded.buffer, encoded.byteOffset, encoded.length);
  for (let at = 0; at < encoded.length; ) {
    const keyLength = view.getUint32(at + ADDRESS_BYTES, true);
    const valueLength = view.getUint32(at + ADDRESS_BYTES + 4, true);
    const key = at + WRITE_HEAD_BYTES;
    const value = key + ((keyLength + 7) & ~7);
    const isRemoved = valueLength === REMOVED;
    yield {
      contract: encoded.slice(at, at + ADDRESS_BYTES),
      key: encoded.slice(key, key + keyLength),
      value: isRemoved ? undefined : encoded.slice(value, value + valueLength),
    };
    at = value + (isRemoved ? 0 : (valueLength + 7) & ~7);
  }
}
