/**
 * The committed values: changing them, undoing the change, and packing the write set.
 *
 * ```text
 *   undo       0 previous u32 | 4 location u32 | 8 committed u32: the old record | 12 previous retired u32 | 16 the old record, if it was inline (40 bytes)
 *   write set  0 contract u32 | 4 key length u32 | 8 value length u32 (ABSENT: removed) | 12 - | 16 key, value: each padded to words
 * ```
 *
 * The first change to a location in a block saves what was there, so that the whole block can be taken back:
 * by the host when a worker dies or a fault is met, whoever made the change. An undo entry is complete before the
 * worker's line points to it, and that comes before the change: a worker can be stopped between any two stores.
 *
 * Who writes. Sequential: the one worker, call by call. Block-STM: after all workers have left the execution phase
 * each commits the locations whose chain it opened (versions.ts `publish`), so no location has two writers, and nobody
 * reads a committed value any more. Then the host, alone.
 *
 * An old value's heap block stays until the next block starts (`releaseRetired`): only then is the undo entry void.
 */
import { allocate, appendLog, closeLog } from "./arena";
import { allocateBlock, blockCapacity, freeBlock } from "./heap";
import {
  LOCATION_COMMITTED, LOCATION_RECORD, LOCATION_TOUCHED, keyBytes, keyLength, locationContract,
} from "./keys";
import {
  ABSENT, ABSENT_RECORD, WORKER_JOURNAL, WORKER_RETIRED, WORKER_UNDO, WORKER_WRITES, worker, workerCount, workerLine,
} from "./layout";
import { lastRecord } from "./versions";
import { copyWords } from "./words";

const INLINE_VALUE: u32 = 32;
const UNDO_PREVIOUS: usize = 0;
const UNDO_LOCATION: usize = 4;
const UNDO_COMMITTED: usize = 8;
const UNDO_PREVIOUS_RETIRED: usize = 12;
const UNDO_RECORD: usize = 16;

let epoch: u32 = 0;
/** Locations whose chain this worker opened: {location u32, previous u32}. */
let dirty: usize = 0;

export function enterCommit(blockEpoch: u32): void {
  epoch = blockEpoch;
  dirty = 0;
}

export function addDirty(location: usize): void {
  const entry = allocate(8);
  store<u32>(entry, location);
  store<u32>(entry, dirty, 4);
  dirty = entry;
}

/** Block-STM: make the block's last versions the committed values, where this worker opened the chain. */
export function commitDirty(): void {
  for (let entry = dirty; entry != 0; entry = load<u32>(entry, 4)) {
    const location: usize = load<u32>(entry);
    const record = lastRecord(location);
    if (record != 0) apply(location, record);
  }
}

@inline
function isHeap(location: usize, record: usize): bool {
  return record != ABSENT_RECORD && record != location + LOCATION_RECORD;
}

/** Make a copy of `record` the committed value of `location`. */
export function apply(location: usize, record: usize): void {
  const length = load<u32>(record);
  let old: usize = load<u32>(location, LOCATION_COMMITTED);
  const first = load<u32>(location, LOCATION_TOUCHED) != epoch;
  if (first) {
    saveUndo(location, old);
    store<u32>(location, epoch, LOCATION_TOUCHED);
  }
  const size: usize = 8 + ((length + 7) & ~7);
  let to: usize = ABSENT_RECORD;
  if (length <= INLINE_VALUE) {
    to = location + LOCATION_RECORD;
  } else if (length != ABSENT) {
    const fits = !first && isHeap(location, old) && blockCapacity(recordSize(old)) >= size;
    to = fits && blockCapacity(size) == blockCapacity(recordSize(old)) ? old : allocateBlock(size);
  }
  if (to != ABSENT_RECORD) copyWords(to, record, size);
  store<u32>(location, to, LOCATION_COMMITTED);
  // A block made since the undo entry was saved is nobody's any more; the one in the entry is kept for it.
  if (!first && isHeap(location, old) && old != to) freeBlock(old, recordSize(old));
}

@inline
function recordSize(record: usize): usize {
  return 8 + ((load<u32>(record) + 7) & ~7);
}

function saveUndo(location: usize, old: usize): void {
  const inline = old == location + LOCATION_RECORD;
  const entry = appendLog(worker + WORKER_JOURNAL, inline ? UNDO_RECORD + 8 + INLINE_VALUE : UNDO_RECORD);
  store<u32>(entry, load<u32>(worker, WORKER_UNDO), UNDO_PREVIOUS);
  store<u32>(entry, location, UNDO_LOCATION);
  store<u32>(entry, old, UNDO_COMMITTED);
  if (inline) copyWords(entry + UNDO_RECORD, old, 8 + INLINE_VALUE);
  if (isHeap(location, old)) {
    store<u32>(entry, load<u32>(worker, WORKER_RETIRED), UNDO_PREVIOUS_RETIRED);
    store<u32>(worker, entry, WORKER_RETIRED);
  }
  atomic.store<u32>(worker, entry, WORKER_UNDO);
}

/** Append each location that this worker changed, with its value now, to the log of writes. */
export function packWriteSet(): void {
  const log = worker + WORKER_WRITES;
  for (let entry: usize = load<u32>(worker, WORKER_UNDO); entry != 0; entry = load<u32>(entry, UNDO_PREVIOUS)) {
    const location: usize = load<u32>(entry, UNDO_LOCATION);
    const record: usize = load<u32>(location, LOCATION_COMMITTED);
    const length = load<u32>(record);
    const keySize: usize = (keyLength(location) + 7) & ~7;
    const valueSize: usize = length == ABSENT ? 0 : (length + 7) & ~7;
    const to = appendLog(log, 16 + keySize + valueSize);
    store<u32>(to, locationContract(location));
    store<u32>(to, keyLength(location), 4);
    store<u32>(to, length, 8);
    copyWords(to + 16, keyBytes(location), keySize);
    copyWords(to + 16 + keySize, record + 8, valueSize);
  }
  closeLog(log);
}

/** Take back everything that the last block changed, whichever worker did. The host only, while no worker runs. */
export function rollback(): void {
  for (let index: u32 = 0; index < workerCount; index++) {
    const line = workerLine(index);
    for (let entry: usize = load<u32>(line, WORKER_UNDO); entry != 0; entry = load<u32>(entry, UNDO_PREVIOUS)) {
      const location: usize = load<u32>(entry, UNDO_LOCATION);
      const old: usize = load<u32>(entry, UNDO_COMMITTED);
      const now: usize = load<u32>(location, LOCATION_COMMITTED);
      if (isHeap(location, now) && now != old) freeBlock(now, recordSize(now));
      if (old == location + LOCATION_RECORD) copyWords(old, entry + UNDO_RECORD, 8 + INLINE_VALUE);
      store<u32>(location, old, LOCATION_COMMITTED);
      store<u32>(location, 0, LOCATION_TOUCHED);
    }
    store<u32>(line, 0, WORKER_UNDO);
    store<u32>(line, 0, WORKER_RETIRED);
  }
}

/** The last block stands: free the heap blocks of the values that it replaced. The host only, while no worker runs. */
export function releaseRetired(): void {
  for (let index: u32 = 0; index < workerCount; index++) {
    const line = workerLine(index);
    let entry: usize = load<u32>(line, WORKER_RETIRED);
    for (; entry != 0; entry = load<u32>(entry, UNDO_PREVIOUS_RETIRED)) {
      const old: usize = load<u32>(entry, UNDO_COMMITTED);
      freeBlock(old, recordSize(old));
    }
    store<u32>(line, 0, WORKER_UNDO);
    store<u32>(line, 0, WORKER_RETIRED);
  }
}
