/**
 * The persistent heap: committed values over 32 bytes, and keys over 48.
 *
 * Blocks have a power-of-two size from 64 bytes to 128 KiB. A free list for each size is a stack in shared memory,
 * one 64-bit word {tag, first free block}: CAS by any worker, the tag counts up so that a word is never seen twice.
 * A free block's first word is the next free block. What is not on a list is cut from a chunk that this
 * instance holds. A worker that is stopped between taking a block and using it leaks that block and breaks nothing.
 */
import { takePersistentChunks } from "./arena";
import { AT_EVICTIONS, AT_FREE_LISTS, CHUNK } from "./layout";

const SMALLEST: u32 = 6;
const LARGEST: u32 = 17;
export const LARGEST_BLOCK: usize = 1 << LARGEST;

let cursor: usize = 0;
let limit: usize = 0;
let evictions: u32 = 0;

/** Before a block: an eviction voids the chunk that this worker was cutting blocks from. */
export function enterHeap(): void {
  if (evictions == load<u32>(AT_EVICTIONS)) return;
  evictions = load<u32>(AT_EVICTIONS);
  cursor = 0;
  limit = 0;
}

/** Forget every block, allocated or free. The host only, while no worker runs, and when nobody needs one of them. */
export function forgetBlocks(): void {
  for (let size = SMALLEST; size <= LARGEST; size++) store<u64>(freeList(size), 0);
  store<u32>(AT_EVICTIONS, load<u32>(AT_EVICTIONS) + 1);
}

@inline
function sizeClass(bytes: usize): u32 {
  return bytes <= 64 ? SMALLEST : 32 - clz<u32>(<u32>bytes - 1);
}

@inline
function freeList(sizeClass: u32): usize {
  return AT_FREE_LISTS + ((sizeClass - SMALLEST) << 3);
}

/** The bytes that a block made for `bytes` really has. */
@inline
export function blockCapacity(bytes: usize): usize {
  return <usize>1 << sizeClass(bytes);
}

/** A block of at least `bytes` bytes (at most LARGEST_BLOCK), not cleared. Unwinds with FAULT_MEMORY. */
export function allocateBlock(bytes: usize): usize {
  const size = sizeClass(bytes);
  const list = freeList(size);
  while (true) {
    const word = atomic.load<u64>(list);
    const block = <usize>word;
    if (block == 0) return cutBlock(<usize>1 << size);
    const rest = <u64>atomic.load<u32>(block);
    if (atomic.cmpxchg<u64>(list, word, (((word >> 32) + 1) << 32) | rest) == word) return block;
  }
}

function cutBlock(size: usize): usize {
  if (limit - cursor < size) {
    const chunk = takePersistentChunks(size);
    if (size >= CHUNK) return chunk;
    cursor = chunk;
    limit = chunk + CHUNK;
  }
  const block = cursor;
  cursor = block + size;
  return block;
}

/** Give back a block that was made for `bytes`. */
export function freeBlock(block: usize, bytes: usize): void {
  const list = freeList(sizeClass(bytes));
  while (true) {
    const word = atomic.load<u64>(list);
    atomic.store<u32>(block, <u32>word);
    if (atomic.cmpxchg<u64>(list, word, (((word >> 32) + 1) << 32) | <u64>block) == word) return;
  }
}

/** The bytes of a committed value's record, with its header. */
@inline
export function recordSize(record: usize): usize {
  return 8 + ((load<u32>(record) + 7) & ~7);
}

/** Give back the block of a record. */
@inline
export function freeRecord(record: usize): void {
  freeBlock(record, recordSize(record));
}
