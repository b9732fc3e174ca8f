import { Worker } from 'node:worker_threads';
import { WorkerError } from '../../../host/index.js';
import { median } from '../../statistics.js';
import { measuredCost } from './measured-cost.js';

/** What threads and their system do, in nanoseconds. */
export interface ThreadTimes {
  /** To notify a thread that sleeps. */
  readonly notify: number;
  /** From there until it goes on. */
  readonly wake: number;
}

const ROUNDS = 300;
/** Until the thread has started. */
const WARM_UP = 50;
/** A thread that does not answer has died. */
const ANSWER_MS = 10_000;
const NANOS = 1e6;

/** Two threads that wake one another in turns. @throws WorkerError where the other one does not answer. */
export async function timeThreads(): Promise<ThreadTimes> {
  const words = new Int32Array(new SharedArrayBuffer(8));
  const echo = new Worker(new URL('./echo-thread.js', import.meta.url), { workerData: words.buffer });
  const notified: number[] = [];
  const rounds: number[] = [];
  try {
    for (let round = 1; round <= WARM_UP + ROUNDS; round++) {
      const start = performance.now();
      Atomics.store(words, 0, round);
      Atomics.notify(words, 0);
      const middle = performance.now();
      if (Atomics.wait(words, 1, round - 1, ANSWER_MS) === 'timed-out') {
        throw new WorkerError('the thread that is woken to be timed does not answer');
      }
      if (round <= WARM_UP) continue;
      notified.push(middle - start);
      rounds.push(performance.now() - start);
    }
  } finally {
    Atomics.store(words, 0, -1);
    Atomics.notify(words, 0);
    await echo.terminate();
  }
  return {
    notify: measuredCost('threads.startNext', median(notified) * NANOS),
    wake: measuredCost('threads.wake', (median(rounds) / 2) * NANOS),
  };
}
