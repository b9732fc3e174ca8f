/**
 * Runs: consecutive transactions that one worker claims together and executes in order.
 *
 * ```text
 *   shared    execution cursor {closed, high: end of what was ever claimed, next to claim}
 *   private   this worker's run [.., end), `position` its next transaction; the runs that it holds, newest last
 * ```
 *
 * The cursor moves up by CAS to claim, and down, by CAS, to the lowest transaction that was made Ready. From there up to `high`
 * transactions are claimed one by one, since most of them have been executed; above it in runs.
 *
 * Once closed, nothing above `high` is claimed any more.
 *
 * A worker *holds* the runs that it has claimed until the frontier has passed them: it is the one to validate them, because the
 * lines that this touches are in its core's cache. Only a hint: whoever has nothing else to do may do it (frontier.ts). So a
 * worker that holds more than RUNS runs forgets the oldest.
 *
 * The grain, transactions in a run, is an option of the block, or it follows what calls cost, so that a run takes GRAIN_GAS: what passing
 * the frontier from core to core costs is then small beside it. Calls that cost more than that are claimed one by one.
 */
import { AT_COUNT, AT_EXECUTION, AT_GRAIN, RUNS, STAGING_RUNS, stagingBase } from "./layout";
import { wakeAll } from "./park";

/** About 4 µs. */
const GRAIN_GAS: u64 = 160_000;
const MAX_GRAIN: u32 = 64;
const CLOSED: u32 = 1 << 31;
const CLOSED_BIT: u64 = 1 << 63;
const FIRST_GUESS: u64 = 20_000;

/** Transactions of the next run to be claimed. */
export let grain: u32 = 1;
let isFixed: bool = false;
/** Gas that a call of this block takes: a moving average. */
let gasOfCall: u64 = 0;

/** The next transaction of this worker's run, and the run's end. */
export let position: u32 = 0;
let end: u32 = 0;
let count: u32 = 0;

let oldest: u32 = 0;
let newest: u32 = 0;

/** Before a block, by the host. */
export function resetCursor(): void {
  atomic.store<u64>(AT_EXECUTION, 0);
}

export function enterRuns(): void {
  count = load<u32>(AT_COUNT);
  const fixed = load<u32>(AT_GRAIN);
  isFixed = fixed != 0;
  gasOfCall = FIRST_GUESS;
  if (isFixed) grain = fixed;
  else followCost();
  position = 0;
  end = 0;
  oldest = 0;
  newest = 0;
}

/** A call has used so much gas. */
@inline
export function noteCost(gas: u64): void {
  gasOfCall += <u64>((<i64>gas - <i64>gasOfCall) >> 4);
}

function followCost(): void {
  grain = <u32>max<u64>(1, min<u64>(MAX_GRAIN, GRAIN_GAS / max<u64>(gasOfCall, 1)));
}

@inline
export function isRunOver(): bool {
  return position >= end;
}

@inline
export function nextOfRun(): u32 {
  return position++;
}

/**
 * Claim a run below `limit`, or one transaction where some were made Ready again. False if there is nothing to claim. Only whole runs,
 * lest a worker break off a run for a call; except from the frontier on, where somebody has to go on, whatever his grain.
 */
export function claimRun(frontier: u32, limit: u32): bool {
  while (true) {
    const word = atomic.load<u64>(AT_EXECUTION);
    const cursor = <u32>word;
    const high = <u32>(word >> 32) & ~CLOSED;
    if (cursor >= min(limit, count)) return false;
    if (!isFixed) followCost();
    if (cursor >= high && (word & CLOSED_BIT) != 0) return false;
    if (cursor >= high && cursor != frontier && cursor + grain > limit && limit < count) return false;
    const to = cursor < high ? cursor + 1 : min(cursor + grain, count);
    if (atomic.cmpxchg<u64>(AT_EXECUTION, word, (word & CLOSED_BIT) | (<u64>max(high, to) << 32) | to) != word) continue;
    position = cursor;
    end = to;
    hold(cursor, to);
    return true;
  }
}

/** Have transactions from `to` on claimed again. */
export function lowerCursor(to: u32): void {
  while (true) {
    const word = atomic.load<u64>(AT_EXECUTION);
    if (<u32>word <= to || atomic.cmpxchg<u64>(AT_EXECUTION, word, (word & 0xffffffff00000000) | to) == word) return;
  }
}

/** What was ever claimed ends here. */
@inline
export function claimedEnd(): u32 {
  return <u32>(atomic.load<u64>(AT_EXECUTION) >> 32) & ~CLOSED;
}

/**
 * Claim nothing any more that has not been claimed. That can be the end: of those who sleep nobody would learn it, if the frontier had come there
 * before. Whoever brings it there later sees the claims closed, and wakes them (frontier.ts).
 */
export function closeClaims(): void {
  if ((atomic.or<u64>(AT_EXECUTION, CLOSED_BIT) & CLOSED_BIT) == 0) wakeAll();
}

/** Whether all is done when the frontier is at `frontier`: the block, or what was claimed before the claims were closed. */
export function isEnd(frontier: u32): bool {
  if (frontier == count) return true;
  const word = atomic.load<u64>(AT_EXECUTION);
  return (word & CLOSED_BIT) != 0 && (<u32>(word >> 32) & ~CLOSED) == frontier;
}

// ---- the runs that this worker holds ----

@inline
function held(index: u32): usize {
  return stagingBase + STAGING_RUNS + ((<usize>index & (RUNS - 1)) << 3);
}

function hold(from: u32, to: u32): void {
  if (newest != oldest) {
    const last = held(newest - 1);
    if (load<u32>(last, 4) == from) {
      store<u32>(last, to, 4);
      return;
    }
  }
  if (newest - oldest == RUNS) oldest++;
  store<u64>(held(newest++), (<u64>to << 32) | from);
}

/** The end of the held run that `txIndex` is in, 0 if it is in none. Forgets those below it. */
@inline
export function heldEnd(txIndex: u32): u32 {
  while (oldest != newest) {
    const run = load<u64>(held(oldest));
    if (<u32>(run >> 32) > txIndex) return <u32>run <= txIndex ? <u32>(run >> 32) : 0;
    oldest++;
  }
  return 0;
}
