import { open, readdir, writeFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import * as bench from '../../dist/bench/index.js';
import { parseCosts, shippedCosts } from '../../dist/bench/simulation/cost-table.js';
import { leastPerGas } from '../../dist/bench/simulation/measure/call-times.js';
import { fitCosts } from '../../dist/bench/simulation/measure/fitted-costs.js';
import type { MeasuredTable } from '../../dist/bench/simulation/measure/measure-costs.js';
import { MeasuredParts } from '../../dist/bench/simulation/measure/measured-parts.js';
import {
  linesOfThreads,
  movedLines,
  simulatedBusy,
  withMovedLines,
} from '../../dist/bench/simulation/measure/moved-lines.js';
import { explainedSteps, GRAIN } from '../../dist/bench/simulation/measure/step-costs.js';
import { buildWorkload } from '../../dist/bench/workloads/registry.js';
import { reproduceCommand } from '../../dist/host/cli/bench-reproduce.js';
import { measureCommand } from '../../dist/host/cli/simulate-measure.js';
import { validateCommand } from '../../dist/host/cli/simulate-validate.js';
import { BlockStmError } from '../../dist/host/index.js';
import { blockstm } from '../cli/command.js';
import { withDirectory } from '../support/directories.js';
import { Random } from '../support/random.js';

test('costs are found again in what they add up to, but for outliers, and none is negative', () => {
  const seed = Date.now();
  const random = new Random(seed);
  const features = Array.from({ length: 500 }, () => [1, random.below(2), random.below(4), random.below(3), 0]);
  const costs = [20, 70, 0, 150, 0];
  const values = features.map((row, at) => {
    const noise = random.below(21) - 10;
    // The third makes a step quicker, which no cost can say.
    const sum = row.reduce((total, feature, column) => total + feature * (costs[column] as number), noise);
    return at % 50 === 0 ? 1e6 : sum - 2 * (row[2] as number);
  });
  const found = fitCosts(features, values);
  for (const [at, cost] of costs.entries()) {
    expect(Math.abs((found[at] as number) - cost), `seed ${seed}, ${found}`).toBeLessThan(6);
  }
  expect(found[2]).toBe(0);
});

const { measureCosts, readCosts } = bench;

const ON_ONE_THREAD = { claim: 20, publish: 20, validate: 30, abort: 100, unwind: 2_000, poll: 17 };
const QUIET = { one: 60, two: null };
const SEED = 1;

test('steps are what threads take beyond sequential execution, and what takes no time is named', () => {
  const two = [180, 220, 200].map((nanos) => ({ ...QUIET, two: { nanos, validations: 1 } }));
  // Nobody met there.
  const alone = { ...QUIET, two: { nanos: 900, validations: 0 } };
  const { steps, secondThread } = explainedSteps(ON_ONE_THREAD, [[alone], [alone, ...two, alone], two], SEED);
  expect(steps).toEqual({ ...ON_ONE_THREAD, execute: 60 - 20 / 16 });
  expect(secondThread).toEqual({ median: 140, low: 120, high: 160 });
  // As tables have them in order.
  expect(Object.keys(steps)).toEqual(Object.keys(shippedCosts().steps));
  for (const none of [alone, QUIET]) expect(explainedSteps(ON_ONE_THREAD, [[none]], SEED).secondThread).toBeNull();
  // What is less than the noise is taken for nothing.
  const noise = [-40, -10, 30, 20, -20].map((one) => ({ ...QUIET, one }));
  expect(explainedSteps(ON_ONE_THREAD, [noise], SEED).steps.execute).toBe(0);
  const busy = [[{ ...QUIET, one: -300 }]];
  const message = 'steps.execute: measured -301 ns, which cannot be: the machine was too busy, measure again';
  expect(() => explainedSteps(ON_ONE_THREAD, busy, SEED)).toThrow(message);
  try {
    explainedSteps({ ...ON_ONE_THREAD, validate: 0 }, [[QUIET]], SEED);
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(BlockStmError);
    expect(error).toMatchObject({ code: 'ERR_MEASUREMENT', message: expect.stringMatching(/^steps\.validate: /) });
  }
});

test('lines are what has two virtual workers take as much processor time beyond one as two threads', async () => {
  const simulated = async (lines: number): Promise<number> => 10 + 30 * lines;
  const found = await movedLines({ median: 190, low: 100, high: 2_000 }, simulated);
  expect(found.median).toBeCloseTo(6, 9);
  expect(found.low).toBeCloseTo(3, 9);
  // None is more, also where the interval has what no lines explain.
  expect(found.high).toBe(32);
  // Threads take less than their steps say.
  expect((await movedLines({ median: 20, low: -5, high: 100 }, simulated)).median).toBe(1);
});

test('the lines of a machine are found again in what a second thread takes, where one has none to move', async () => {
  const shipped = shippedCosts();
  const table = { ...shipped, steps: { ...shipped.steps, claim: 20, publish: 20, validate: 30, abort: 100 } };
  const transfers = buildWorkload('p2p', {}, 1_000, SEED);
  const machine = { ...table, steps: withMovedLines(table.steps, 5) };
  const one = await simulatedBusy(transfers, table, 1, SEED);
  const median = (await simulatedBusy(transfers, machine, 2, SEED)) - one;
  const found = await linesOfThreads(table, transfers, { median, low: -10, high: 10_000 }, SEED);
  expect([found.low, found.high]).toEqual([1, 32]);
  // Between the numbers that are tried it is not quite a line.
  expect(found.median).toBeGreaterThan(4.7);
  expect(found.median).toBeLessThan(5.3);
  // By its claims one worker would take more, if they were multiplied there too, and the second less beyond it.
  const claims = (await simulatedBusy(transfers, machine, 1, SEED)) - one;
  expect(claims).toBeGreaterThan(0.9 * ((4 * 20) / GRAIN));
});

test('lines that would have to move for microseconds are other programs', async () => {
  const measured = movedLines({ median: 2_000, low: 50, high: 3_000 }, async (lines) => 10 + 30 * lines);
  await expect(measured).rejects.toThrow(BlockStmError);
  await expect(measured).rejects.toThrow(
    'two threads: measured 2000 ns a call beyond one, where 970 ns are the most that steps explain: the machine was too busy',
  );
});

test('the more lines take that move between cores, the more processor time two virtual workers take', async () => {
  const transfers = buildWorkload('p2p', { accounts: 1_000 }, 1_000, 1);
  const costs = shippedCosts();
  const busy: number[] = [];
  for (const lines of [0.25, 1, 4]) {
    busy.push(await simulatedBusy(transfers, { ...costs, steps: withMovedLines(costs.steps, lines) }, 2, 1));
  }
  const [least, middle, most] = busy as [number, number, number];
  expect(middle).toBeGreaterThan(least);
  // Three times as many more of them.
  expect(most - middle).toBeGreaterThan(2 * (middle - least));
});

test('gas that takes no time is named by its workload', () => {
  expect(leastPerGas('p2p', [0.09, 0.06])).toBe(0.06);
  expect(() => leastPerGas('p2p', [0.06, -0.005])).toThrow('nanosPerGas of p2p: measured -0.00500 ns');
});

test.each([
  [{ repeats: 4 }, 'repeats: expected a whole number from 5 to 1,000, found 4'],
  [{ blockSize: 999 }, 'blockSize: expected a whole number from 1,000 to 10,000, found 999'],
  [{ blockSize: 10_001 }, 'blockSize: expected a whole number from 1,000 to 10,000, found 10001'],
  [null, 'expected an object with options, found null'],
  [{ workloads: 'p2p' }, 'workloads: expected a list of names of workloads, found "p2p"'],
  [{ workloads: [3] }, 'workloads: expected a list of names of workloads, found [3]'],
  [{ workloads: [] }, 'workloads: expected a list of names of workloads, found []'],
  [{ repeat: 5 }, 'repeat: unknown option, known are repeats, seed, blockSize, workloads (did you mean repeats?)'],
  [{ workloads: ['p3p'] }, '(did you mean p2p?), found p3p'],
])('%j is refused', async (options, message) => {
  await expect(measureCosts(options as object)).rejects.toThrow(message);
});

test.each([
  ['nowhere/costs.json', 'error: cannot write nowhere/costs.json: ENOENT'],
  ['.', 'error: cannot write .: it is a directory'],
  ['file/costs.json', 'error: cannot write file/costs.json: '],
  ['', 'error: --out: expected the name of a file, found ""'],
])('a file that cannot be written is refused before anything is measured: %j', async (out, message) => {
  await withDirectory(async (directory) => {
    await writeFile(`${directory}/file`, '');
    const { code, stderr } = await blockstm(directory, 'simulate', 'measure', '--out', out);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
  });
});

test('a table takes the place of the one before it at once', async () => {
  await withDirectory(async (directory) => {
    const out = `${directory}/costs.json`;
    await writeFile(out, 'the one before');
    // Who has it open goes on to read what was there: it is replaced, and not written over.
    await using before = await open(out);
    const table = shippedCosts() as MeasuredTable;
    const measureCosts = () => Promise.resolve(table);
    const written = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    try {
      await measureCommand({ ...bench, measureCosts }).parseAsync(['--out', out], { from: 'user' });
      expect(written.mock.calls.join('')).toMatch(/^jitter +0\.4 +not measured$/m);
    } finally {
      written.mockRestore();
    }
    expect(await before.readFile('utf8')).toBe('the one before');
    expect(readCosts(out)).toEqual(table);
    expect(await readdir(directory)).toEqual(['costs.json']);
  });
});

test('whoever follows a measurement is told of each part when it begins and when it is done', async () => {
  const told: string[] = [];
  const tell = (kind: string) => (text: string) => void told.push(`${kind} ${text.replace(/[\d.]+ s$/, 'N s')}`);
  const parts = new MeasuredParts(2, { progress: tell('begun'), finished: tell('done') });
  expect(await parts.next('blocks', async () => told.length)).toBe(1);
  await expect(parts.next('threads', () => Promise.reject(new Error('busy')))).rejects.toThrow('busy');
  expect(told).toEqual(['begun 1 of 2, blocks', 'done 1 of 2, blocks: N s', 'begun 2 of 2, threads']);
  expect(await new MeasuredParts(1, {}).next('blocks', async () => 7)).toBe(7);
});

/** What the commands of long tasks write on a standard error that is no terminal, where the task says that a part is done. */
test.each([
  ['simulate measure', measureCommand, 'measureCosts', [], shippedCosts()],
  ['simulate validate', validateCommand, 'validateSimulation', [], { cells: [] }],
  ['bench reproduce', reproduceCommand, 'reproduce', ['paper'], { cells: [] }],
] as const)('%s says without a terminal which parts are done', async (_, command, task, args, report) => {
  const follow = async (...given: readonly unknown[]): Promise<unknown> => {
    const { finished } = given.at(-1) as bench.TaskListener;
    finished?.('1 of 2, a part: done');
    return report;
  };
  const texts = { formatCosts: () => '', formatValidation: () => '', formatReproduction: () => '' };
  const { isTTY } = process.stderr;
  const written = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    process.stderr.isTTY = false;
    await command({ ...bench, ...texts, [task]: follow }).parseAsync([...args], { from: 'user' });
    expect(written.mock.calls.flat()).toEqual(['1 of 2, a part: done\n']);
  } finally {
    written.mockRestore();
    process.stderr.isTTY = isTTY;
  }
});

test('methods are many numbers, and the path of none', () => {
  const message = 'assumed: expected a list of paths of numbers';
  expect(() => parseCosts({ ...shippedCosts(), assumed: ['methods'] })).toThrow(message);
});
