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
import { WordWriter } from '../engine/word-writer.js';
import type { WriteSetEntry } from '../runtime/types.js';

const ADDRESS_BYTES = 32;
/** Of an entry in a worker's log. */
const LOGGED_BYTES = 16;
export const WRITE_HEAD_BYTES = 40;
/** Length of a value that was removed. */
export const REMOVED = 0xffffffff;

/** `addressOf` gives the address of a contract by its index. */
export function encodeWrites(
  writes: LogSnapshot,
  { absent }: Pick<ResultLayout, 'absent'>,
  addressOf: (index: number) => Uint8Array,
): Uint8Array {
  const { bytes, view } = writes;
  const writer = new WordWriter(bytes.length * 2);
  for (const at of inOrder(writes, absent)) {
    const keyLength = view.getUint32(at + 4, true);
    const valueLength = view.getUint32(at + 8, true);
    writer.copy(addressOf(view.getUint32(at, true)), 0, ADDRESS_BYTES);
    writer.word(keyLength);
    writer.word(valueLength);
    writer.copy(
      bytes,
      at + LOGGED_BYTES,
      ((keyLength + 7) & ~7) + (valueLength === absent ? 0 : (valueLength + 7) & ~7),
    );
  }
  return writer.bytes();
}

/** A block has fewer changes than this, and its transactions times this fit a double. */
const MOST_CHANGES = 2 ** 26;

/** Where the entries are. Each journal was logged backwards, and what a transaction changed is in one journal. */
function inOrder(writes: LogSnapshot, absent: number): number[] {
  const { view } = writes;
  const places: number[] = [];
  // The newest chunk of a log comes first.
  for (const { start, end } of [...writes.entries()].reverse()) {
    for (let at = start; at < end; ) {
      places.push(at);
      const valueLength = view.getUint32(at + 8, true);
      at +=
        LOGGED_BYTES +
        ((view.getUint32(at + 4, true) + 7) & ~7) +
        (valueLength === absent ? 0 : (valueLength + 7) & ~7);
    }
  }
  const keys = Float64Array.from(
    places,
    (at, position) => (view.getUint32(at + 12, true) + 1) * MOST_CHANGES - 1 - position,
  ).sort();
  return Array.from(keys, (key) => places[MOST_CHANGES - 1 - (key % MOST_CHANGES)] as number);
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
