/**
 * Deltas: what a call added to a counter whose value it did not have to know.
 *
 * ```text
 *   delta, 40 bytes    0 base u64: the value that was guessed | 8 sum u64: base and what was added and subtracted
 *                      16 least u64, 24 most u64: for bases from least to most the call went as it did | 32 added u32: something was
 * ```
 *
 * `add` and `subtract` succeed or fail by comparing the sum with a bound. On a guess of the base, a verdict holds for all bases on one side of some
 * number; the delta keeps the interval on which all verdicts of the call hold. At the frontier the base is known: if it is in the
 * interval, the call went as it goes sequentially, and the value becomes base and sum - guess; if not, it is executed again. So calls
 * that add do not conflict, though each of them learns whether the bound held.
 *
 * Written by the worker that runs the call, in its arena; read by the holder of the frontier once the transaction is Executed.
 */
import { allocate } from "./arena";
import { committed } from "./keys";
import { ABSENT } from "./layout";

const BASE: usize = 0;
const SUM: usize = 8;
const LEAST: usize = 16;
const MOST: usize = 24;
const ADDED: usize = 32;
const SIZE: usize = 40;

export const COUNTER_LENGTH: u32 = 8;

/** Whether a record can be counted on: 8 bytes, or no value, which counts as 0. */
@inline
export function isCounter(record: usize): bool {
  const length = load<u32>(record);
  return length == COUNTER_LENGTH || length == ABSENT;
}

@inline
export function counterValue(record: usize): u64 {
  return load<u32>(record) == ABSENT ? 0 : load<u64>(record, 8);
}

/** The counter that this worker guessed last, and its value; 0 where it must be looked up. Good for one run. */
let guessedLocation: usize = 0;
let guessedValue: u64 = 0;

/** The guess is old. */
@inline
export function forgetGuess(): void {
  guessedLocation = 0;
}

/**
 * A delta that has added nothing yet to what `location` is guessed to hold; 0 where that is no counter, and has to be read.
 *
 * To look the value up for each call would fetch two lines that the worker at the frontier writes for each of its own. Where bounds are far, any
 * guess will do.
 */
export function newDeltaAt(location: usize): usize {
  if (location != guessedLocation) {
    const record = committed(location);
    if (!isCounter(record)) return 0;
    guessedValue = counterValue(record);
    guessedLocation = location;
  }
  return newDelta(guessedValue);
}

/** A delta that has added nothing yet to a base guessed to be `base`. */
export function newDelta(base: u64): usize {
  const delta = allocate(SIZE);
  store<u64>(delta, base, BASE);
  store<u64>(delta, base, SUM);
  store<u64>(delta, 0, LEAST);
  store<u64>(delta, u64.MAX_VALUE, MOST);
  store<u32>(delta, 0, ADDED);
  return delta;
}

/** Add `amount` if the sum is then at most `most`. */
export function tryAdd(delta: usize, amount: u64, most: u64): bool {
  // For every base the same verdict.
  if (amount > most) return false;
  const sum = load<u64>(delta, SUM);
  const highest = most - amount;
  if (sum <= highest) {
    store<u64>(delta, min(load<u64>(delta, MOST), baseOf(delta, highest)), MOST);
    store<u64>(delta, sum + amount, SUM);
    store<u32>(delta, 1, ADDED);
    return true;
  }
  const base = baseOf(delta, highest);
  if (isReachable(delta, highest)) store<u64>(delta, max(load<u64>(delta, LEAST), base + 1), LEAST);
  return false;
}

/** Subtract `amount` if the sum is then at least `least`. */
export function trySubtract(delta: usize, amount: u64, least: u64): bool {
  const lowest = least + amount;
  if (lowest < amount) return false;
  const sum = load<u64>(delta, SUM);
  if (sum >= lowest) {
    if (isReachable(delta, lowest)) store<u64>(delta, max(load<u64>(delta, LEAST), baseOf(delta, lowest)), LEAST);
    store<u64>(delta, sum - amount, SUM);
    store<u32>(delta, 1, ADDED);
    return true;
  }
  const base = baseOf(delta, lowest);
  // Where no base is that large, the verdict holds for all.
  if (!isBeyond(delta, lowest)) store<u64>(delta, min(load<u64>(delta, MOST), base - 1), MOST);
  return false;
}

/** Some base of 0 or more has the sum `sum`. */
@inline
function isReachable(delta: usize, sum: u64): bool {
  const guess = load<u64>(delta, BASE);
  const now = load<u64>(delta, SUM);
  return now <= guess || sum >= now - guess;
}

/** The base whose sum is `sum` would need more than 64 bits. */
@inline
function isBeyond(delta: usize, sum: u64): bool {
  const guess = load<u64>(delta, BASE);
  const now = load<u64>(delta, SUM);
  return now < guess && sum > u64.MAX_VALUE - (guess - now);
}

/** The base whose sum is `sum`, the nearest number of 64 bits where there is none. */
function baseOf(delta: usize, sum: u64): u64 {
  const guess = load<u64>(delta, BASE);
  const now = load<u64>(delta, SUM);
  if (isBeyond(delta, sum)) return u64.MAX_VALUE;
  return isReachable(delta, sum) ? sum - (now - guess) : 0;
}

/** With this committed value the call goes as it went. */
export function deltaHolds(delta: usize, record: usize): bool {
  if (!isCounter(record)) return false;
  const base = counterValue(record);
  return base >= load<u64>(delta, LEAST) && base <= load<u64>(delta, MOST);
}

@inline
export function isAdded(delta: usize): bool {
  return load<u32>(delta, ADDED) != 0;
}

/** The call failed, or wrote another value: nothing is added, though the verdicts must hold. */
@inline
export function dropAdded(delta: usize): void {
  store<u32>(delta, 0, ADDED);
}

/** The bases from `leastOf` to `mostOf` are those on which the call went as it did. */
@inline
export function leastOf(delta: usize): u64 {
  return load<u64>(delta, LEAST);
}

@inline
export function mostOf(delta: usize): u64 {
  return load<u64>(delta, MOST);
}

/** What the value was guessed to be. */
@inline
export function guessOf(delta: usize): u64 {
  return load<u64>(delta, BASE);
}

/** Guess and what was added, as `restoreAdded` takes it back to. */
@inline
export function sumOf(delta: usize): u64 {
  return load<u64>(delta, SUM);
}

/** Take back what was added since; the verdicts that were given since must hold all the same. */
export function restoreAdded(delta: usize, sum: u64, added: bool): void {
  store<u64>(delta, sum, SUM);
  store<u32>(delta, added, ADDED);
}

/** What the counter is after the call, on the value in `record`. */
@inline
export function sumOn(delta: usize, record: usize): u64 {
  return counterValue(record) + (load<u64>(delta, SUM) - load<u64>(delta, BASE));
}

/** The same as a record of transaction `txIndex`. */
export function sumRecord(delta: usize, record: usize, txIndex: u32): usize {
  const sum = allocate(8 + COUNTER_LENGTH);
  store<u32>(sum, COUNTER_LENGTH);
  store<u32>(sum, txIndex, 4);
  store<u64>(sum, sumOn(delta, record), 8);
  return sum;
}
