import { copyFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatAborted } from '../../dist/host/cli/aborted-calls.js';
import { schemaProblem } from '../support/schemas.js';
import { blockstm } from './command.js';

const genesis = {
  schema: 'blockstm.genesis/1',
  contracts: [{ name: 'hits', wasm: 'counter.wasm' }],
  calls: [{ sender: 'alice', contract: 'hits', method: 'add', args: { amount: 1 } }],
};
const add = { sender: 'alice', contract: 'hits', method: 'add', args: { amount: 1 } };
const CALLS = 20;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'blockstm-telemetry-'));
  await copyFile(
    fileURLToPath(new URL('../../dist/contracts/counter.wasm', import.meta.url)),
    join(directory, 'counter.wasm'),
  );
  await writeFile(join(directory, 'genesis.json'), JSON.stringify(genesis));
  await writeFile(join(directory, 'block.jsonl'), `${JSON.stringify(add)}\n`.repeat(CALLS));
});
afterAll(async () => {
  await rm(directory, { recursive: true });
});

const run = (...args: string[]) => blockstm(directory, 'run', 'block.jsonl', '--genesis', 'genesis.json', ...args);
const read = (name: string): Promise<string> => readFile(join(directory, name), 'utf8');

describe('blockstm run', () => {
  test('--stats, --trace and --graph', async () => {
    const finished = await run('--stats', '--trace', 'trace.json', '--graph', 'graph.json', '--workers', '2', '--json');
    expect(finished).toMatchObject({ code: 0, stderr: '' });
    const { statistics, executions } = JSON.parse(finished.stdout);
    expect(statistics).toMatchObject({
      schema: 'blockstm.statistics/1',
      calls: CALLS,
      executions,
      longestChain: CALLS,
    });
    const { traceEvents } = JSON.parse(await read('trace.json'));
    const slices = traceEvents.filter(({ cat }: { cat: string }) => cat === 'execution');
    expect(slices).toHaveLength(executions);
    expect(slices.map(({ name }: { name: string }) => name)).toContain('call 3 (hits.add)');
    const { locations, nodes, edges } = JSON.parse(await read('graph.json'));
    expect(nodes).toHaveLength(CALLS);
    expect(edges).toHaveLength(CALLS - 1);
    expect(edges[0]).toEqual({ from: 0, to: 1, location: 0 });
    expect(locations).toMatchObject([{ contract: 'hits', field: 'count', key: null }]);
  });

  test('for a person, and for Graphviz', async () => {
    const finished = await run('--stats', '--graph', 'graph.dot', '--executor', 'sequential');
    expect(finished).toMatchObject({ code: 0, stderr: '' });
    expect(finished.stdout).toMatch(/\naborts +0: 0 failed validation, 0 met an estimate, 0 in a cascade\n/);
    expect(finished.stdout).toMatch(
      /\nchain +of dependent calls: 20 calls long at most; the dearest uses [\d,]+ gas\n/,
    );
    expect(finished.stdout).toMatch(/\n +its calls are 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 … 19\n/);
    expect(finished.stdout).toMatch(/\ndepth +1 call after 0, .*, 15 calls after 5 or more that have to come first/);
    expect(finished.stdout).toMatch(/\nattainable +1\.00x, with 1 worker 1\.00x\nbusy +\d\.\d\d workers on average/);
    expect(await read('graph.dot')).toContain('  0 -> 1 [label="hits.count"];\n');
  });

  test('of an empty block', async () => {
    await writeFile(join(directory, 'empty.jsonl'), '');
    const options = ['--genesis', 'genesis.json', '--stats', '--graph', 'empty.dot'];
    const finished = await blockstm(directory, 'run', 'empty.jsonl', ...options);
    expect(finished).toMatchObject({ code: 0, stderr: '' });
    expect(finished.stdout).toMatch(/\naborts +none: the block has no calls\nwrite set /);
    expect(await read('empty.dot')).toBe('digraph block {\n  node [shape=box];\n}\n');
  });

  test.each([
    ['--trace', 'full.json'],
    ['--graph', 'full.json'],
    ['--graph', 'full.dot'],
  ])('a disk that is full: %s %s', async (option, name) => {
    // Whatever is written to it, there is no room for it.
    await symlink('/dev/full', join(directory, name));
    const state = `chain${option}-${name}`;
    const finished = await run('--state', state, option, name);
    await rm(join(directory, name));
    expect(finished).toMatchObject({ code: 1, stdout: expect.stringContaining('20 ok, 0 failed') });
    expect(finished.stderr).toMatch(
      new RegExp(`^error: cannot write ${name}: .*ENOSPC.*; the block was executed, and is kept in ${state}\\n$`),
    );
    const next = await blockstm(directory, 'run', 'block.jsonl', '--state', state, '--json');
    expect(JSON.parse(next.stdout)).toMatchObject({ head: { height: '4' } });
  });

  test('without them there are none', async () => {
    const { stdout } = await run('--json');
    expect(JSON.parse(stdout)).toMatchObject({ statistics: null });
  });

  test('policies are those of bench', async () => {
    const policy = [
      '--grain',
      '1',
      '--validate',
      'version',
      '--estimates',
      'off',
      '--suspend',
      'abort',
      '--deltas',
      'off',
    ];
    expect(await run('--workers', '2', '--verify', ...policy)).toMatchObject({ code: 0, stderr: '' });
    // What depends on what follows from the calls and from `deltas`, and from nothing else.
    const { stderr } = await run('--grain', '0');
    expect(stderr).toContain('policy.grain');
  });

  test.each([
    [['--graph', 'graph.svg'], 'error: --graph graph.svg: expected a name that ends in .dot or .json'],
    [['--trace', 'block.jsonl'], 'error: --trace block.jsonl would overwrite block.jsonl'],
    [['--trace', 'one.json', '--graph', 'one.json'], 'error: --graph one.json would overwrite one.json'],
    [['--trace', 'nowhere/trace.json'], 'error: cannot write nowhere/trace.json: '],
  ])('%j is refused', async (args, message) => {
    const finished = await run(...args);
    expect(finished).toMatchObject({ code: 1, stdout: '' });
    expect(finished.stderr).toContain(message);
  });
});

describe('blockstm explain', () => {
  const explain = (...args: string[]) =>
    blockstm(directory, 'explain', 'block.jsonl', '--genesis', 'genesis.json', ...args);

  test('in words', async () => {
    const finished = await explain('--call', '7', '--executor', 'sequential');
    expect(finished).toMatchObject({ code: 0, stderr: '' });
    expect(finished.stdout).toMatch(
      /^Call 7 \(hits\.add\) ended ok, used \d+ gas and was executed once, sequentially: nothing can be aborted\.$/m,
    );
    expect(finished.stdout).toContain('\n  hits.count, written by call 6 (hits.add)\nIt writes hits.count.\n');
  });

  test('as JSON', async () => {
    const { stdout } = await explain('--call', '0', '--json');
    const { schema, index, reads, writes, incarnations, ...how } = JSON.parse(stdout);
    expect(how).toMatchObject({
      status: 'ok',
      code: null,
      executor: 'block-stm',
      decision: { mode: 'block-stm', reason: 'option' },
    });
    expect({ schema, index, reads: reads.length, writes: writes.length }).toEqual({
      schema: 'blockstm.explanation/1',
      index: 0,
      reads: 1,
      writes: 1,
    });
    expect(reads[0]).toMatchObject({ writer: null, adders: [] });
    expect(incarnations.at(-1)).toMatchObject({ outcome: 'committed' });
  });

  test('a call that the block has not', async () => {
    const finished = await explain('--call', '20');
    expect(finished).toMatchObject({ code: 1, stdout: '', stderr: 'error: --call 20: expected 0 to 19\n' });
  });

  test('without --call: which calls were aborted', async () => {
    const alone = await explain('--executor', 'sequential');
    expect(alone).toMatchObject({ code: 0, stderr: '' });
    expect(alone.stdout).toMatch(/^None of 20 calls was aborted, this time\. Each command executes the block anew: /);
    const { code, stdout } = await explain('--workers', '2', '--grain', '1', '--json');
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ schema: 'blockstm.aborted-calls/1', calls: CALLS });
    expect(schemaProblem(document)).toBeUndefined();
    const one = { index: 0, incarnations: 2, aborts: 1 };
    const location = { contract: 'counter', address: `0x${'00'.repeat(32)}`, field: 'count', key: null };
    expect(schemaProblem({ ...document, aborted: [{ ...one, location }] })).toBeUndefined();
    expect(schemaProblem({ ...document, aborted: [one] })).toContain('location');
  });

  test('a table of them', () => {
    const location = { contract: 'token', address: `0x${'00'.repeat(32)}`, field: 'balances', key: 'alice' };
    const aborted = Array.from({ length: 22 }, (_, at) => ({
      index: 22 - at,
      incarnations: 30 - at,
      location,
      aborts: 29 - at,
    }));
    const text = formatAborted(aborted, 1_000, (index) => `call ${index} (token.transfer)`);
    expect(text.split('\n').slice(0, 4)).toEqual([
      '22 of 1,000 calls were aborted, this time; --call executes the block anew and says why of one, which may go otherwise then.',
      '',
      '                          incarnations  aborted most for',
      'call 22 (token.transfer)            30  29 x token.balances[alice]',
    ]);
    expect(text.endsWith('and 2 more\n')).toBe(true);
  });
});

describe('blockstm bench', () => {
  const bench = (...args: string[]) =>
    blockstm(
      directory,
      'bench',
      '--workload',
      'counter',
      '--counter',
      'plain',
      '--block-size',
      '50',
      '--repeats',
      '3',
      '--warm-up',
      '0',
      '--executor',
      'block-stm',
      '--workers',
      '2',
      ...args,
    );

  test('--stats: of all measured blocks together', async () => {
    const report = JSON.parse((await bench('--stats', '--json')).stdout);
    const { statistics, executions, aborts, dependencyWaits, speedup } = report;
    expect(statistics).toMatchObject({ calls: 150, executions, longestChain: expect.any(Number) });
    expect(statistics.aborts.total).toBe(aborts + dependencyWaits);
    expect(statistics.speedup).toBe(speedup.median);
    expect(statistics.efficiency).toBeCloseTo(speedup.median / statistics.attainable.workers, 9);
    expect(statistics.chainLengths.reduce((sum: number, each: number) => sum + each, 0)).toBe(150);
  });

  test('without it there are none', async () => {
    expect(JSON.parse((await bench('--json')).stdout)).not.toHaveProperty('statistics');
    expect((await bench()).stdout).not.toContain('attainable');
  });
});
