import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { shippedCosts } from '../../dist/bench/index.js';
import { withDirectory } from '../support/directories.js';
import { blockstm } from './command.js';

const small = ['--accounts', '20', '--block-size', '200', '--repeats', '2', '--executor', 'block-stm'];

test('prints the document of bench, and the same bytes each time', async () => {
  const run = () => blockstm(tmpdir(), 'simulate', ...small, '--workers', '32', '--json');
  const { code, stdout, stderr } = await run();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ schema: 'blockstm.bench/1', simulated: true, statesEqual: true, workers: 32 });
  expect(report.aborts).toBeGreaterThan(0);
  expect((await run()).stdout).toBe(stdout);
});

test('says to a person that the clock is virtual, and how many cores there were', async () => {
  const { code, stdout } = await blockstm(tmpdir(), 'simulate', ...small, '--workers', '4', '--cores', '2');
  expect(code).toBe(0);
  expect(stdout).toMatch(/clock +virtual: 4 workers on 2 cores, costs of /);
});

test.each([
  [['--workers', '4', '--cores', '5'], '--cores: expected a whole number from 1 to the 4 workers, found 5'],
  [['--workers', '257'], '--workers: expected a whole number from 1 to 256, found 257'],
  [['--suite', 'core'], '--suite: suites are measured; bench sweep simulates a grid'],
  [['validate'], 'options of simulate validate come after it'],
  [['--cost-table', 'nowhere.json'], '--cost-table: nowhere.json cannot be read'],
])('%j is refused', async (args, message) => {
  const { code, stderr } = await blockstm(tmpdir(), 'simulate', ...small, ...args);
  expect(stderr).toContain(message);
  expect(code).toBe(1);
});

test('a cost table that is none is refused with file and place', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'blockstm-costs-'));
  await writeFile(
    join(folder, 'costs.json'),
    '{"schema": "blockstm.costs/1", "machine": "mine", "assumed": [], "methods": []}',
  );
  const { code, stderr } = await blockstm(folder, 'simulate', ...small, '--cost-table', 'costs.json');
  expect(stderr).toContain('--cost-table: costs.json: methods: expected an object, found []');
  expect(code).toBe(1);
});

test.each([
  ['token.transferr', /unknown method, expected one of .*token\.transfer, .* \(did you mean token\.transfer\?\)$/m],
  ['tokn.transfer', /unknown contract, expected one of amm, .* token, .* \(did you mean token\?\)$/m],
  ['transfer', /unknown contract, expected one of amm, /],
])('a cost table for %s, which no contract has, is refused', async (method, message) => {
  await withDirectory(async (directory) => {
    const table = { ...shippedCosts(), methods: { 'token.transfer': 1, [method]: 2 } };
    await writeFile(join(directory, 'costs.json'), JSON.stringify(table));
    const { code, stderr } = await blockstm(directory, 'simulate', ...small, '--cost-table', 'costs.json');
    expect(stderr).toContain(`error (ERR_OPTION): --cost-table: costs.json: methods["${method}"]: unknown `);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });
});
