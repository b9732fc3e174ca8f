import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolveOptions, resolveSimulation, resolveSweep, SpecError } from '../../dist/bench/index.js';
import { shippedCosts } from '../../dist/bench/simulation/cost-table.js';
import { planRuns, runKey } from '../../dist/bench/sweep/plan.js';
import { runOptions, sweepCellName } from '../../dist/bench/sweep/sweep-cell.js';
import { withDirectory } from '../support/directories.js';
import { schemaOf } from '../support/schemas.js';

const isSpec = schemaOf('sweep');

const schema = 'blockstm.sweep/1';
const p2p = { workload: 'p2p' };
const spec = {
  schema,
  workloads: [
    { workload: 'p2p', params: { accounts: [2, 100] } },
    { workload: 'counter', params: { counter: 'plain' } },
  ],
  blockSize: 500,
  workers: [1, 2],
  executor: ['sequential', 'block-stm'],
  policy: [{}, { grain: [1, 16], deltas: false }],
  seeds: [3, 4],
  repeats: 2,
};

test('lists are crossed, and what is left out has its default', () => {
  expect(isSpec(spec), JSON.stringify(isSpec.errors)).toBe(true);
  const sweep = resolveSweep(spec);
  expect(sweep).toMatchObject({ repeats: 2, blocks: 10, warmUp: 200_000, stats: false, seeds: [3, 4], orderSeed: 1 });
  const names = sweep.cells.map(sweepCellName);
  // Sequential execution once, however many workers and policies; block-stm for each.
  expect(names.filter((name) => name.startsWith('p2p accounts=2 '))).toEqual([
    'p2p accounts=2 sequential block-size=500 workers=1',
    'p2p accounts=2 block-stm block-size=500 workers=1',
    'p2p accounts=2 block-stm block-size=500 workers=2',
    'p2p accounts=2 block-stm grain=1 deltas=off block-size=500 workers=1',
    'p2p accounts=2 block-stm grain=1 deltas=off block-size=500 workers=2',
    'p2p accounts=2 block-stm grain=16 deltas=off block-size=500 workers=1',
    'p2p accounts=2 block-stm grain=16 deltas=off block-size=500 workers=2',
  ]);
  expect(names).toHaveLength(21);
  expect(names[14]).toBe('counter accounts=10000 counter=plain sequential block-size=500 workers=1');
  expect(new Set(names).size).toBe(names.length);
  for (const cell of sweep.cells) {
    const { simulated, costTable, ...options } = runOptions(cell, 3, {
      ...sweep,
      blocks: 10,
      warmUp: 600,
      stats: true,
    });
    expect({ simulated, costTable }).toEqual({ simulated: false, costTable: undefined });
    const { settings } = resolveOptions(options);
    expect(settings).toMatchObject({
      executor: cell.executor,
      policy: cell.policy,
      repeats: 10,
      warmUp: 600,
      seed: 3,
      stats: true,
    });
  }
});

test('in place of repeats, which would all be the same, simulated cells have seeds', () => {
  const simulated = { schema, workloads: [p2p], simulated: true };
  expect(isSpec(simulated), JSON.stringify(isSpec.errors)).toBe(true);
  const sweep = resolveSweep(simulated);
  expect(sweep).toMatchObject({ repeats: 1, blocks: 5, warmUp: 0, seeds: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] });
  expect(sweep.cells.map(sweepCellName)).toEqual(['p2p accounts=10000 block-stm block-size=10000 workers=8 simulated']);
  for (const [repeats, found] of [
    [2, '2'],
    [0, '0'],
    ['1', '"1"'],
  ]) {
    expect(() => resolveSweep({ ...simulated, repeats })).toThrow(
      `repeats: expected 1 where "simulated" is true: runs of a seed are all the same there, so list several "seeds" in place of repeats, found ${found}`,
    );
  }
  expect(resolveSweep({ ...simulated, repeats: 1 }).repeats).toBe(1);
  expect(resolveSweep({ ...simulated, stats: true }).stats).toBe(true);
});

test('simulated cells have the cores and the costs that are asked for', async () => {
  const simulated = { schema, workloads: [p2p], simulated: true, workers: [1, 4] };
  expect(resolveSweep(simulated)).toMatchObject({ cores: null, costTable: shippedCosts() });
  expect(resolveSweep({ schema, workloads: [p2p] })).toMatchObject({ cores: null, costTable: null });
  const own = { ...shippedCosts(), machine: 'mine' };
  await withDirectory(async (directory) => {
    const file = join(directory, 'costs.json');
    writeFileSync(file, JSON.stringify(own));
    for (const costTable of [own, file]) {
      const asked = { ...simulated, cores: 2, costTable };
      expect(isSpec(asked), JSON.stringify(isSpec.errors)).toBe(true);
      const sweep = resolveSweep(asked);
      expect(sweep).toMatchObject({ cores: 2, costTable: own });
      const options = sweep.cells.map((cell) => runOptions(cell, 1, sweep));
      // Of fewer workers each has its own.
      expect(options.map(({ cores }) => cores)).toEqual([1, 2]);
      for (const { simulated: _, ...each } of options) expect(resolveSimulation(each).settings.costs).toEqual(own);
    }
  });
});

test.each([
  [{ cores: 2 }, 'cores: only goes with "simulated": true'],
  [{ costTable: 'costs.json' }, 'costTable: only goes with "simulated": true'],
  [{ simulated: true, cores: 0 }, 'cores: expected a whole number from 1 to 256, found 0'],
  [{ simulated: true, costTable: 3 }, 'costTable: expected the name of a file, or a cost table, found 3'],
  [{ simulated: true, costTable: 'nowhere.json' }, 'costTable: nowhere.json cannot be read: ENOENT'],
  [{ simulated: true, costTable: {} }, 'costTable.schema: expected "blockstm.costs/1", found nothing'],
  [
    { simulated: true, costTable: { ...shippedCosts(), methods: { 'token.transfre': 1 } } },
    'costTable.methods["token.transfre"]: unknown method, expected one of ',
  ],
])('%j is refused', (more, message) => {
  const refused = () => resolveSweep({ schema, workloads: [p2p], ...more });
  expect(refused).toThrow(SpecError);
  expect(refused).toThrow(message);
});

test('what is asked for twice is measured once', () => {
  const twice = resolveSweep({ schema, workloads: [p2p, { ...p2p, params: { accounts: [10_000] } }], seeds: [1, 1] });
  expect(twice).toEqual(resolveSweep({ schema, workloads: [p2p] }));
});

test('each repeat has every run once, in an order of its own that the seed repeats', () => {
  const sweep = resolveSweep(spec);
  const runs = planRuns(sweep);
  expect(runs).toHaveLength(21 * 2 * 2);
  expect(new Set(runs.map(runKey)).size).toBe(runs.length);
  const [first, second] = [runs.slice(0, 42), runs.slice(42)];
  expect(new Set(first.map(({ repeat }) => repeat))).toEqual(new Set([0]));
  const order = (some: typeof runs): string[] => some.map(({ name, seed }) => `${name} ${seed}`);
  expect(order(first)).not.toEqual(order(second));
  expect(order(first).toSorted()).toEqual(order(second).toSorted());
  expect(planRuns(sweep)).toEqual(runs);
  expect(order(planRuns({ ...sweep, orderSeed: 2 }))).not.toEqual(order(runs));
});

describe('a spec that is wrong is refused, with the path, what was found, what is allowed and the nearest name', () => {
  const with_ = (more: object): object => ({ schema, workloads: [p2p], ...more });
  const param = (params: object): object => ({ schema, workloads: [p2p, { workload: 'p2p', params }] });

  /** And by the schema, where that can know; which workloads there are it does not. */
  test.each<[unknown, string, 'by schema' | 'by program']>([
    [[], 'the spec: expected an object, found an empty list', 'by schema'],
    [{}, 'schema: expected "blockstm.sweep/1", found nothing', 'by schema'],
    [
      with_({ schema: 'blockstm.sweep/2' }),
      'schema: expected "blockstm.sweep/1", found "blockstm.sweep/2"',
      'by schema',
    ],
    [{ schema }, 'workloads: expected a list of at least one, found nothing', 'by schema'],
    [{ schema, workloads: [] }, 'workloads: expected a list of at least one, found an empty list', 'by schema'],
    [with_({ worker: 2 }), 'worker: unknown field, expected schema, workloads', 'by schema'],
    [with_({ worker: 2 }), '(did you mean workers?)', 'by schema'],
    [{ schema, workloads: [{}] }, 'workloads[0].workload: expected one of p2p', 'by schema'],
    [{ schema, workloads: [{ workload: 'p3p' }] }, 'found "p3p" (did you mean p2p?)', 'by program'],
    [
      param({ acounts: 2 }),
      'workloads[1].params.acounts: unknown parameter of p2p, expected accounts (did you mean accounts?)',
      'by program',
    ],
    [
      param({ accounts: [2, 1] }),
      'workloads[1].params.accounts[1]: expected a whole number from 2 to 1,000,000, found 1',
      'by program',
    ],
    [
      param({ accounts: '2' }),
      'workloads[1].params.accounts: expected a whole number from 2 to 1,000,000, found "2"',
      'by program',
    ],
    [
      param({ accounts: [] }),
      'workloads[1].params.accounts: expected a list of at least one, found an empty list',
      'by schema',
    ],
    [
      {
        schema,
        workloads: [
          p2p,
          { workload: 'erc20-clusters', params: { clusters: [1_000, 10], families: [100, 1_000, 2_000] } },
        ],
      },
      'workloads[1].params: expected at most 1,000,000 accounts in all, found 1000 clusters x 100 families x 15 people = 1,500,000; and 2 more of what is crossed here',
      'by program',
    ],
    [with_({ workers: 0 }), 'workers: expected a whole number from 1 to 256, found 0', 'by schema'],
    [with_({ workers: [1, null] }), 'workers[1]: expected a whole number from 1 to 256, found null', 'by schema'],
    [with_({ blockSize: 1e9 }), 'blockSize: expected a whole number from 1 to 262,144, found 1000000000', 'by schema'],
    [
      with_({ executor: 'block-smt' }),
      'executor: expected one of auto, sequential, block-stm, found "block-smt" (did you mean block-stm?)',
      'by schema',
    ],
    [
      with_({ policy: { delta: false } }),
      'policy.delta: unknown policy, expected validate, grain, estimates, suspend, deltas (did you mean deltas?)',
      'by schema',
    ],
    [
      with_({ policy: [{}, { grain: [1, 1025] }] }),
      'policy[1].grain[1]: expected "auto" or a whole number from 1 to 1,024, found 1025',
      'by schema',
    ],
    [
      with_({ policy: { validate: 'versoin' } }),
      'policy.validate: expected "version" or "value" (did you mean "version"?), found "versoin"',
      'by schema',
    ],
    [
      with_({ policy: [{}, { suspend: ['park', 'abrot'] }] }),
      'policy[1].suspend[1]: expected "park" or "abort" (did you mean "abort"?), found "abrot"',
      'by schema',
    ],
    [
      with_({ policy: { grain: 'autos' } }),
      'policy.grain: expected "auto" or a whole number from 1 to 1,024 (did you mean "auto"?), found "autos"',
      'by schema',
    ],
    [
      with_({ policy: { suspend: 'parc' } }),
      'policy.suspend: expected "park" or "abort" (did you mean "park"?), found "parc"',
      'by schema',
    ],
    [with_({ policy: { grain: 'atuo' } }), '(did you mean "auto"?), found "atuo"', 'by schema'],
    [
      with_({ policy: { deltas: 'flase' } }),
      'policy.deltas: expected true or false (did you mean false?), found "flase"',
      'by schema',
    ],
    [with_({ policy: { deltas: 'x' } }), 'policy.deltas: expected true or false, found "x"', 'by schema'],
    [
      { schema, workloads: [{ workload: 'counter', params: { counter: ['plain', 'dleta'] } }] },
      'workloads[0].params.counter[1]: expected one of delta, plain, none (did you mean delta?), found "dleta"',
      'by program',
    ],
    [with_({ repeats: 1.5 }), 'repeats: expected a whole number from 1 to 1,000, found 1.5', 'by schema'],
    [with_({ seeds: -1 }), 'seeds: expected a whole number from 0', 'by schema'],
    [with_({ endToEnd: 'yes' }), 'endToEnd: expected true or false, found "yes"', 'by schema'],
    [with_({ stats: 'true' }), 'stats: expected true or false (did you mean true?), found "true"', 'by schema'],
    [
      with_({ blockSize: Array(200).fill(1), workers: Array(200).fill(1) }),
      'the spec: expected a grid of at most 10,000 cells, found 40,000',
      'by program',
    ],
  ])('%j: %s', (wrong, message, how) => {
    expect(() => resolveSweep(wrong)).toThrow(SpecError);
    expect(() => resolveSweep(wrong)).toThrow(message);
    expect(isSpec(wrong)).toBe(how === 'by program');
  });
});

test('all that is wrong is said, up to a hundred problems, with paths for a program', () => {
  const wrong = {
    schema,
    workloads: [{ workload: 'p2p', params: { acounts: 3, accounts: [2, 1] } }, {}],
    policy: [{ grain: 0 }],
  };
  const problemsOf = (spec: unknown) => {
    try {
      resolveSweep(spec);
    } catch (error) {
      if (error instanceof SpecError) return error.problems;
    }
    return [];
  };
  expect(problemsOf(wrong).map(({ path, part }) => [path.join(' '), part])).toEqual([
    ['workloads 0 params acounts', 'name'],
    ['workloads 0 params accounts 1', 'value'],
    ['workloads 1 workload', 'value'],
    ['policy 0 grain', 'value'],
  ]);
  expect(() => resolveSweep(wrong)).toThrow(
    /^workloads\[0\]\.params\.acounts: .*\nworkloads\[0\]\.params\.accounts\[1\]: /,
  );
  expect(problemsOf({ schema, workloads: Array(1_000).fill({}) })).toHaveLength(100);
});
