import { expect, test } from 'vitest';
import { formatReproduction, type ReproductionReport } from '../../dist/bench/index.js';

type Cell = ReproductionReport['cells'][number];

const figures = (workers: number, repeats: number, median: number, interval: readonly [number, number] | null) => ({
  workers,
  repeats,
  speedup: { median, low: interval?.[0] ?? null, high: interval?.[1] ?? null },
  abortsPerCall: 0.5,
  wastedShare: 0.25,
  ms: 10,
  statesEqual: true,
  difference: null,
  ratios: {},
});

function reportOf(cells: readonly Pick<Cell, 'name' | 'published' | 'measured' | 'simulated'>[]): ReproductionReport {
  const of = { workload: 'p2p', params: {}, blockSize: 100 };
  return {
    schema: 'blockstm.reproduction/1',
    source: 'somebody',
    machine: '32 threads',
    workers: 32,
    notComparable: ['something'],
    cells: cells.map((cell) => ({ ...of, ...cell })),
    env: { cpu: 'a processor', cores: 2, node: '20', v8: '11', version: '0.1.0', commit: null },
  };
}

test('a bound is shown as one, and nothing is divided by it', () => {
  const text = formatReproduction(
    reportOf([
      {
        name: 'contended',
        published: { speedupAtLeast: 0.77 },
        measured: figures(2, 10, 0.9, [0.85, 0.95]),
        simulated: figures(32, 6, 0.97, [0.96, 0.98]),
      },
      {
        name: 'not',
        published: { speedup: 16 },
        measured: { ...figures(2, 10, 1.8, [1.7, 1.9]), ratios: { speedup: 0.1125 } },
        simulated: { ...figures(32, 6, 28, [27, 29]), ratios: { speedup: 1.75 } },
      },
    ]),
  );
  const [head, , , bound, measured] = text.split('\n');
  expect(head).toContain('Ours: 2 threads of a processor, 2 cores; and 32 virtual workers, each with a core.');
  expect(bound?.trim().split(/ {2,}/)).toEqual(['contended', '>= 0.77x', '0.90x (0.85-0.95)', '0.97x (0.96-0.98)']);
  expect(measured?.trim().split(/ {2,}/)).toEqual([
    'not',
    '16.00x',
    '1.80x (1.70-1.90)',
    '0.11',
    '28.00x (27.00-29.00)',
    '1.75',
  ]);
  expect(text).toContain('Measured: 10 blocks a cell, in one process. Simulated: 6 blocks a cell. In brackets: 95%');
});

test('what is only simulated says nothing of threads, and of few blocks there is no interval', () => {
  const text = formatReproduction(
    reportOf([{ name: 'one', published: { speedup: 2 }, measured: null, simulated: figures(32, 1, 3, null) }]),
  );
  expect(text).toContain('Ours: 32 virtual workers');
  expect(text).not.toContain('2 threads of');
  expect(text).toMatch(/ 3\.00x$/m);
  expect(text).not.toContain('(');
  expect(text).toContain('Simulated: 1 block a cell.\n');
});
