/**
 * The words that cross between a contract and the kernel, one way and the other: the only way in which either sees bytes of the other's.
 *
 * ```text
 *   staging area    {word u64} ...: what the contract has pushed, from `stagingBase` up to `staged`, at most STAGED_CAPACITY bytes
 *   cursor          {takeCursor, takeEnd}: what the contract may take, wherever that is: a record, the input, a digest, another contract's output
 * ```
 *
 * Written by `push`; an operation that takes what was pushed checks that it is as many words as the lengths that it is given need, and clears the area. Read by `take`,
 * where an operation has set the cursor; past the end it gives 0. Invariant: between two operations all words below `staged` are of the running contract.
 *
 * The staging area is private to the worker: nobody else reads or writes it.
 */
import { STAGED_CAPACITY, stagingBase } from "./layout";
import { CODE_STAGED_WORDS, misuse } from "./result";

/** Of a value, an output or an input, in bytes. */
export const MAX_VALUE_LENGTH: u32 = 65536;

/** End of the pushed words. */
let staged: usize = 0;
let takeCursor: usize = 0;
let takeEnd: usize = 0;

/** Nothing is pushed, and there is nothing to take. */
@inline
export function beginStaging(): void {
  staged = stagingBase;
  takeCursor = 0;
  takeEnd = 0;
}

export function push(word: u64): void {
  const at = staged;
  if (at - stagingBase == STAGED_CAPACITY) misuse(CODE_STAGED_WORDS);
  store<u64>(at, word);
  staged = at + 8;
}

/** Four words at once, which an address is: crossing into another module takes longer than storing a word. */
export function push4(word0: u64, word1: u64, word2: u64, word3: u64): void {
  const at = staged;
  if (at - stagingBase > STAGED_CAPACITY - 32) misuse(CODE_STAGED_WORDS);
  store<u64>(at, word0);
  store<u64>(at, word1, 8);
  store<u64>(at, word2, 16);
  store<u64>(at, word3, 24);
  staged = at + 32;
}

export function take(): u64 {
  const at = takeCursor;
  if (at == takeEnd) return 0;
  takeCursor = at + 8;
  return load<u64>(at);
}

/** From here on `take` gives the `length` bytes at `bytes`, padded to words. */
@inline
export function takeFrom(bytes: usize, length: u32): void {
  takeCursor = bytes;
  takeEnd = bytes + ((length + 7) & ~7);
}

/** Nothing is left to take. */
@inline
export function takeNothing(): void {
  takeEnd = takeCursor;
}

/** Clear the bytes of the last word at `bytes` that are past `length`. */
@inline
export function clearPadding(bytes: usize, length: u32): void {
  const odd = length & 7;
  if (odd != 0) {
    const last = bytes + (length & ~7);
    store<u64>(last, load<u64>(last) & (((<u64>1) << (odd << 3)) - 1));
  }
}

/** Take all pushed words as `length` bytes. */
@inline
export function unstage(length: u32, longest: u32, tooLong: u32): usize {
  if (length > longest) misuse(tooLong);
  requireStaged((length + 7) & ~7);
  clearPadding(stagingBase, length);
  clearStaged();
  return stagingBase;
}

/** The pushed words have to be `bytes` bytes. */
@inline
export function requireStaged(bytes: usize): void {
  if (staged - stagingBase != bytes) misuse(CODE_STAGED_WORDS);
}

/** The pushed words have been taken. */
@inline
export function clearStaged(): void {
  staged = stagingBase;
}
