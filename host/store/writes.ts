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
  const words = new Uint32Array(writes.shared.buffer);
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
  { absent, writeHead }: Pick<ResultLayout, 'absent' | 'writeHead'>,
): readonly number[] {
  const places: number[] = [];
  // The newest chunk of a log comes first.
  for (const { start, end } of [...writes.entries()].reverse()) {
    for (let at = start >>> 2; at < end >>> 2; ) {
      places.push(at);
      at += writeHead / 4 + contentWords(words, at, absent);
    }
  }
  return mergeAscending(places.reverse(), (at) => words[at + 3] as number);
}

/** Sort what consists of few ascending runs; equals stay as they are. */
function mergeAscending(places: readonly number[], keyOf: (place: number) => number): readonly number[] {
  const runs: number[][] = [];
  let last = Number.POSITIVE_INFINITY;
  for (const place of places) {
    const key = keyOf(place);
    if (key < last) runs.push([]);
    (runs.at(-1) as number[]).push(place);
    last = key;
  }
  // Neighbours, so that each place is moved as often as the number of runs can be halved.
  while (runs.length > 1) {
    for (let index = 0; index + 1 < runs.length; index++) {
      runs.splice(index, 2, merge(runs[index] as number[], runs[index + 1] as number[], keyOf));
    }
  }
  return runs[0] ?? [];
}

function merge(left: readonly number[], right: readonly number[], keyOf: (place: number) => number): number[] {
  const merged: number[] = [];
  let from = 0;
  for (const place of left) {
    const key = keyOf(place);
    while (from < right.length && keyOf(right[from] as number) < key) merged.push(right[from++] as number);
    merged.push(place);
  }
  while (from < right.length) merged.push(right[from++] as number);
  return merged;
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
