import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listSchedule } from '../../dist/host/trace/list-schedule.js';
import { dearestChain } from '../support/known-accesses.js';
import { Random } from '../support/random.js';
import { checkCounts, checkDependencies, sum } from '../support/taped-properties.js';

// Thousands in statistics.slow.test.ts.
describe('what the tape says of random blocks under random schedules', () => {
  test('agrees with what the stepper counts, and the kernel by itself', async () => {
    expect(Math.min(...Object.values(await checkCounts(50)))).toBeGreaterThan(20);
  });

  test('gives the true dependencies and the critical path, whatever the schedule', async () => {
    expect(await checkDependencies(100)).toBeGreaterThan(150);
  });

  test('the list schedule takes no longer than Graham says, and no less than can be', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 1, max: 6 }),
        (seed, calls, workers) => {
          const random = new Random(seed);
          const gas = Array.from({ length: calls }, () => 1 + random.below(100));
          const before = gas.map((_, index) =>
            Array.from({ length: index }, (__, at) => at).filter(() => random.chance(0.1)),
          );
          const edges = before.flatMap((own, to) => own.map((from) => `${from} ${to} 0`));
          const [total, chain] = [sum(gas), dearestChain(gas, edges)];
          const span = listSchedule({ gas, before }, workers);
          expect(span).toBeGreaterThanOrEqual(Math.max(total / workers, chain));
          expect(span).toBeLessThanOrEqual(total / workers + (1 - 1 / workers) * chain);
        },
      ),
    );
  });
});
