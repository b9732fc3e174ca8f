import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
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

test('--trace and --graph: of the last block, by the virtual clock, and the same bytes each time', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'blockstm-simulated-'));
  const run = async (): Promise<string[]> => {
    const files = ['--trace', 'trace.json', '--graph', 'graph.json'];
    const { code, stderr } = await blockstm(folder, 'simulate', ...small, '--workers', '8', ...files);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return Promise.all(['trace.json', 'graph.json'].map((name) => readFile(join(folder, name), 'utf8')));
  };
  const [trace, graph] = (await run()) as [string, string];
  const { traceEvents } = JSON.parse(trace);
  const lanes = traceEvents.filter(({ name }: { name: string }) => name === 'thread_name');
  expect(lanes).toHaveLength(8);
  expect(traceEvents.map(({ name }: { name: string }) => name)).toContain('call 7 (token.transfer)');
  expect(JSON.parse(graph).nodes).toHaveLength(200);
  expect(await run()).toEqual([trace, graph]);
  await rm(folder, { recursive: true });
});

describe('--explain', () => {
  const explain = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await blockstm(tmpdir(), 'simulate', ...small, '--workers', '32', ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    return stdout;
  };

  test('the calls of the last block that were aborted, and the first of them: the same bytes each time', async () => {
    const text = await explain('--stats', '--explain');
    expect(await explain('--stats', '--explain')).toBe(text);
    const [, aborted] =
      /\n\n(\d+) of 200 calls were aborted, or left at an ESTIMATE\. .* of the same execution\.\n\n/.exec(text) ?? [];
    const [, first] = /\ncall (\d+) \(token\.transfer\) /.exec(text) ?? [];
    expect(text).toContain(`\n\nCall ${first} (token.transfer) ended `);
    const json = await explain('--explain', '--json');
    expect(await explain('--explain', '--json')).toBe(json);
    const { explained, ...report } = JSON.parse(json);
    expect(explained).toMatchObject({ schema: 'blockstm.aborted-calls/1', calls: 200 });
    expect(explained.aborted).toHaveLength(Number(aborted));
    expect(explained.explanations.map(({ index }: { index: number }) => index)).toEqual([Number(first)]);
    // It changes nothing else but the memory, which a tape is in.
    const { blockBytesPerCall, ...others } = JSON.parse(await explain('--json'));
    expect(report.blockBytesPerCall).toBeGreaterThan(blockBytesPerCall);
    expect(report).toMatchObject(others);
  });

  test('calls that are asked for, of the same execution as the list', async () => {
    const { explained: list } = JSON.parse(await explain('--explain', '--json'));
    const asked = [list.aborted[5].index, list.aborted[0].index, list.aborted[9].index];
    const { explained } = JSON.parse(await explain('--json', '--explain', ...asked.map(String)));
    expect(explained.aborted).toEqual(list.aborted);
    expect(explained.explanations[1]).toEqual(list.explanations[0]);
    for (const [position, { index, incarnations }] of explained.explanations.entries()) {
      expect(index).toBe(asked[position]);
      const known = list.aborted.find((each: { index: number }) => each.index === index);
      expect(incarnations).toHaveLength(known.incarnations);
    }
    const text = await explain('--explain', ...asked.map(String));
    expect([...text.matchAll(/^Call (\d+) /gm)].map(([, index]) => Number(index))).toEqual(asked);
    expect(text).not.toContain('of 200 calls');
  });

  test('with --trace: both are of one execution', async () => {
    await withDirectory(async (folder) => {
      const files = ['--trace', 'trace.json', '--explain', '--json'];
      const { stdout } = await blockstm(folder, 'simulate', ...small, '--workers', '32', ...files);
      const { traceEvents } = JSON.parse(await readFile(join(folder, 'trace.json'), 'utf8'));
      const { aborted } = JSON.parse(stdout).explained;
      const again = aborted.reduce((sum: number, each: { incarnations: number }) => sum + each.incarnations - 1, 0);
      expect(traceEvents.filter(({ name }: { name: string }) => name.startsWith('abort '))).toHaveLength(again);
    });
  });

  test('of the last of several blocks', async () => {
    const [first, both] = await Promise.all(
      ['1', '2'].map(async (repeats) => JSON.parse(await explain('--explain', '--json', '--repeats', repeats))),
    );
    const executed = ({ explained: { aborted, calls } }: typeof first): number =>
      aborted.reduce((sum: number, each: { incarnations: number }) => sum + each.incarnations - 1, calls);
    expect(executed(first)).toBe(first.executions);
    expect(executed(both)).toBe(both.executions - first.executions);
    expect(executed(both)).not.toBe(executed(first));
  });

  test('where nothing was aborted', async () => {
    expect(await explain('--workers', '1', '--explain')).toMatch(/\n\nNone of 200 calls was aborted\. [^\n]*\n$/);
  });
});

test.each([
  [['--explain', '200'], 'error: --explain 200: expected 0 to 199\n'],
  [['--explain', '5', '7', '5'], "argument '5' is invalid. It is given twice."],
  [['--explain', 'measure'], "argument 'measure' is invalid. Expected a whole number"],
  [['--workers', '4', '--cores', '5'], '--cores: expected a whole number from 1 to the 4 workers, found 5'],
  [['--workers', '257'], '--workers: expected a whole number from 1 to 256, found 257'],
  [['--suite', 'core'], '--suite: suites are measured; bench sweep simulates a grid'],
  [['--graph', 'graph.svg'], 'expected a name that ends in .dot or .json'],
  [['--trace', 'one.json', '--graph', 'one.json'], '--graph one.json would overwrite one.json'],
  [['validate'], 'options of simulate validate come after it'],
  [['--cost-table', 'nowhere.json'], 'error: cannot read nowhere.json: ENOENT'],
])('%j is refused', async (args, message) => {
  const { code, stderr } = await blockstm(tmpdir(), 'simulate', ...small, ...args);
  expect(stderr).toContain(message);
  expect(code).toBe(1);
});

test.each([
  [['validate', '--repeats', '0'], '--repeats: expected a whole number from 1 to 1,000, found 0'],
  [['measure', '--workload', 'p3p'], '--workload: expected names of p2p, '],
])('%j is refused before anything is measured', async (args, message) => {
  const { code, stderr } = await blockstm(tmpdir(), 'simulate', ...args);
  expect(stderr).toContain(`error (ERR_OPTION): ${message}`);
  expect(code).toBe(1);
});

test('a cost table that is none is refused with every place, in their order', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'blockstm-costs-'));
  await writeFile(
    join(folder, 'costs.json'),
    '{"schema": "blockstm.costs/1", "machine": "mine",\n "assumed": [], "methods": [], "jiter": 0}',
  );
  const { code, stderr } = await blockstm(folder, 'simulate', ...small, '--cost-table', 'costs.json');
  const text = stderr.split('\n');
  const at = (start: string): number => text.findIndex((line) => line.startsWith(start));
  const methods = at('costs.json:2:28: error: methods: expected an object, found []');
  const jitter = at('costs.json:2:32: error: jiter: unknown field, expected ');
  expect(methods).toBeGreaterThan(-1);
  expect(jitter).toBe(methods + 3);
  expect(text[methods + 2]).toMatch(/^ +\| +\^/);
  expect(text[jitter]).toMatch(/\(did you mean jitter\?\)$/);
  expect(stderr).toContain('error: steps: expected an object, found nothing');
  expect(code).toBe(1);
  const json = await blockstm(folder, 'simulate', 'validate', '--cost-table', 'costs.json', '--json');
  const { code: kind, problems } = JSON.parse(json.stderr);
  expect(kind).toBe('ERR_OPTION');
  expect(problems).toHaveLength(7);
  expect(problems).toContainEqual({
    message: 'methods: expected an object, found []',
    file: 'costs.json',
    line: 2,
    column: 28,
  });
});

test.each([
  [
    'token.transferr',
    '["token.transferr"]',
    /unknown method, expected one of .*token\.transfer, .* \(did you mean token\.transfer\?\)$/m,
  ],
  [
    'tokn.transfer',
    '["tokn.transfer"]',
    /unknown contract, expected one of amm, .* token, .* \(did you mean token\?\)$/m,
  ],
  ['transfer', '.transfer', /unknown contract, expected one of amm, /],
])('a cost table for %s, which no contract has, is refused', async (method, place, message) => {
  await withDirectory(async (directory) => {
    const table = { ...shippedCosts(), methods: { 'token.transfer': 1, [method]: 2 } };
    await writeFile(join(directory, 'costs.json'), JSON.stringify(table));
    const { code, stderr } = await blockstm(directory, 'simulate', ...small, '--cost-table', 'costs.json');
    expect(stderr).toMatch(/^costs\.json:1:[0-9]+: error: /);
    expect(stderr).toContain(`: error: methods${place}: unknown `);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });
});
