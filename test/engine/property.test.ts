import fc from 'fast-check';
import { afterAll, describe, test } from 'vitest';
import type { BlockStatistics } from '../../dist/host/index.js';
import { untilCounted } from '../support/contention.js';
import type { ProgramBlock } from '../support/programs.js';
import { checkAgainstModel, SOME_SETTINGS } from '../support/property.js';
import { Runtimes } from '../support/runtimes.js';

const runtimes = new Runtimes();
afterAll(() => runtimes.close());

const anySeed = fc.integer();

// Under every policy with any number of workers in property.slow.test.ts.
describe('a block of random programs gives what the model gives', () => {
  test('sequentially', async () => {
    const anyBlock = fc.record({
      seed: anySeed,
      keys: fc.integer({ min: 1, max: 200 }),
      calls: fc.integer({ min: 1, max: 2000 }),
    });
    await fc.assert(
      fc.asyncProperty(anyBlock, async (block) => {
        await checkAgainstModel(runtimes, { executor: 'sequential', workers: 1 }, block);
      }),
      { numRuns: 10 },
    );
  });

  test('under block-stm, with any number of workers and keys', async () => {
    const anyBlock = fc.record({
      seed: anySeed,
      keys: fc.integer({ min: 1, max: 200 }),
      calls: fc.integer({ min: 1, max: 2000 }),
    });
    await fc.assert(
      fc.asyncProperty(anyBlock, fc.constantFrom(...SOME_SETTINGS), async (block, setting) => {
        await checkAgainstModel(runtimes, { executor: 'block-stm', ...setting }, block);
      }),
      { numRuns: 60 },
    );
  });

  test('under auto, which may give up speculating in the middle of a block', async () => {
    const contended = fc.record({
      seed: anySeed,
      keys: fc.integer({ min: 1, max: 4 }),
      calls: fc.integer({ min: 1000, max: 3000 }),
      work: fc.constant(300),
    });
    await fc.assert(
      fc.asyncProperty(contended, fc.constantFrom(...SOME_SETTINGS.slice(1, 6)), async (block, setting) => {
        await checkAgainstModel(runtimes, { executor: 'auto', ...setting }, block);
      }),
      { numRuns: 40 },
    );
  });

  test('under block-stm where all calls meet on a few keys, which makes incarnations abort', async () => {
    // Where calls are claimed one by one, who reads what an aborted call wrote waits.
    const policy = { grain: 1 };
    const check = (block: ProgramBlock, workers: number): Promise<BlockStatistics> =>
      checkAgainstModel(runtimes, { executor: 'block-stm', workers, policy }, { ...block, work: 6000 });
    const contended = fc.record({
      seed: anySeed,
      keys: fc.integer({ min: 1, max: 8 }),
      calls: fc.integer({ min: 500, max: 2000 }),
    });
    await fc.assert(
      fc.asyncProperty(contended, fc.constantFrom(2, 3, 8), async (block, workers) => {
        await check(block, workers);
      }),
      { numRuns: 20 },
    );
    let seed = 0;
    await untilCounted(100, async () => (await check({ seed: seed++, keys: 4, calls: 2000 }, 3)).aborts);
    await untilCounted(10, async () => (await check({ seed: seed++, keys: 4, calls: 2000 }, 3)).dependencyWaits);
  });
});
