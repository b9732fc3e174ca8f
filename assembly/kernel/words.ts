/**
 * Copying and comparing words. V8 calls out of Wasm for `memory.copy`, which costs more than the few words of a key, a value or an event.
 */

/** Copy `bytes` bytes, a multiple of 8; the two must not overlap. */
@inline
export function copyWords(to: usize, from: usize, bytes: usize): void {
  for (let i: usize = 0; i < bytes; i += 8) store<u64>(to + i, load<u64>(from + i));
}

/** Whether `bytes` bytes, a multiple of 8, are the same. */
@inline
export function sameWords(one: usize, other: usize, bytes: usize): bool {
  for (let i: usize = 0; i < bytes; i += 8) if (load<u64>(one + i) != load<u64>(other + i)) return false;
  return true;
}
