import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, test } from 'vitest';
import { type CostTable, measureCosts, readCosts, resolveSimulation, runSimulation } from '../../dist/bench/index.js';
import { fitCosts } from '../../dist/bench/simulation/measure/fitted-costs.js';
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

test('the command writes a table that simulate takes, and names what it did not measure', async () => {
  await withDirectory(async (directory) => {
    const small = ['--workload', 'p2p', '--block-size', '500', '--repeats', '1'];
    const run = await blockstm(directory, 'simulate', 'measure', ...small, '--out', 'costs.json');
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
    const file = `${directory}/costs.json`;
    const table = JSON.parse(await readFile(file, 'utf8')) as CostTable;
    const schema = await readFile(new URL('../../schemas/costs.schema.json', import.meta.url), 'utf8');
    const isTable = new Ajv2020({ strict: true }).compile(JSON.parse(schema));
    expect(isTable(table), JSON.stringify(isTable.errors)).toBe(true);
    // On a busy machine two threads may not meet: then it says that of the steps, too.
    expect(table.assumed.slice(0, 3)).toEqual(['jitter', 'threads.change', 'threads.slice']);
    expect(run.stdout).toMatch(/^jitter +0\.4 +not measured$/m);
    expect(run.stdout).toMatch(/Load when it began: \d+\.\d\d, which should be next to none\.$/m);
    expect(run.stdout).toMatch(/^steps\.abort +[1-9]/m);
    expect(Object.keys(table.methods)).toEqual(['token.transfer']);
    // However busy the machine.
    const { steps, threads, host } = table;
    for (const nanos of [table.nanosPerGas, steps.unwind, steps.abort, host.read]) expect(nanos).toBeGreaterThan(0);
    expect(steps.unwind).toBeGreaterThan(steps.poll);
    expect(threads.wake).toBeGreaterThan(0);
    expect(readCosts(file)).toEqual(table);
    const asked = {
      workload: 'p2p',
      params: { accounts: 20 },
      blockSize: 100,
      repeats: 1,
      workers: 4,
      costTable: file,
    };
    const { workload, settings } = resolveSimulation(asked);
    expect(await runSimulation(workload, settings)).toMatchObject({
      statesEqual: true,
      simulation: { costs: table.machine },
    });
  });
});

test.each([
  [{ repeats: 0 }, '--repeats: expected a whole number from 1 to 1,000, found 0'],
  [{ blockSize: 10_001 }, '--block-size: expected a whole number from 1 to 10,000, found 10001'],
  [{ workloads: ['p3p'] }, '(did you mean p2p?), found p3p'],
])('%j is refused', async (options, message) => {
  await expect(measureCosts(options)).rejects.toThrow(message);
});

test.each([
  ['nowhere/costs.json', '--out: nowhere/costs.json cannot be written: '],
  ['.', '--out: . cannot be written: it is a directory'],
])('a file that cannot be written is refused before anything is measured: %s', async (out, message) => {
  await withDirectory(async (directory) => {
    const { code, stderr } = await blockstm(directory, 'simulate', 'measure', '--out', out);
    expect(stderr).toContain(message);
    expect(code).toBe(1);
  });
});
