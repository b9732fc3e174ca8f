import { expect } from 'vitest';

/** Blocks in which threads have met for certain: many times what it takes where others have the cores too. */
const MOST_BLOCKS = 40;

/**
 * Have `execute` execute a block and compare what came of it, until what it counts, that only threads which meet give rise to, is so many in
 * all. When a thread gets a core is up to the machine: where others want the cores too, a block may be over before its second
 * worker has been woken, but not one after another. Nothing else that the test executes may run at the same time.
 */
export async function untilCounted(atLeast: number, execute: () => Promise<number>): Promise<void> {
  let counted = 0;
  let blocks = 0;
  while (counted < atLeast && blocks < MOST_BLOCKS) {
    counted += await execute();
    blocks++;
  }
  expect(counted, `in ${blocks} blocks`).toBeGreaterThanOrEqual(atLeast);
}
