import type { KernelExports } from './kernel.js';
import { WordWriter } from './word-writer.js';

/** A location that a block changed: what its value was, and what it is; undefined where there is none. Copies. */
export interface Change {
  /** The contract's index. */
  readonly contract: number;
  readonly key: Uint8Array;
  readonly before: Uint8Array | undefined;
  readonly after: Uint8Array | undefined;
}

/** What the last block changed, from the undo entries of its workers (assembly/kernel/commit.ts), which stand until the next one begins. */
export function readChanges(kernel: KernelExports, memory: WebAssembly.Memory, workers: number): Change[] {
  const bytes = new Uint8Array(memory.buffer);
  const view = new DataView(memory.buffer);
  const absent = kernel.ABSENT.value >>> 0;
  const word = (address: number): number => view.getUint32(address, true);
  const valueAt = (record: number): Uint8Array | undefined => {
    const length = word(record);
    return length === absent ? undefined : bytes.slice(record + 8, record + 8 + length);
  };
  const changes: Change[] = [];
  for (let index = 0; index < workers; index++) {
    let entry = word((kernel.workerLine(index) >>> 0) + kernel.WORKER_UNDO.value);
    for (; entry !== 0; entry = word(entry + kernel.UNDO_PREVIOUS.value)) {
      const location = word(entry + kernel.UNDO_LOCATION.value);
      const old = word(entry + kernel.UNDO_COMMITTED.value);
      // The place in the location has been written since: the entry has a copy.
      const isInline = old === location + kernel.LOCATION_RECORD.value;
      const key = kernel.keyBytes(location) >>> 0;
      changes.push({
        contract: kernel.locationContract(location),
        key: bytes.slice(key, key + kernel.keyLength(location)),
        before: valueAt(isInline ? entry + kernel.UNDO_RECORD.value : old),
        after: valueAt(word(location + kernel.LOCATION_COMMITTED.value)),
      });
    }
  }
  return changes;
}

/** A value to be set; undefined: to be removed. */
export interface PatchedValue {
  /** The contract's index. */
  readonly contract: number;
  readonly key: Uint8Array;
  readonly value: Uint8Array | undefined;
}

/** Values as the kernel takes them (assembly/kernel/patch.ts). */
export function encodePatch(values: Iterable<PatchedValue>, absent: number): Uint8Array {
  const writer = new WordWriter(4096);
  for (const { contract, key, value } of values) {
    writer.word(contract);
    writer.word(key.length);
    writer.word(value === undefined ? absent : value.length);
    writer.word(0);
    writer.pad(key);
    if (value !== undefined) writer.pad(value);
  }
  return writer.bytes();
}
