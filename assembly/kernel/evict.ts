/**
 * Eviction: all locations leave memory, and their heap with them. The store has every value, so they come back when they are looked up.
 *
 * By the host, while no worker runs and the store holds all that was committed; some ids at a time. Everything goes at once, since what has to be read again is
 * no more than what filled the memory; and the heap, all free, can then serve values of other lengths.
 */
import { forgetPersistentChunks } from "./arena";
import { forgetUndo } from "./commit";
import { forgetBlocks } from "./heap";
import { clearKeyLength, locationAt, resetIndex } from "./keys";
import { AT_LOCATIONS_USED, AT_SWEEPS, marksOf, workerCount } from "./layout";

/** Forget the locations from `from` to `end`. Returns whether there are ids from `end` on. */
export function evictLocations(from: u32, end: u32): bool {
  const used = atomic.load<u32>(AT_LOCATIONS_USED);
  const last = min(end, used);
  for (let id = from; id < last; id++) clearKeyLength(locationAt(id));
  // A worker that starts its stamps anew could take an old mark for its own.
  const bytes = <usize>(last - from) << 3;
  for (let index: u32 = 0; index < workerCount; index++) memory.fill(marksOf(index) + (<usize>from << 3), 0, bytes);
  return end < used;
}

/** All are forgotten: ids and memory are handed out from the start again. What the host has taken of the pool is gone, too. */
export function endEviction(): void {
  // What the last block has replaced was in the heap that is given back: nothing of it is to be freed once more.
  forgetUndo();
  resetIndex();
  forgetBlocks();
  forgetPersistentChunks();
  store<u32>(AT_SWEEPS, load<u32>(AT_SWEEPS) + 1);
  atomic.store<u32>(AT_LOCATIONS_USED, 0);
}
