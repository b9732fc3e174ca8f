/**
 * The wave: transactions to be validated because a lower one was aborted, {end, next} in one word, empty if next >= end. Written by
 * any worker, by CAS. Only a hint: it finds stale reads early, so that they are executed again in parallel, and nothing depends on it.
 */
import { AT_WAVE } from "./layout";
import { wake } from "./park";

/** Before a block, by the host. */
export function resetWave(): void {
  atomic.store<u64>(AT_WAVE, 0);
}

export function startWave(from: u32, end: u32): void {
  if (from >= end) return;
  while (true) {
    const word = atomic.load<u64>(AT_WAVE);
    const next = <u32>word;
    const oldEnd = <u32>(word >> 32);
    const merged: u64 =
      next >= oldEnd ? (<u64>end << 32) | from : (<u64>max(end, oldEnd) << 32) | min(next, from);
    if (merged == word) return;
    if (atomic.cmpxchg<u64>(AT_WAVE, word, merged) == word) break;
  }
  wake(1);
}

/** Take a transaction out of the wave. -1 if it is over. */
@inline
export function nextOfWave(): i32 {
  while (true) {
    const word = atomic.load<u64>(AT_WAVE);
    if (<u32>word >= <u32>(word >> 32)) return -1;
    if (atomic.cmpxchg<u64>(AT_WAVE, word, word + 1) == word) return <i32>word;
  }
}
