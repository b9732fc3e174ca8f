// What a person is told besides the figures.

import { beforeAll, expect, test } from 'vitest';
import {
  type BenchmarkReport,
  formatReport,
  formatSuite,
  resolveSimulation,
  runSimulation,
} from '../../dist/bench/index.js';

let simulated: BenchmarkReport;

beforeAll(async () => {
  const { workload, settings } = resolveSimulation({
    workload: 'p2p',
    params: { accounts: 100 },
    blockSize: 100,
    repeats: 2,
    executor: 'block-stm',
    stats: true,
  });
  simulated = await runSimulation(workload, settings);
});

/** As if it had been measured on this machine. */
function measured(change: Partial<BenchmarkReport>, cores: number): BenchmarkReport {
  return { ...simulated, ...change, simulated: false, env: { ...simulated.env, cores } };
}

test('more workers than cores: the time says nothing about speed-up', () => {
  const note = /^speed-up .*\n {14}8 workers on 2 cores: they take turns, and the time says nothing about speed-up$/m;
  expect(formatReport(measured({ workers: 8 }, 2))).toMatch(note);
  const fitting = [
    measured({ workers: 8 }, 8),
    // It has one worker, whatever it is given.
    measured({ workers: 8, executor: 'sequential' }, 2),
    { ...simulated, workers: 8, env: { ...simulated.env, cores: 2 } },
  ];
  for (const report of fitting) expect(formatReport(report)).not.toContain('take turns');
});

test('more workers than cores: cells of a suite are marked', () => {
  const cells = [2, 8].map((workers) => ({ name: `workers=${workers}`, report: measured({ workers }, 2) }));
  const suite = { schema: 'blockstm.suite/1', suite: 'mine', env: simulated.env } as const;
  const text = formatSuite({ ...suite, cells });
  expect(text).toMatch(/^workers=8 .*x \* .*\n\* more workers than cores: they take turns, and/m);
  expect(text).toMatch(/^workers=2 [^*]*$/m);
  expect(formatSuite({ ...suite, cells: cells.slice(0, 1) })).not.toContain('*');
});

test('a report says which version of the package it is of', () => {
  const env = { ...simulated.env, version: '7.8.9', commit: null };
  expect(formatReport({ ...simulated, env })).toMatch(/^machine .*, blockstm 7\.8\.9, commit unknown$/m);
  const suite = { schema: 'blockstm.suite/1', suite: 'mine', env, cells: [] } as const;
  expect(formatSuite(suite)).toMatch(/^suite mine, .*, blockstm 7\.8\.9, commit unknown\n/);
});

test('an efficiency over 100% is explained', () => {
  const statistics = simulated.statistics as NonNullable<BenchmarkReport['statistics']>;
  const withEfficiency = (efficiency: number) =>
    formatReport({ ...simulated, statistics: { ...statistics, efficiency } });
  expect(withEfficiency(1.04)).toMatch(/^attainable .* efficiency 104\.0%\n {14}over 100%: attainable goes by gas, /m);
  expect(withEfficiency(1)).not.toContain('over 100%');
});

test('what auto took is said, and how to have block-stm where it took something else', () => {
  const withModes = (modes: BenchmarkReport['modes']) => formatReport({ ...simulated, executor: 'auto', modes });
  const hint = /\n {14}sequential execution aborts nothing; --executor block-stm speculates in every block\n/;
  const [some, given, none] = [
    withModes({ sequential: 2, 'block-stm': 3, yielded: 0 }),
    withModes({ sequential: 0, 'block-stm': 3, yielded: 1 }),
    withModes({ sequential: 0, 'block-stm': 5, yielded: 0 }),
  ];
  expect(some).toMatch(/^auto took {5}block-stm 3 times; sequential 2 times$/m);
  expect(some).toMatch(hint);
  expect(given).toMatch(hint);
  expect(none).not.toMatch(hint);
  // It was asked for.
  expect(formatReport({ ...simulated, executor: 'sequential' })).not.toMatch(hint);
});

test('what happens less than once in a block is not shown as none, and statistics say that they are means', () => {
  const key = { contract: 'token', address: `0x${'ab'.repeat(32)}`, field: 'balances', key: null, aborts: 1 };
  const statistics = {
    ...(simulated.statistics as NonNullable<BenchmarkReport['statistics']>),
    incarnations: [2997, 30, 2, 1],
    contendedKeys: [key],
  };
  const text = formatReport({ ...simulated, repeats: 3, executions: 3064, aborts: 4, failedCalls: 1, statistics });
  expect(text).toMatch(/^a block {7}1,021 executions, 1\.3 aborts /m);
  expect(text).toMatch(/^statistics {4}counts and times are of a block, on average of the 3$/m);
  expect(text).toMatch(/^executed {6}999 once, 10 twice, 0\.67 3 times, 0\.33 4 times$/m);
  expect(text).toMatch(/^contended {5}0\.33 x token\.balances/m);
  expect(text).toMatch(/^failed calls {2}0\.33 a block$/m);
  expect(formatReport({ ...simulated, repeats: 1, statistics })).toMatch(/^contended {5}1 x token\.balances/m);
  expect(formatReport({ ...simulated, repeats: 1, statistics })).not.toContain('on average of');
});

test('one of a thing is no plural', async () => {
  const one = { workload: 'hotspot', params: { keys: 10 }, blockSize: 1, repeats: 1, workers: 1 } as const;
  const { workload, settings } = resolveSimulation({ ...one, executor: 'auto', stats: true });
  const report = await runSimulation(workload, settings);
  const text = formatReport({
    ...report,
    aborts: 1,
    validations: 1,
    dependencyWaits: 1,
    executingWorkers: 1,
    env: { ...report.env, cores: 1 },
  });
  expect(text).toMatch(
    /, 1 repeat\n.* 1 execution, 1 abort \(.* 1 validation, 1 dependency wait \(.* 1 worker on 1 core, /s,
  );
  expect(text).toMatch(/^auto took {5}block-stm 0 times; sequential 1 time$/m);
  expect(text).not.toMatch(/(?<![\d.,])1 (?!us\b)[a-z ]*[a-z]s\b/);
});
