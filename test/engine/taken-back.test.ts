import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { compileProbedKernel } from '../support/kernel-parts.js';
import { Stepper } from '../support/stepper.js';
import { checkTakenBack } from '../support/taken-back.js';

let kernel: WebAssembly.Module;
beforeAll(async () => {
  kernel = await compileProbedKernel();
});

test.each([1, 2, 4])(
  'a block that is taken back, in its middle or whole, has not happened, %i workers',
  async (workers) => {
    const stepper = await Stepper.create('program', workers, { kernel, probability: 0.05 });
    const block = fc.record({
      seed: fc.integer(),
      keys: fc.integer({ min: 1, max: 30 }),
      calls: fc.integer({ min: 20, max: 80 }),
    });
    let stopped = 0;
    await fc.assert(
      fc.asyncProperty(block, fc.integer(), async (generated, schedule) => {
        stopped += await checkTakenBack(stepper, generated, schedule);
      }),
      { numRuns: 60 },
    );
    expect(stopped).toBeGreaterThan(50);
  },
);
