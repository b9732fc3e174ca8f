// The words that a virtual worker's driver is kept in between two steps (driver.ts).

/** What a worker does next, as the threads' driver would (host/engine/worker.ts). */
export const PHASE = {
  /** Ask for a call. */
  next: 0,
  park: 1,
  /** Ask once more, parked. */
  look: 2,
  /** Sleep, if nobody has called since. */
  wait: 3,
  asleep: 4,
  /** It did not get to sleep. */
  unpark: 5,
  /** It found a call when it looked once more. */
  unparkAndRun: 6,
  run: 7,
  complete: 8,
  /** Its call was unwound. */
  unwound: 9,
  done: 10,
  unparkAndLeave: 11,
} as const;
export type Phase = (typeof PHASE)[keyof typeof PHASE];

/** Words of a worker's driver. */
export const AT = {
  phase: 0,
  /** Of the running call: whether there is one, its operation, how far that is, its slot, the digest of what it has read. */
  isRunning: 1,
  operation: 2,
  stage: 3,
  slot: 4,
  digest: 5,
  chosen: 6,
  /** It is at a probe, about to do `kind` to `address`. */
  isAtProbe: 7,
  address: 8,
  kind: 9,
  /** Its place among those asleep, from 1. */
  place: 10,
  hasStarted: 11,
  trap: 12,
  size: 13,
  /** The call that it began last, which others can see only while it runs. */
  call: 16,
  /** Up to where it may allocate. */
  arenaEnd: 17,
  /** Of words hashed: even. */
  end: 14,
  /** The wake word as it was when it parked. */
  ticket: 14,
  all: 18,
} as const;
/** No ticket: the wake word does not come to be this. */
export const NO_TICKET = -1;
