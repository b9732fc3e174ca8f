import { expect, test } from 'vitest';
import { manifestFacts } from '../../dist/bench/plots/manifest-facts.js';
import { type CostTable, shippedCosts } from '../../dist/bench/simulation/cost-table.js';
import type { SessionRecord } from '../../dist/bench/sweep/session.js';
import { sweptRecords } from '../support/swept.js';

const { manifest, sessions } = sweptRecords({ schema: 'blockstm.sweep/1', workloads: [{ workload: 'p2p' }] });
const [first] = sessions as [SessionRecord];

const told = (of: readonly SessionRecord[]): string[] =>
  manifestFacts(manifest, of)
    .filter(([name]) => name.startsWith('session '))
    .map(([name, text]) => `${name}: ${text}`);

test('of each session is told when it was, what went on beside it, and which process it was', () => {
  const second = {
    ...first,
    begun: '2026-01-03T00:00:00.000Z',
    finishedRuns: 7,
    process: { ...first.process, pid: 124, started: '46' },
    machine: { ...first.machine, load: 1.5 },
    freeMemoryBytes: 2 ** 32,
  };
  expect(told([first, second])).toEqual([
    'session 1: 2026-01-02T03:04:05.678Z, after 0 runs; load 0.25; 8.0 GiB of memory free; process 123 on here',
    'session 2: 2026-01-03T00:00:00.000Z, after 7 runs; load 1.50; 4.0 GiB of memory free; process 124 on here',
  ]);
});

test('what is simulated says whose times they are', () => {
  const spec = { schema: 'blockstm.sweep/1', workloads: [{ workload: 'p2p' }], simulated: true } as const;
  const factsOf = (costTable: CostTable) =>
    Object.fromEntries(manifestFacts(sweptRecords({ ...spec, costTable }).manifest, []));
  const { measured, ...table } = { ...shippedCosts(), machine: 'mine' };
  expect(factsOf(table)['cost table']).toBe('mine');
  expect(factsOf({ ...table, ...(measured && { measured }) })['cost table']).toBe(`mine, measured ${measured?.begun}`);
  expect(Object.fromEntries(manifestFacts(manifest, []))).not.toHaveProperty('cost table');
});

test('what is otherwise than at the beginning is named; a machine that was started again is told once', () => {
  const cgroup = { version: 2, path: '/a', cpuMax: 'max 100000', memoryMax: '1000', cpuset: '0-3' } as const;
  const second = {
    ...first,
    process: { ...first.process, boot: 'second' },
    machine: { ...first.machine, governor: 'powersave', kernel: '6.1', memoryBytes: 2 ** 33, cgroup },
    build: { ...first.build, commit: 'abc', dirty: true },
  };
  const [, other, last] = told([first, second, { ...second, machine: first.machine, build: first.build }]);
  expect(other).toBe(
    'session 2: 2026-01-02T03:04:05.678Z, after 0 runs; load 0.25; 8.0 GiB of memory free; ' +
      'process 123 on here, which was started again since the session before; ' +
      'governor was not known at the beginning, and is powersave; ' +
      'memory was 16.0 GiB at the beginning, and is 8.0 GiB; ' +
      'cgroup was not known at the beginning, and is version 2, /a; least limits from there up: cpu.max max 100000, memory.max 1000, processors 0-3; ' +
      'kernel was 6.0 at the beginning, and is 6.1; ' +
      'blockstm was commit not known at the beginning, and is commit abc, with changes that were not committed',
  );
  expect(last).toMatch(/process 123 on here$/);
});
