/**
 * Sleeping and waking of idle workers.
 *
 * The wake word counts up; the parked word counts workers that are about to sleep or do. Written by any worker.
 *
 * A worker parks in the driver, because the kernel never waits: `park()` counts it and returns the wake word, the
 * driver asks `next()` once more, and only if there is still nothing sleeps while the word is unchanged.
 * A worker that makes work available does so first and looks at the parked count second. All these
 * are sequentially consistent, so either the sleeper's last look sees the work, or the other sees the sleeper
 * and changes the word. A wake-up is a hint: the woken worker asks `next()` again.
 *
 * No more workers are woken than the machine runs at once: one more would only take a core from another, perhaps from the one that
 * everybody waits for. Nothing depends on a wake-up but speed, and the end of the block: who makes work asks `next()` itself before it sleeps.
 *
 * Whom a notification wakes, the waker takes off the count, before the woken thread runs: else a second waker would think him asleep still, and wake
 * another. Who did not get to sleep, since the word had changed, takes himself off (`unpark`).
 */
import { AT_PARALLELISM, AT_PARKED, AT_PARTICIPANTS, AT_WAKE } from "./layout";

/** Sleepers that this worker has notified, as many as it would have woken: for a driver whose workers do not wait in `Atomics.wait`. */
export let notified: f64 = 0;

export function park(): u32 {
  atomic.add<u32>(AT_PARKED, 1);
  return atomic.load<u32>(AT_WAKE);
}

/** By who has parked and was not woken by a notification. */
export function unpark(): void {
  atomic.sub<u32>(AT_PARKED, 1);
}

/** Work for `count` workers has become available. */
@inline
export function wake(count: u32): void {
  const parked = atomic.load<u32>(AT_PARKED);
  if (parked != 0) wakeParked(count, parked);
}

function wakeParked(count: u32, parked: u32): void {
  const room = <i32>(load<u32>(AT_PARALLELISM) + parked) - <i32>load<u32>(AT_PARTICIPANTS);
  if (room <= 0) return;
  wakeUp(min(<i32>count, room));
}

/** Something that every worker must see: the block is done, or faulted. */
export function wakeAll(): void {
  wakeUp(i32.MAX_VALUE);
}

function wakeUp(most: i32): void {
  atomic.add<u32>(AT_WAKE, 1);
  notified += most;
  atomic.sub<u32>(AT_PARKED, atomic.notify(AT_WAKE, most));
}
