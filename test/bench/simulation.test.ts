import { describe, expect, test } from 'vitest';
import {
  CostTableError,
  PUBLISHED,
  parseCosts,
  resolveSimulation,
  runSimulation,
  type SimulationOptions,
  shippedCosts,
} from '../../dist/bench/index.js';
import { formatReport } from '../../dist/bench/report.js';
import { simulationMiB, simulationTables } from '../../dist/bench/simulation/memory.js';
import { buildWorkload } from '../../dist/bench/workloads/registry.js';
import { SIMULATED_MIB_MAX } from '../../dist/host/stepper/index.js';
import { schemaOf } from '../support/schemas.js';

async function simulate(options: Partial<SimulationOptions>) {
  const small = { workload: 'p2p', params: { accounts: 20 }, blockSize: 300, repeats: 2, workers: 16 };
  const { workload, settings } = resolveSimulation({ ...small, executor: 'block-stm', ...options });
  return runSimulation(workload, settings);
}

test('the same seed gives the same bytes, and the states are those of sequential execution', async () => {
  const first = await simulate({ seed: 3 });
  expect(first).toMatchObject({ simulated: true, statesEqual: true, workers: 16, simulation: { cores: 16 } });
  expect(first.aborts).toBeGreaterThan(20);
  expect(JSON.stringify(await simulate({ seed: 3 }))).toBe(JSON.stringify(first));
  expect(JSON.stringify(await simulate({ seed: 4 }))).not.toBe(JSON.stringify(first));
});

test('workers that begin when all has been executed are not counted among those that executed', async () => {
  const costs = shippedCosts();
  const late = { ...costs, threads: { ...costs.threads, startNext: 1e9 } };
  const { workload, settings } = resolveSimulation({
    workload: 'p2p',
    params: { accounts: 2 },
    blockSize: 300,
    workers: 4,
    executor: 'block-stm',
    repeats: 2,
  });
  expect(await runSimulation(workload, settings)).toMatchObject({ executingWorkers: 4 });
  const report = await runSimulation(workload, { ...settings, costs: late });
  expect(report).toMatchObject({ executingWorkers: 1, workers: 4, aborts: 0 });
  expect(formatReport(report)).toContain('one worker executed everything in half of the blocks or more');
});

test('contracts that begin with a call, and that call one another, are simulated too', async () => {
  const report = await simulate({ workload: 'hybrid', params: { users: 50 }, blockSize: 200, repeats: 1 });
  expect(report).toMatchObject({ statesEqual: true, difference: null });
  expect(report.aborts).toBeGreaterThan(0);
});

test('auto learns by the virtual clock: what is worth it is executed in parallel, what is not sequentially', async () => {
  const options = { executor: 'auto', warmUp: 3_000, blockSize: 500 } as const;
  const independent = { workload: 'compute', params: { accounts: 10_000, rounds: 3_000 } };
  const parallel = await simulate({ ...options, ...independent });
  expect(parallel.modes).toEqual({ 'block-stm': 2, sequential: 0, yielded: 0 });
  expect(parallel.speedup.median).toBeGreaterThan(4);
  const sequential = await simulate({ ...options, workload: 'chain', params: { distance: 1 } });
  expect(sequential.modes).toEqual({ 'block-stm': 0, sequential: 2, yielded: 0 });
});

test('costs that are none are refused before anything is simulated, also by programs', async () => {
  const { workload, settings } = resolveSimulation({ workload: 'p2p', blockSize: 100, repeats: 1 });
  const simulated = (costs: object) => runSimulation(workload, { ...settings, costs: { ...settings.costs, ...costs } });
  const methods = settings.costs.methods;
  await expect(simulated({ methods: { ...methods, 'token.transfer': -0.1 } })).rejects.toThrow(CostTableError);
  await expect(simulated({ steps: {} })).rejects.toThrow('costs.steps.claim: expected nanoseconds');
  await expect(simulated({ methods: { 'token.transfre': 1 } })).rejects.toThrow('(did you mean token.transfer?)');
  expect(() => resolveSimulation({ workload: 'p2p', costTable: {} as never })).toThrow(
    /^costTable\.schema: expected "blockstm\.costs\/1", found nothing\n/,
  );
  expect(() => resolveSimulation({ workload: 'p2p', costTabel: 'costs.json' } as never)).toThrow(
    '(did you mean costTable?)',
  );
});

test('calls that fail take sequential execution as long as the executor that takes it', async () => {
  const report = await simulate({ executor: 'sequential', blockSize: 1_000, params: { accounts: 1_000 } });
  expect(report.failedCalls).toBeGreaterThan(10);
  expect(report.speedup.median).toBeCloseTo(1, 1);
});

test('a block may have more calls than those that prepare it', async () => {
  const report = await simulate({ workload: 'hotspot', params: {}, blockSize: 50_001, workers: 2, repeats: 1 });
  expect(report).toMatchObject({ statesEqual: true, failedCalls: 0, blockSize: 50_001 });
});

test("contended keys have the contracts' names in the workload, also where those share code", async () => {
  const { statistics } = await simulate({ workload: 'amm', params: { pools: 2, users: 50 }, stats: true });
  const named = statistics?.contendedKeys.map(({ contract, field }) => `${contract}.${field}`) ?? [];
  expect(named).toEqual(expect.arrayContaining(['exchange-0.pool', 'exchange-1.pool']));
  expect(statistics?.rootKeys.map(({ contract }) => contract)).toContain('exchange-0');
});

test('statistics count what the run counts, by the virtual clock, and change nothing else', async () => {
  const { blockBytesPerCall: _, ...plain } = await simulate({ seed: 5 });
  const { statistics, blockBytesPerCall, ...report } = await simulate({ seed: 5, stats: true });
  expect(report).toEqual(plain);
  if (statistics === undefined) throw new Error('no statistics');
  const { aborts, wastedMicros, validationMicros, parkedMicros, commitLatencyMicros: latency } = statistics;
  expect(statistics.executions).toBe(report.executions);
  // A call that meets an ESTIMATE waits.
  expect(aborts.total).toBe(report.aborts + report.dependencyWaits);
  expect(aborts.total).toBeGreaterThan(20);
  expect(statistics.contendedKeys[0]).toMatchObject({ contract: 'token', field: 'balances' });
  // No worker can have spent more than the blocks took.
  const total = report.engineMs.samples.reduce((sum, ms) => sum + ms, 0);
  const spent = 16 * total * 1000;
  for (const part of [wastedMicros, validationMicros, parkedMicros]) {
    expect(part).toBeGreaterThan(0);
    expect(part).toBeLessThan(spent);
  }
  expect(wastedMicros + validationMicros + parkedMicros).toBeLessThan(spent);
  expect(latency.p50).toBeGreaterThan(0);
  expect(latency.p999).toBeLessThan(report.engineMs.max * 1000);
});

test.each([
  ['cheap calls, many of which conflict', { workload: 'p2p', params: { accounts: 100 }, blockSize: 5_000, workers: 8 }],
  ['dear calls', { workload: 'compute', params: { accounts: 1_000, rounds: 3_000 }, blockSize: 2_000, workers: 8 }],
] as const)('validating takes as long as the costs of it come to: %s', async (_, block) => {
  const { steps } = shippedCosts();
  const { validations, aborts, statistics } = await simulate({ ...block, seed: 3, repeats: 2, stats: true });
  expect(validations).toBeGreaterThan(1_000);
  const expected = (validations * steps.validate + aborts * steps.abort) / 1_000;
  const share = (statistics?.validationMicros ?? 0) / expected;
  // What differs is jitter.
  expect(share).toBeGreaterThan(0.98);
  expect(share).toBeLessThan(1.02);
});

describe('memory', () => {
  const chosen = (options: SimulationOptions): number => {
    const { workload, settings } = resolveSimulation(options);
    return simulationMiB(simulationTables(workload, settings.repeats), settings.workers);
  };

  test('is reserved by what blocks and workers need', () => {
    const small = chosen({ workload: 'p2p', params: { accounts: 20 }, blockSize: 300, workers: 16 });
    expect(small).toBeGreaterThan(64);
    expect(small).toBeLessThan(256);
    const many = chosen({ workload: 'p2p', params: { accounts: 20 }, blockSize: 300, workers: 256 });
    expect(many).toBeGreaterThan(small + 100);
    expect(chosen({ workload: 'p2p', blockSize: 262_144, workers: 16 })).toBeGreaterThan(small + 300);
    expect(chosen({ workload: 'nft-mint', blockSize: 262_144, workers: 256, repeats: 100 })).toBe(SIMULATED_MIB_MAX);
  });

  test('is all that there can be where a workload takes more, and the report is the same', async () => {
    const options = { workload: 'ycsb', params: { records: 25_000, valueBytes: 4_096 }, blockSize: 100, workers: 4 };
    // Its values alone are more than that, in the calls that write them and in the state.
    expect(chosen(options)).toBeLessThan((2 * 25_000 * 4_096) / 2 ** 20);
    const { workload, settings } = resolveSimulation({ ...options, repeats: 1, executor: 'block-stm' });
    const starts: string[] = [];
    const report = await runSimulation(workload, settings, (text) => {
      if (text.startsWith('starting')) starts.push(text);
    });
    expect(starts).toHaveLength(2);
    expect(report).toMatchObject({
      statesEqual: true,
      difference: null,
      executions: 100 + report.aborts + report.dependencyWaits,
    });
  });
});

test('to read receipts takes time, too', async () => {
  const [asked, both] = [await simulate({}), await simulate({ endToEnd: true })];
  expect(both.wallMs.median).toBeGreaterThan(asked.wallMs.median);
  expect(both.engineMs).toEqual(asked.engineMs);
});

describe('a cost table', () => {
  const given = shippedCosts();
  const isTable = schemaOf('costs');

  test('is accepted by the parser and the schema', () => {
    expect(isTable(given), JSON.stringify(isTable.errors)).toBe(true);
    expect(parseCosts(given)).toEqual(given);
  });

  test.each([
    [[], 'the table: expected an object, found []'],
    [{ ...given, schema: 'blockstm.costs/2' }, 'schema: expected "blockstm.costs/1", found "blockstm.costs/2"'],
    [{ ...given, speed: 1 }, 'speed: unknown field, expected $schema, schema, machine, '],
    [{ ...given, 'steps.poll': 1 }, '["steps.poll"]: unknown field, expected $schema, '],
    [{ ...given, '': 1 }, '[""]: unknown field, expected $schema, '],
    [{ ...given, assumed: ['steps.claims'] }, 'assumed: expected a list of paths of numbers: '],
    [{ ...given, jitter: 2 }, 'jitter: expected a number from 0 to 1, found 2'],
    [{ ...given, nanosPerGas: -1 }, 'nanosPerGas: expected nanoseconds, 0 to 1,000,000, found -1'],
    [{ ...given, nanosPerGas: 1e7 }, 'nanosPerGas: expected nanoseconds, 0 to 1,000,000, found 10000000'],
    [
      { ...given, methods: { 'token.transfer': 1e7 } },
      'methods["token.transfer"]: expected nanoseconds, 0 to 1,000,000,',
    ],
    [
      { ...given, threads: { ...given.threads, change: 1e12 } },
      'threads.change: expected nanoseconds, 0 to 1,000,000,000,',
    ],
    [
      { ...given, threads: { ...given.threads, slice: 1 } },
      'threads.slice: expected nanoseconds, 10,000 to 1,000,000,000,',
    ],
    [{ ...given, methods: { 'token.transfer': '1' } }, 'methods["token.transfer"]: expected nanoseconds'],
    [{ ...given, steps: { ...given.steps, poll: 0 } }, 'steps.poll: expected nanoseconds, 1 to'],
    [
      { ...given, steps: { ...given.steps, claim: undefined } },
      'steps.claim: expected nanoseconds, 0 to 1,000,000,000, found nothing',
    ],
    [
      { ...given, host: { ...given.host, calls: 1 } },
      'host.calls: unknown field, expected block, call, encode, read (did you mean call?)',
    ],
  ])('is refused by both, with the place: %#', (table, message) => {
    expect(() => parseCosts(table)).toThrow(message);
    expect(isTable(JSON.parse(JSON.stringify(table)))).toBe(false);
  });

  test('is refused with all that is wrong', () => {
    const { jitter, ...others } = given;
    expect(() => parseCosts({ ...others, steps: { ...given.steps, poll: 0, pol: 5 }, host: 3 })).toThrow(
      new RegExp(
        [
          '^jitter: expected a number from 0 to 1, found nothing',
          'steps\\.pol: unknown field, expected claim, .* \\(did you mean poll\\?\\)',
          'steps\\.poll: expected nanoseconds, 1 to .*, found 0',
          'host: expected an object, found 3$',
        ].join('\n'),
      ),
    );
  });
});

test.each(Object.keys(PUBLISHED))('what %s has published is of workloads that can be built', (name) => {
  const published = (PUBLISHED[name] as () => ReturnType<(typeof PUBLISHED)[string]>)();
  expect(published.notComparable.length).toBeGreaterThan(0);
  expect(published.cells.length).toBeGreaterThan(0);
  for (const { workload, params, blockSize } of published.cells) {
    expect(buildWorkload(workload, params, blockSize, 1).name).toBe(workload);
  }
});
