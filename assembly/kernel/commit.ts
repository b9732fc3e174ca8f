/**
 * The committed values: changing them, undoing the change, and packing the write set.
 *
 * ```text
 *   undo       0 previous u32 | 4 location u32 | 8 committed u32: the old record | 12 previous retired u32
 *              16 TxIndex u32 of the first change | 20 - | 24 the old record, if it was inline (40 bytes)
 *   write set  0 contract u32 | 4 key length u32 | 8 value length u32 (ABSENT: removed) | 12 TxIndex u32 of the first change
 *              16 key, value: each padded to words
 * ```
 *
 * A worker's undo entries are in the order of its changes, so ascending by TxIndex, and those of one transaction in the order of its accesses. So the entries of all
 * workers can be put into the order in which sequential execution makes the first changes: one that no executor changes.
 *
 * The first change to a location in a block saves what was there, so that the whole block can be taken back:
 * by the host when a worker dies or a fault is met, whoever made the change. An undo entry is complete before the
 * worker's line points to it, and that comes before the change: a worker can be stopped between any two stores.
 *
 * Who writes. Sequential: the one worker, call by call, a copy. Block-STM: whoever commits, which is one worker at a time (frontier.ts), by pointing
 * the location at the record in the arena; speculative calls read that word at any time, so it is atomic and the record immutable.
 * What else there is of a location here is the committing worker's own: it passes from one to the next with the frontier word. After all
 * workers have left the execution phase each moves the records of the locations that it was the first to change to where they stay. Then the host, alone.
 *
 * An old value's heap block stays until the next block starts (`releaseRetired`): only then is the undo entry void.
 */
import { appendLog, closeLog } from "./arena";
import { allocateBlock, blockCapacity, freeRecord, recordSize } from "./heap";
import {
  INLINE_VALUE, LOCATION_COMMITTED, LOCATION_RECORD, LOCATION_TOUCHED, committed, keyBytes, keyLength, locationContract,
} from "./keys";
import {
  ABSENT, ABSENT_RECORD, AT_PARTICIPANTS, AT_POOL_FREE, WORKER_JOURNAL, WORKER_RETIRED, WORKER_UNDO, WORKER_WRITES, worker, workerCount, workerLine,
} from "./layout";
import { isTaped, tapeBefore } from "./tape";
import { copyWords } from "./words";

export const WRITE_HEAD: usize = 16;
export const UNDO_PREVIOUS: usize = 0;
export const UNDO_LOCATION: usize = 4;
export const UNDO_COMMITTED: usize = 8;
const UNDO_PREVIOUS_RETIRED: usize = 12;
const UNDO_TX: usize = 16;
export const UNDO_RECORD: usize = 24;

let epoch: u32 = 0;

export function enterCommit(blockEpoch: u32): void {
  epoch = blockEpoch;
}

/** Make `record`, in the arena, the committed value of `location` for the rest of the block. The holder of the frontier. */
export function commitRecord(location: usize, record: usize): void {
  if (load<u32>(location, LOCATION_TOUCHED) != epoch) {
    saveUndo(location, committed(location), load<u32>(record, 4));
    store<u32>(location, epoch, LOCATION_TOUCHED);
  }
  atomic.store<u32>(location, <u32>record, LOCATION_COMMITTED);
}

/** The block is over: move the committed value, if it is in the arena, to where it stays. */
@inline
function keep(location: usize, record: usize): usize {
  if (!isOfBlock(record)) return record;
  const length = load<u32>(record);
  let to: usize = ABSENT_RECORD;
  if (length != ABSENT) {
    const size: usize = 8 + ((length + 7) & ~7);
    to = length <= INLINE_VALUE ? location + LOCATION_RECORD : allocateBlock(size);
    copyWords(to, record, size);
  }
  store<u32>(location, to, LOCATION_COMMITTED);
  return to;
}

/** In a chunk of the block, not one that outlives it. */
@inline
function isOfBlock(record: usize): bool {
  return record >= <usize>load<u32>(AT_POOL_FREE, 4);
}

@inline
function isHeap(location: usize, record: usize): bool {
  return record != ABSENT_RECORD && record != location + LOCATION_RECORD && !isOfBlock(record);
}

/** Sequentially: make a copy of `record` the committed value of `location`. */
export function apply(location: usize, record: usize): void {
  const length = load<u32>(record);
  let old: usize = load<u32>(location, LOCATION_COMMITTED);
  const first = load<u32>(location, LOCATION_TOUCHED) != epoch;
  if (first) {
    saveUndo(location, old, load<u32>(record, 4));
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
  if (!first && isHeap(location, old) && old != to) freeRecord(old);
}

function saveUndo(location: usize, old: usize, txIndex: u32): void {
  const inline = old == location + LOCATION_RECORD;
  const entry = appendLog(worker + WORKER_JOURNAL, inline ? UNDO_RECORD + 8 + INLINE_VALUE : UNDO_RECORD);
  store<u32>(entry, load<u32>(worker, WORKER_UNDO), UNDO_PREVIOUS);
  store<u32>(entry, location, UNDO_LOCATION);
  store<u32>(entry, old, UNDO_COMMITTED);
  store<u32>(entry, txIndex, UNDO_TX);
  if (inline) copyWords(entry + UNDO_RECORD, old, 8 + INLINE_VALUE);
  if (isHeap(location, old)) {
    store<u32>(entry, load<u32>(worker, WORKER_RETIRED), UNDO_PREVIOUS_RETIRED);
    store<u32>(worker, entry, WORKER_RETIRED);
  }
  atomic.store<u32>(worker, entry, WORKER_UNDO);
}

/**
 * Append each location that this worker changed first, with its value now, to the log of writes. The first worker does it for those
 * that do not take part any more, too.
 */
export function packWriteSet(): void {
  packChanges(worker);
  if (worker == workerLine(0)) {
    for (let index = load<u32>(AT_PARTICIPANTS); index < workerCount; index++) packChanges(workerLine(index));
  }
  closeLog(worker + WORKER_WRITES);
}

function packChanges(line: usize): void {
  const log = worker + WORKER_WRITES;
  for (let entry: usize = load<u32>(line, WORKER_UNDO); entry != 0; entry = load<u32>(entry, UNDO_PREVIOUS)) {
    const location: usize = load<u32>(entry, UNDO_LOCATION);
    if (isTaped) tapeBefore(location, savedRecord(location, entry));
    const record = keep(location, committed(location));
    const length = load<u32>(record);
    const keySize: usize = (keyLength(location) + 7) & ~7;
    const valueSize: usize = length == ABSENT ? 0 : (length + 7) & ~7;
    const to = appendLog(log, WRITE_HEAD + keySize + valueSize);
    store<u32>(to, locationContract(location));
    store<u32>(to, keyLength(location), 4);
    store<u32>(to, length, 8);
    store<u32>(to, load<u32>(entry, UNDO_TX), 12);
    copyWords(to + WRITE_HEAD, keyBytes(location), keySize);
    copyWords(to + WRITE_HEAD + keySize, record + 8, valueSize);
  }
}

/** What was at `location` before the block. */
function savedRecord(location: usize, entry: usize): usize {
  const old: usize = load<u32>(entry, UNDO_COMMITTED);
  return old == location + LOCATION_RECORD ? entry + UNDO_RECORD : old;
}

/** Take back everything that the last block changed, whichever worker did. The host only, while no worker runs. */
export function rollback(): void {
  for (let index: u32 = 0; index < workerCount; index++) {
    const line = workerLine(index);
    for (let entry: usize = load<u32>(line, WORKER_UNDO); entry != 0; entry = load<u32>(entry, UNDO_PREVIOUS)) {
      const location: usize = load<u32>(entry, UNDO_LOCATION);
      const old: usize = load<u32>(entry, UNDO_COMMITTED);
      const now: usize = load<u32>(location, LOCATION_COMMITTED);
      if (isHeap(location, now) && now != old) freeRecord(now);
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
    let entry: usize = load<u32>(workerLine(index), WORKER_RETIRED);
    for (; entry != 0; entry = load<u32>(entry, UNDO_PREVIOUS_RETIRED)) {
      const old: usize = load<u32>(entry, UNDO_COMMITTED);
      freeRecord(old);
    }
  }
  forgetUndo();
}

/** The last block stands, and what it replaced is gone with all else. The host only, while no worker runs. */
export function forgetUndo(): void {
  for (let index: u32 = 0; index < workerCount; index++) {
    const line = workerLine(index);
    store<u32>(line, 0, WORKER_UNDO);
    store<u32>(line, 0, WORKER_RETIRED);
  }
}
