import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import type { Policy } from '../../dist/host/index.js';
import { resolvePolicy } from '../../dist/host/runtime/policy.js';
import { anyCallBlock, callStepper, describeAll, runCallTrees, stepCallTrees } from '../support/call-trees.js';
import { untilCounted } from '../support/contention.js';
import { compileProbedKernel } from '../support/kernel-parts.js';
import { makeCallTrees, makeCountingCalls } from '../support/programs.js';
import { anyPolicy, anyWorkers, type Setting, somePolicy } from '../support/property.js';
import { Runtimes } from '../support/runtimes.js';

const runtimes = new Runtimes();
afterAll(() => runtimes.close());

const SEQUENTIAL: Setting = { executor: 'sequential', workers: 1 };

const largeBlock = fc.record({
  seed: fc.integer(),
  keys: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 100 })),
  calls: fc.integer({ min: 1, max: 400 }),
});

test('random call trees of several contracts give what the model gives, and the same gas, under every executor', async () => {
  const setting = fc.record({
    executor: fc.constantFrom<Setting['executor'][]>('block-stm', 'auto'),
    workers: anyWorkers,
    policy: somePolicy,
  });
  const check = async (block: Parameters<typeof makeCallTrees>[0], other: Setting): Promise<number> => {
    const calls = makeCallTrees(block);
    const sequential = await runCallTrees(runtimes, SEQUENTIAL, calls);
    const parallel = await runCallTrees(runtimes, other, calls);
    expect(describeAll(parallel.receipts)).toEqual(describeAll(sequential.receipts));
    return parallel.stats.aborts;
  };
  await fc.assert(
    fc.asyncProperty(largeBlock, setting, async (block, other) => void (await check(block, other))),
    { numRuns: 12 },
  );
  let seed = 1;
  const contended: Setting = { executor: 'block-stm', workers: 3, policy: { grain: 1 } };
  await untilCounted(5, () => check({ seed: seed++, keys: 2, calls: 1000 }, contended));
}, 300_000);

test('they run out of gas at the same place everywhere, and leave the same', async () => {
  const limits = fc.array(fc.integer({ min: 4000, max: 150_000 }), { minLength: 1, maxLength: 7 });
  let ranOut = 0;
  await fc.assert(
    fc.asyncProperty(largeBlock, limits, fc.integer({ min: 2, max: 6 }), async (block, gasLimits, workers) => {
      const calls = makeCallTrees(block);
      const sequential = await runCallTrees(runtimes, SEQUENTIAL, calls, gasLimits);
      const parallel = await runCallTrees(runtimes, { executor: 'block-stm', workers }, calls, gasLimits);
      expect(describeAll(parallel.receipts)).toEqual(describeAll(sequential.receipts));
      expect(parallel.writeSet).toEqual(sequential.writeSet);
      sequential.receipts.forEach(({ status, gasUsed }, index) => {
        const limit = gasLimits[index % gasLimits.length] as number;
        expect(gasUsed).toBeLessThanOrEqual(limit);
        if (status !== 'outOfGas') return;
        ranOut++;
        expect(gasUsed).toBe(limit);
      });
    }),
    { numRuns: 20 },
  );
  expect(ranOut).toBeGreaterThan(50);
}, 300_000);

test.each([1, 2, 4, 8])(
  '%i virtual workers under random schedules give what the model gives, with the gas of sequential execution',
  async (workers) => {
    const stepper = await callStepper(workers);
    let aborts = 0;
    await fc.assert(
      fc.asyncProperty(anyCallBlock, fc.integer(), anyPolicy, fc.boolean(), async (block, schedule, policy, yields) => {
        const stepped = await stepCallTrees(stepper, block, schedule, policy, yields);
        const sequential = await runCallTrees(runtimes, SEQUENTIAL, makeCallTrees(block));
        expect(describeAll(stepped.receipts)).toEqual(describeAll(sequential.receipts));
        aborts += stepped.stats.aborts;
      }),
      { numRuns: 40 },
    );
    if (workers > 1) expect(aborts).toBeGreaterThan(20);
  },
  300_000,
);

test.each([0.01, 0.1])(
  'the same where steps are interrupted in their middle, at %d of all atomic accesses',
  async (probability) => {
    const stepper = await callStepper(5, { kernel: await compileProbedKernel(), probability });
    let aborts = 0;
    await fc.assert(
      fc.asyncProperty(anyCallBlock, fc.integer(), anyPolicy, async (block, schedule, policy) => {
        aborts += (await stepCallTrees(stepper, block, schedule, policy)).stats.aborts;
      }),
      { numRuns: 15 },
    );
    expect(aborts).toBeGreaterThan(20);
  },
  300_000,
);

test('what calls in vain added to counters is undone, and what they were answered holds', async () => {
  const stepper = await callStepper(6);
  const block = fc.record({
    seed: fc.integer(),
    keys: fc.integer({ min: 1, max: 6 }),
    calls: fc.integer({ min: 10, max: 60 }),
  });
  const policy = resolvePolicy({ deltas: true });
  let aborts = 0;
  let executions = 0;
  await fc.assert(
    fc.asyncProperty(
      block,
      fc.integer(),
      fc.constantFrom<Policy['grain'][]>('auto', 1, 2),
      async (counted, schedule, grain) => {
        const { stats } = await stepCallTrees(
          stepper,
          counted,
          schedule,
          { ...policy, grain },
          false,
          makeCountingCalls,
        );
        aborts += stats.aborts;
        executions += stats.executions;
      },
    ),
    { numRuns: 200 },
  );
  // Most of what was done speculatively stands.
  expect(aborts).toBeGreaterThan(0);
  expect(aborts).toBeLessThan(executions / 2);
}, 300_000);
