// Workloads of several contracts, or of contracts made for them, as an executor runs them.

import { expect, test } from 'vitest';
import { type BenchmarkStatistics, resolveSimulation, runSimulation, shippedCosts } from '../../dist/bench/index.js';

/** Parameters with which calls of a small block conflict, the field that they do it for, and how many of its calls may fail. */
const contended: readonly [string, Readonly<Record<string, number | string>>, string, number][] = [
  ['drift', { keys: 20, pointers: 4, drift: 0.7 }, 'drift.pointers', 0],
  ['erc20-clusters', { clusters: 2, families: 2, people: 3 }, 'token.balances', 0],
  ['amm', { users: 20, pools: 3 }, 'exchange.pool', 0],
  ['amm', { users: 20, pools: 3, venue: 'amm' }, 'amm.pool', 0],
  ['nft-mint', { users: 20, shards: 2 }, 'drop.minted', 0],
  ['auction', { users: 20, auctions: 4, coins: 2 }, 'auction.auctions', 0],
  ['lending', { users: 20, markets: 2 }, 'market.market', 0],
  ['ycsb', { records: 30, operations: 5, valueBytes: 20 }, 'ycsb.records', 0],
  ['smallbank', { customers: 20 }, 'smallbank.checking', 0.2],
  ['hybrid', { users: 20 }, 'exchange.pool', 0],
];

/** Which of several fields most conflicts come from depends on what things cost, which is not to be another with each table that is shipped. */
const COSTS = {
  ...shippedCosts(),
  nanosPerGas: 0.05,
  methods: {},
  steps: { claim: 150, execute: 50, publish: 100, validate: 150, abort: 800, unwind: 2_000, poll: 20 },
};

test.each(contended)(
  '%s %o: block-stm gives what sequential gives, calls succeed, and they conflict',
  async (workload, params, field, most) => {
    // A small block of short calls may be over before a second thread has begun: virtual workers begin together. On threads: workload-limits.slow.test.ts.
    const run = {
      executor: 'block-stm',
      workers: 8,
      blockSize: 300,
      repeats: 2,
      policy: { grain: 1 },
      stats: true,
    } as const;
    const simulation = resolveSimulation({ workload, params, ...run });
    const report = await runSimulation(simulation.workload, { ...simulation.settings, costs: COSTS });
    expect(report).toMatchObject({ workload, params, statesEqual: true, difference: null });
    expect(report.failedCalls).toBeLessThanOrEqual(most * 600);
    const { aborts, contendedKeys, chainLengths } = report.statistics as BenchmarkStatistics;
    // Of 600 calls.
    expect(aborts.total).toBeGreaterThan(100);
    // Contracts of one kind have numbers: which of them it is says nothing.
    expect(`${contendedKeys[0]?.contract?.replace(/-\d+$/, '')}.${contendedKeys[0]?.field}`).toBe(field);
    // However they are executed, few do not depend on another.
    expect(chainLengths[0]).toBeLessThan(100);
  },
);
