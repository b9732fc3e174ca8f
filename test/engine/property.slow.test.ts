import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { anyWorkers, checkAgainstModel, somePolicy } from '../support/property.js';
import { Runtimes } from '../support/runtimes.js';

const runtimes = new Runtimes();
afterAll(() => runtimes.close());

test('thousands of random blocks give what the model gives', async () => {
  let aborts = 0;
  const block = fc.record({
    seed: fc.integer(),
    keys: fc.oneof(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 200 })),
    calls: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 2000 })),
  });
  await fc.assert(
    fc.asyncProperty(block, anyWorkers, somePolicy, async (generated, workers, policy) => {
      aborts += (await checkAgainstModel(runtimes, { executor: 'block-stm', workers, policy }, generated)).aborts;
    }),
    { numRuns: 5000 },
  );
  expect(aborts).toBeGreaterThan(10_000);
});
