// Memory of a contract: a bump allocator that starts over with every call.
//
// A call is short and its memory is thrown away whole, so nothing is ever freed. `enter`, the first thing every method
// does, puts the pointer back to the start of the heap: a call that trapped leaves nothing behind, and the memory a call
// finds free does not depend on the calls before it. Memory is not cleared: the standard library clears what it hands
// out, constructors set every field, and the compiler keeps contracts from reading memory directly.
//
//   ┌───────────── a block ─────────────┬──────────────── an object in it ───────────────┐
//   │ size of what follows (4 bytes)    │ collector (8, unused)  class (4)  length (4)    │ fields ...
//   └───────────────────────────────────┴─────────────────────────────────────────────────┘
//                                       ↑ from `__alloc`, 16-byte aligned               ↑ from `__new`, aligned

import { AL_MASK, BLOCK, BLOCK_MAXSIZE, BLOCK_OVERHEAD, OBJECT, OBJECT_MAXSIZE, OBJECT_OVERHEAD } from "rt/common";

/** Bytes of the heap in use. Counted from the heap's start, a constant, so that it needs no code to initialise. */
let used: usize = 0;

/** Address of the first block: the block's size fills the 4 bytes before an aligned address. */
@inline
function heapStart(): usize {
  return ((__heap_base + BLOCK_OVERHEAD + AL_MASK) & ~AL_MASK) - BLOCK_OVERHEAD;
}

/** Forgets all memory handed out. */
@inline
export function enter(): void {
  used = 0;
}

/** Grows the memory until `end` is inside. The runtime ends a call that asks for more than a contract may have. */
function grow(end: usize): void {
  const pages = <i32>((end - (<usize>memory.size() << 16) + 0xffff) >>> 16);
  if (memory.grow(pages) < 0) unreachable();
}

/** Rounds a payload up so that the next block's payload is aligned again. */
@inline
function payloadOf(size: usize): usize {
  return ((size + BLOCK_OVERHEAD + AL_MASK) & ~AL_MASK) - BLOCK_OVERHEAD;
}

@unsafe @global
export function __alloc(size: usize): usize {
  if (size > BLOCK_MAXSIZE) unreachable();
  const block = heapStart() + used;
  const payload = payloadOf(size);
  const end = block + BLOCK_OVERHEAD + payload;
  if (end > <usize>memory.size() << 16) grow(end);
  changetype<BLOCK>(block).mmInfo = payload;
  used += BLOCK_OVERHEAD + payload;
  return block + BLOCK_OVERHEAD;
}

@unsafe @global
export function __realloc(pointer: usize, size: usize): usize {
  const payload = changetype<BLOCK>(pointer - BLOCK_OVERHEAD).mmInfo;
  if (size <= payload) return pointer;
  // At least doubling keeps a growing array linear in its final size.
  const moved = __alloc(max(size, payload << 1));
  memory.copy(moved, pointer, payload);
  return moved;
}

@unsafe @global
export function __free(_pointer: usize): void {}

@unsafe @global
export function __new(size: usize, classId: u32): usize {
  if (size > OBJECT_MAXSIZE) unreachable();
  const pointer = __alloc(OBJECT_OVERHEAD + size);
  const object = changetype<OBJECT>(pointer - BLOCK_OVERHEAD);
  object.gcInfo = 0;
  object.gcInfo2 = 0;
  object.rtId = classId;
  object.rtSize = <u32>size;
  return pointer + OBJECT_OVERHEAD;
}

@unsafe @global
export function __renew(old: usize, size: usize): usize {
  if (size > OBJECT_MAXSIZE) unreachable();
  const pointer = __realloc(old - OBJECT_OVERHEAD, OBJECT_OVERHEAD + size);
  changetype<OBJECT>(pointer - BLOCK_OVERHEAD).rtSize = <u32>size;
  return pointer + OBJECT_OVERHEAD;
}

// Nothing is collected, so nothing is counted, pinned or visited.

@unsafe @global
export function __link(_parent: usize, _child: usize, _multiple: bool): void {}

@unsafe @global
export function __pin(pointer: usize): usize {
  return pointer;
}

@unsafe @global
export function __unpin(_pointer: usize): void {}

@unsafe @global
export function __visit(_pointer: usize, _cookie: u32): void {}

@unsafe @global
export function __collect(): void {}
