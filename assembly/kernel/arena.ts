/**
 * Memory from the pool: chunks, each worker's arena, and logs.
 *
 * ```text
 *   pool   | persistent chunks -> |        free        | <- the block's chunks |
 *          ^ poolBase             ^ low                ^ high                  ^ poolEnd
 * ```
 *
 * {high, low} is one 64-bit word, changed by CAS, so the two sides cannot pass each other. The host moves `high`
 * back to `poolEnd` before each block: nothing that lived in a block's chunk is reached afterwards, because chains
 * are tagged with the block's epoch (versions.ts).
 *
 * An arena is a chunk and a cursor, private to its worker: versions, records and read sets are allocated there and
 * published by an atomic store of their address elsewhere. Within a block no address is used twice,
 * so two versions are the same version exactly if their addresses are equal.
 *
 * A log is a list of chunks that the host reads after the block. Chunk: {u32 next, u32 used, u32 size, u32 0, bytes}.
 * Written by its worker, read by the host after the workers have departed; entries of calls that have committed also before (progress.ts).
 */
import { FAULT_MEMORY, raise } from "./fault";
import { AT_POOL_FREE, CHUNK, poolBase } from "./layout";

const LOG_NEXT: usize = 0;
const LOG_USED: usize = 4;
const LOG_SIZE: usize = 8;
const LOG_HEADER: usize = 16;

let cursor: usize = 0;
let limit: usize = 0;

@inline
function roundToChunks(bytes: usize): usize {
  return (bytes + CHUNK - 1) & ~(CHUNK - 1);
}

/** Take chunks for this block from the upper end; 0 where the pool is exhausted. */
export function tryTakeBlockChunks(bytes: usize): usize {
  const size = roundToChunks(bytes);
  while (true) {
    const word = atomic.load<u64>(AT_POOL_FREE);
    const low = <usize>word;
    const high = <usize>(word >> 32);
    if (high - low < size || size < bytes) return 0;
    const taken = high - size;
    if (atomic.cmpxchg<u64>(AT_POOL_FREE, word, (<u64>taken << 32) | low) == word) return taken;
  }
}

function takeBlockChunks(bytes: usize): usize {
  const chunks = tryTakeBlockChunks(bytes);
  if (chunks == 0) raise(FAULT_MEMORY);
  return chunks;
}

/** Take chunks that outlive the block from the lower end. Unwinds with FAULT_MEMORY where the pool is exhausted. */
export function takePersistentChunks(bytes: usize): usize {
  const size = roundToChunks(bytes);
  while (true) {
    const word = atomic.load<u64>(AT_POOL_FREE);
    const low = <usize>word;
    const high = <usize>(word >> 32);
    if (high - low < size || size < bytes) raise(FAULT_MEMORY);
    if (atomic.cmpxchg<u64>(AT_POOL_FREE, word, (<u64>high << 32) | (low + size)) == word) return low;
  }
}

/** Give back every chunk that was taken for the block since the upper end stood at `end`. The host only, while no worker runs. */
export function resetBlockChunks(end: usize): void {
  atomic.store<u64>(AT_POOL_FREE, (<u64>end << 32) | <u64>(<usize>atomic.load<u64>(AT_POOL_FREE)));
}

/** Give back every chunk that outlives blocks. The host only, while no worker runs. */
export function forgetPersistentChunks(): void {
  atomic.store<u64>(AT_POOL_FREE, (atomic.load<u64>(AT_POOL_FREE) & 0xffffffff00000000) | poolBase);
}

/** Forget the last block's arena. */
export function resetArena(): void {
  cursor = 0;
  limit = 0;
}

/** `bytes`, a multiple of 8, at an address that is a multiple of 8; not cleared. Lives until the block ends. */
@inline
export function allocate(bytes: usize): usize {
  const address = cursor;
  if (limit - address < bytes) return allocateSlow(bytes);
  cursor = address + bytes;
  return address;
}

function allocateSlow(bytes: usize): usize {
  if (bytes > CHUNK / 4) return takeBlockChunks(bytes);
  cursor = takeBlockChunks(CHUNK);
  limit = cursor + CHUNK;
  const address = cursor;
  cursor = address + bytes;
  return address;
}

/** Where the arena stands; `rewind` to it drops what was allocated since. Sequential calls only: they publish no address. */
@inline
export function arenaMark(): usize {
  return cursor;
}

/** Has no effect where the arena has moved on to another chunk since the mark. */
@inline
export function rewindArena(mark: usize): void {
  if (mark != 0 && mark <= cursor && (mark - 1) >> 16 == (cursor - 1) >> 16) cursor = mark;
}

/** `bytes`, a multiple of 8, appended to `log` (the address of its {first, cursor, end} words). */
export function appendLog(log: usize, bytes: usize): usize {
  const address: usize = load<u32>(log, 4);
  if (<usize>load<u32>(log, 8) - address < bytes) return appendLogSlow(log, bytes);
  store<u32>(log, address + bytes, 4);
  return address;
}

function appendLogSlow(log: usize, bytes: usize): usize {
  closeLog(log);
  const size = roundToChunks(bytes + LOG_HEADER);
  const chunk = takeBlockChunks(size);
  store<u32>(chunk, load<u32>(log), LOG_NEXT);
  store<u32>(chunk, 0, LOG_USED);
  store<u32>(chunk, size, LOG_SIZE);
  store<u32>(log, chunk);
  store<u32>(log, chunk + LOG_HEADER + bytes, 4);
  // A chunk made for one large entry takes no other: entries are found by the chunk they start in.
  store<u32>(log, size > CHUNK ? chunk + LOG_HEADER + bytes : chunk + size, 8);
  return chunk + LOG_HEADER;
}

/** Write how far the newest chunk is used. */
export function closeLog(log: usize): void {
  const chunk: usize = load<u32>(log);
  if (chunk != 0) store<u32>(chunk, <u32>(<usize>load<u32>(log, 4) - chunk), LOG_USED);
}

export function resetLog(log: usize): void {
  store<u32>(log, 0);
  store<u32>(log, 0, 4);
  store<u32>(log, 0, 8);
}
