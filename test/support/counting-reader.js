/** A reader of a store that has nothing, and counts in shared memory what is asked: word 0 on the thread that made the runtime, word 1 on others. */
import { threadId } from 'node:worker_threads';

export function openReader({ counts, runtimeThread }) {
  const words = new Int32Array(counts);
  return {
    refresh() {},
    contract: () => ({
      get() {
        Atomics.add(words, threadId === runtimeThread ? 0 : 1, 1);
        return undefined;
      },
    }),
  };
}
