import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { listSchedule } from '../../dist/host/trace/list-schedule.js';
import {
  dearestChain,
  type KnownStep,
  knownDependencies,
  knownTransaction,
  makeKnownCalls,
} from '../support/known-accesses.js';
import { anyPolicy } from '../support/property.js';
import { Random } from '../support/random.js';
import { ONE_BY_ONE, TapedContract } from '../support/taped.js';

const WORKERS = [1, 2, 4] as const;
const contracts = new Map<number, TapedContract>();
beforeAll(async () => {
  for (const workers of WORKERS) contracts.set(workers, await TapedContract.create('program', workers));
});

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

const block = fc.record({
  seed: fc.integer(),
  schedule: fc.integer(),
  calls: fc.integer({ min: 1, max: 60 }),
  keys: fc.integer({ min: 1, max: 12 }),
  workers: fc.constantFrom(...WORKERS),
  yields: fc.boolean(),
  policy: fc.oneof(anyPolicy, fc.constant(ONE_BY_ONE)),
});

function keyOf(contract: TapedContract, calls: readonly (readonly KnownStep[])[]) {
  return calls.map((steps) => knownTransaction(contract, steps));
}

describe('what the tape says of random blocks under random schedules', () => {
  test('agrees with what the stepper counts, and the kernel by itself', async () => {
    const met = { aborts: 0, estimates: 0, cascades: 0, validations: 0 };
    await fc.assert(
      fc.asyncProperty(block, async ({ seed, schedule, calls, keys, workers, yields, policy }) => {
        const contract = contracts.get(workers) as TapedContract;
        const transactions = keyOf(contract, makeKnownCalls(new Random(seed), calls, keys));
        const { telemetry, counted, stats, receipts } = await contract.run(transactions, new Random(schedule), {
          policy,
          yields,
        });
        const report = telemetry.statistics();
        const { byCause, total } = report.aborts;
        expect(report.executions).toBe(sum(counted.map((own) => own.length)));
        expect(report.executions).toBe(stats.executions);
        expect(byCause.estimate).toBe(stats.dependencyWaits);
        expect(byCause.validation + byCause.cascade).toBe(stats.aborts);
        expect(total).toBe(report.executions - calls);
        expect(report.incarnations).toEqual(histogram(counted.map((own) => own.length)));
        expect(report.incarnations.length).toBe(stats.mostIncarnations);
        expect(report.usedGas).toBe(sum(receipts.map(({ gasUsed }) => gasUsed)));
        expect(report.usedGas + report.wastedGas).toBe(sum(counted.flat()));
        expect(sum(report.contendedKeys.map(({ aborts }) => aborts))).toBe(total);
        const { usedMicros, wastedMicros, validationMicros, parkedMicros, spanMicros } = report;
        const parts = usedMicros + wastedMicros + validationMicros + parkedMicros;
        // What is no part of any of these is the time between.
        expect(parts).toBeLessThanOrEqual(spanMicros * workers + 1e-6);
        expect(sum(report.chainLengths)).toBe(calls);
        met.aborts += total;
        met.estimates += byCause.estimate;
        met.cascades += byCause.cascade;
        met.validations += byCause.validation;
      }),
      { numRuns: 40 },
    );
    expect(Math.min(...Object.values(met))).toBeGreaterThan(15);
  });

  test('gives the true dependencies and the critical path, whatever the schedule', async () => {
    let edges = 0;
    const small = block.map((given) => ({ ...given, calls: 1 + (given.calls % 12), keys: 1 + (given.keys % 5) }));
    await fc.assert(
      fc.asyncProperty(small, async ({ seed, schedule, calls, keys, workers, yields, policy }) => {
        const contract = contracts.get(workers) as TapedContract;
        const known = makeKnownCalls(new Random(seed), calls, keys);
        const { telemetry, receipts } = await contract.run(keyOf(contract, known), new Random(schedule), {
          policy: { ...policy, deltas: true },
          yields,
        });
        const expected = knownDependencies(known);
        const graph = telemetry.dependencies();
        expect(graph.edges.map(({ from, to, location }) => `${from} ${to} ${location.key}`).sort()).toEqual(expected);
        const gas = receipts.map(({ gasUsed }) => gasUsed);
        expect(graph.nodes).toEqual(gas.map((each, index) => ({ index, gas: each })));
        const { criticalPath, attainable, longestChain } = telemetry.statistics();
        const dearest = dearestChain(gas, expected);
        expect(criticalPath.gas).toBe(dearest);
        expect(sum(criticalPath.calls.map((index) => gas[index] as number))).toBe(dearest);
        expect(longestChain).toBe(
          dearestChain(
            gas.map(() => 1),
            expected,
          ),
        );
        expect(attainable.unlimited).toBeCloseTo(sum(gas) / dearest, 9);
        edges += expected.length;
      }),
      { numRuns: 70 },
    );
    expect(edges).toBeGreaterThan(100);
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

function histogram(incarnations: readonly number[]): number[] {
  return Array.from(
    { length: Math.max(...incarnations) },
    (_, index) => incarnations.filter((each) => each === index + 1).length,
  );
}
