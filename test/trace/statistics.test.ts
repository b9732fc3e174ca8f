import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { blockGraph, weightedGraph } from '../../dist/host/trace/block-graph.js';
import { criticalPath } from '../../dist/host/trace/critical-path.js';
import { trueReads } from '../../dist/host/trace/dependencies.js';
import { listSchedule } from '../../dist/host/trace/list-schedule.js';
import { dearestChain } from '../support/known-accesses.js';
import { Random } from '../support/random.js';
import { callGraph, shortestSpan, spanInOrder } from '../support/schedules.js';
import { checkCounts, checkDependencies, checkSameGraph, sum } from '../support/taped-properties.js';

// Thousands in statistics.slow.test.ts.
describe('what the tape says of random blocks under random schedules', () => {
  test('agrees with what the stepper counts, and the kernel by itself', async () => {
    // Of 50 blocks the rarest is met 15 to 60 times.
    expect(Math.min(...Object.values(await checkCounts(200)))).toBeGreaterThan(20);
  });

  test('gives the true dependencies and the critical path, whatever the schedule', async () => {
    expect(await checkDependencies(100)).toBeGreaterThan(150);
  });

  test('gives the graph of sequential execution, whatever calls do to counters and take back', async () => {
    expect(await checkSameGraph(60)).toBeGreaterThan(500);
  });

  test('readers of what many have added share junctions: the graph grows with the block', () => {
    const edgesOf = (calls: number): number => {
      const adds = {
        location: 0,
        isRead: false,
        isWritten: false,
        isAdded: true,
        verdicts: undefined,
        writer: undefined,
      };
      const reads = { ...adds, isAdded: false, isRead: true };
      const accesses = [[adds], [reads]] as const;
      const known = Array.from({ length: calls }, (_, index) => ({ gas: 1, accesses: accesses[index % 2] ?? [] }));
      const graph = blockGraph(trueReads(known, new Map()));
      const weighted = weightedGraph(known, graph);
      expect(weighted.order).toHaveLength(calls + graph.junctions.length);
      expect(criticalPath(weighted)).toMatchObject({ gas: 2 });
      expect(listSchedule(weighted, calls)).toBe(2);
      const adders = graph.junctions.reduce((count, junction) => count + junction.adders.length, 0);
      return graph.edges.length + graph.junctions.length + adders;
    };
    // Each of half the calls reads what all adders below it have added.
    expect(edgesOf(10_000)).toBeLessThanOrEqual(2 * 10_000);
    expect(edgesOf(20_000)).toBeLessThanOrEqual(2 * 20_000);
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
          const span = listSchedule(callGraph(gas, before), workers);
          expect(span).toBeGreaterThanOrEqual(Math.max(total / workers, chain));
          expect(span).toBeLessThanOrEqual(total / workers + (1 - 1 / workers) * chain);
        },
      ),
    );
  });

  test('is never twice as long as the shortest there is, found by trying all', () => {
    let longer = 0;
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 1, max: 3 }),
        (seed, calls, workers) => {
          const random = new Random(seed);
          const gas = Array.from({ length: calls }, () => 1 + random.below(9));
          const before = gas.map((_, index) =>
            Array.from({ length: index }, (__, at) => at).filter(() => random.chance(0.3)),
          );
          const graph = callGraph(gas, before);
          const shortest = shortestSpan(graph, workers);
          const span = listSchedule(graph, workers);
          expect(span).toBeGreaterThanOrEqual(shortest);
          expect(span).toBeLessThanOrEqual((2 - 1 / workers) * shortest);
          if (span > shortest) longer++;
        },
      ),
      { numRuns: 200 },
    );
    expect(longer).toBeLessThan(20);
  });

  test.each([
    ['a chain that comes last', [1, 1, 1, 1, 1, 1, 1, 1], [[], [], [], [], [], [4], [5], [6]], 4],
    ['the call that most hangs from comes last', [2, 2, 1, 3], [[], [], [], [2]], 4],
    ['two chains, a short one first', [1, 1, 3, 3], [[], [0], [], [2]], 6],
  ])('begins with what most hangs from: %s', (_, gas, before, shortest) => {
    const graph = callGraph(gas, before);
    expect(listSchedule(graph, 2)).toBe(shortest);
    expect(shortestSpan(callGraph(gas.slice(0, 7), before.slice(0, 7)), 2)).toBeLessThanOrEqual(shortest);
    expect(spanInOrder(graph, 2, graph.order)).toBeGreaterThanOrEqual(shortest);
  });

  test('a schedule need not be the shortest one', () => {
    // The longest chain first leaves the last call of 2 to the end; begun at once it would fit.
    const graph = callGraph([3, 3, 2, 2, 2], [[], [], [], [], []]);
    expect(listSchedule(graph, 2)).toBe(7);
    expect(shortestSpan(graph, 2)).toBe(6);
  });
});
