/** A reader of a store that has nothing, and takes its time to say so. Words of shared memory count those who have gone in, and those who have come out. */
const MILLISECONDS = 200;

export function openReader({ counts }) {
  const words = new Int32Array(counts);
  return {
    refresh() {},
    contract: () => ({
      get() {
        Atomics.add(words, 0, 1);
        Atomics.notify(words, 0);
        const end = performance.now() + MILLISECONDS;
        while (performance.now() < end);
        Atomics.add(words, 1, 1);
        return undefined;
      },
    }),
  };
}
