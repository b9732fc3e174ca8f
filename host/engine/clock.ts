/** Microseconds since some moment. */
export type Clock = () => number;

const TRIES = 32;

/**
 * A clock that counts from the same moment in all threads: `performance.now` is the quickest there is, but counts from the start of its thread. The moment is that of `process.hrtime`,
 * which takes as long to read and needs two numbers.
 */
export function threadClock(): Clock {
  let start = Number.POSITIVE_INFINITY;
  // Time that passes between the two makes the difference larger.
  for (let tried = 0; tried < TRIES; tried++) {
    const own = performance.now();
    start = Math.min(start, Number(process.hrtime.bigint()) / 1_000 - own * 1_000);
  }
  return () => performance.now() * 1_000 + start;
}
