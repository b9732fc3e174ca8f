// Answers each change of the first word by the same value in the second, and sleeps in between; ends at a negative value.

import { workerData } from 'node:worker_threads';

const words = new Int32Array(workerData as SharedArrayBuffer);
for (let seen = 0; seen >= 0; ) {
  Atomics.wait(words, 0, seen);
  seen = Atomics.load(words, 0);
  Atomics.store(words, 1, seen);
  Atomics.notify(words, 1);
}
