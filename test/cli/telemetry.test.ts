import { copyFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { explainedText } from '../../dist/host/cli/explained-block.js';
import { statisticsRows } from '../../dist/host/cli/statistics-rows.js';
import type { BlockStatisticsReport, CallNames, Explanation } from '../../dist/host/index.js';
import { schemaProblem } from '../support/schemas.js';
import { blockstm } from './command.js';

const genesis = {
  schema: 'blockstm.genesis/1',
  contracts: [{ name: 'hits', wasm: 'counter.wasm' }],
  calls: [{ sender: 'alice', contract: 'hits', method: 'add', args: { amount: 1 } }],
};
const add = { sender: 'alice', contract: 'hits', method: 'add', args: { amount: 1 } };
const CALLS = 20;

/** Of a block of one call that took no time. */
const EMPTY_STATISTICS: BlockStatisticsReport = {
  schema: 'blockstm.statistics/1',
  calls: 1,
  workers: 1,
  availableWorkers: 1,
  executions: 1,
  aborts: { total: 0, byCause: { validation: 0, estimate: 0, cascade: 0 } },
  incarnations: [1],
  usedGas: 1,
  wastedGas: 0,
  wastedMicros: 0,
  usedMicros: 0,
  parkedMicros: 0,
  suspendedMicros: 0,
  validationMicros: 0,
  spanMicros: 0,
  commitLatencyMicros: { p50: 0, p90: 0, p99: 0, p999: 0 },
  contendedKeys: [],
  rootKeys: [],
  chainLengths: [1],
  longestChain: 1,
  criticalPath: { gas: 1, calls: [0] },
  attainable: { unlimited: 1, workers: 1 },
  busyWorkers: 0,
};

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
    const { explanations, ...block } = JSON.parse(stdout);
    expect(block).toMatchObject({ schema: 'blockstm.aborted-calls/1', calls: CALLS });
    expect(explanations).toHaveLength(1);
    const [{ schema, index, reads, writes, incarnations, ...how }] = explanations;
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

  test('several calls, in the order that they are asked for', async () => {
    const { code, stdout } = await explain('--call', '12', '7', '--call', '9', '--executor', 'sequential');
    expect(code).toBe(0);
    const [first, ...others] = stdout.split('\n\n');
    expect(first).toMatch(/^Call 12 \(hits\.add\)/);
    expect(others.map((each) => each.split(' (')[0])).toEqual(['Call 7', 'Call 9']);
    const { explanations } = JSON.parse((await explain('--call', '12', '7', '--json')).stdout);
    expect(explanations.map(({ index }: { index: number }) => index)).toEqual([12, 7]);
  });

  test.each([
    [['--call', '20'], 'error: --call 20: expected 0 to 19\n'],
    [['--call', '3', '20', '21'], 'error: --call 20: expected 0 to 19\n'],
    [['--call', '3', '4', '3'], "argument '3' is invalid. It is given twice.\n"],
    [['--call', '3', '--call', '03'], "argument '03' is invalid. It is given twice.\n"],
    [['--call', '-1'], "argument '-1' is invalid. Expected a whole number"],
    [['--call', '1.5'], "argument '1.5' is invalid. Expected a whole number"],
    [['--call'], "option '--call <n...>' argument missing"],
  ])('%j is refused', async (args, message) => {
    const { code, stdout, stderr } = await explain(...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
  });

  test('a block file that comes after the calls is no call', async () => {
    const args = ['--genesis', 'genesis.json', '--call', '3', 'block.jsonl'];
    const { code, stderr } = await blockstm(directory, 'explain', ...args);
    expect(code).toBe(1);
    expect(stderr).toContain('Expected a whole number; arguments that are none come before the option.');
  });

  test('a call of a block that has none', async () => {
    await writeFile(join(directory, 'none.jsonl'), '');
    const args = ['none.jsonl', '--genesis', 'genesis.json', '--call', '0'];
    const finished = await blockstm(directory, 'explain', ...args);
    expect(finished).toMatchObject({ code: 1, stderr: 'error: --call 0: the block has no calls\n' });
  });

  test('without --call: which calls were aborted', async () => {
    const alone = await explain('--executor', 'sequential');
    expect(alone).toMatchObject({ code: 0, stderr: '' });
    expect(alone.stdout).toBe(
      'None of 20 calls was aborted, this time. The block was executed sequentially, so none can be: with --executor block-stm and several --workers calls meet.\n',
    );
    const { code, stdout } = await explain('--workers', '2', '--grain', '1', '--json');
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({ schema: 'blockstm.aborted-calls/1', calls: CALLS });
    // As many as were aborted this time, which may be none.
    const first = document.aborted.slice(0, 1).map(({ index }: { index: number }) => index);
    expect(document.explanations.map(({ index }: { index: number }) => index)).toEqual(first);
    expect(schemaProblem(document)).toBeUndefined();
    const one = { index: 0, incarnations: 2, aborts: 1 };
    const location = { contract: 'counter', address: `0x${'00'.repeat(32)}`, field: 'count', key: null };
    expect(schemaProblem({ ...document, aborted: [{ ...one, location }] })).toBeUndefined();
    expect(schemaProblem({ ...document, aborted: [one] })).toContain('location');
  });

  test('under auto with one worker, and with one worker in parallel: none, for two reasons', async () => {
    expect((await explain('--executor', 'auto', '--workers', '1')).stdout).toBe(
      'None of 20 calls was aborted, this time. The block was executed sequentially, as auto chose (one worker), so none can be: with --executor block-stm and several --workers calls meet.\n',
    );
    expect((await explain('--workers', '1')).stdout).toBe(
      'None of 20 calls was aborted, this time. With more --workers, or a larger --grain, more calls are under way at once, and meet.\n',
    );
  });

  test('where speculation met a limit, another executor is not the remedy', () => {
    const none = { schema: 'blockstm.aborted-calls/1', calls: 2, aborted: [], explanations: [] } as const;
    const execution = { when: '', decision: { mode: 'sequential', reason: 'limit' }, others: '' } as const;
    expect(explainedText(none, undefined, String, execution)).toBe(
      'None of 2 calls was aborted. The block was executed sequentially, since speculation met a limit: nothing counts of what was aborted.\n',
    );
  });

  test('a table of them, and the first', () => {
    const location = { contract: 'token', address: `0x${'00'.repeat(32)}`, field: 'balances', key: 'alice' };
    const aborted = Array.from({ length: 22 }, (_, at) => ({
      index: 22 - at,
      incarnations: 30 - at,
      location,
      aborts: 29 - at,
    }));
    const explanations = [{ text: 'Call 22 ended.\n' } as Explanation];
    const block = { schema: 'blockstm.aborted-calls/1', calls: 1_000, aborted, explanations } as const;
    const names: CallNames = (index) => `call ${index} (token.transfer)`;
    const execution = { when: ', now', decision: undefined, others: '--others explains others' };
    const text = explainedText(block, undefined, names, execution);
    expect(text.split('\n').slice(0, 4)).toEqual([
      '22 of 1,000 calls were aborted, or left at an ESTIMATE, now. The first in the list is explained below it; --others explains others.',
      '',
      '                          incarnations  most often for',
      'call 22 (token.transfer)            30  29 x token.balances[alice]',
    ]);
    expect(text.endsWith('and 2 more\n\nCall 22 ended.\n')).toBe(true);
    expect(explainedText(block, [22], names, execution)).toBe('Call 22 ended.\n');
  });
});

describe('names of addresses', () => {
  const SIMILAR = ['0x000000000000000000000000000000000001a830', '0x000000000000000000000000000000000002a830'];
  const pay = (sender: string, to: string) =>
    JSON.stringify({ sender, contract: 'coin', method: 'transfer', args: { to, amount: 1 } });

  beforeAll(async () => {
    await copyFile(
      fileURLToPath(new URL('../../dist/contracts/token.wasm', import.meta.url)),
      join(directory, 'token.wasm'),
    );
    const mint = (to: string) => ({ sender: 'bob', contract: 'coin', method: 'mint', args: { to, amount: 100 } });
    const contracts = ['coin', 'alice'].map((name) => ({ name, wasm: 'token.wasm' }));
    const calls = ['bob', 'account:alice'].map(mint);
    await writeFile(join(directory, 'coins.json'), JSON.stringify({ schema: 'blockstm.genesis/1', contracts, calls }));
    const block = [pay('account:alice', 'coin'), ...SIMILAR.map((to) => pay('bob', to)), pay('bob', 'carol')];
    await writeFile(join(directory, 'payments.jsonl'), block.join('\n'));
  });
  const payments = (command: string, ...args: string[]) =>
    blockstm(directory, command, 'payments.jsonl', '--genesis', 'coins.json', '--executor', 'sequential', ...args);

  test('explain: as they were given, and digits as short as they can be told apart', async () => {
    const { code, stdout } = await payments('explain', '--call', '0', '1', '2', '3');
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => line.startsWith('It writes'))).toEqual([
      // There is a contract alice.
      'It writes coin.balances[account:alice] and coin.balances[coin].',
      'It writes coin.balances[bob] and coin.balances[0x00000000…1a830].',
      'It writes coin.balances[bob] and coin.balances[0x00000000…2a830].',
      'It writes coin.balances[bob] and coin.balances[carol].',
    ]);
    const { explanations } = JSON.parse((await payments('explain', '--call', '1', '--json')).stdout);
    const digits = SIMILAR[0]?.slice(2).padStart(64, '0');
    expect(explanations[0].writes.map(({ key }: { key: string }) => key)).toEqual(['bob', `0x${digits}`]);
    expect(explanations[0].text).toContain(`coin.balances[0x${digits}]`);
  });

  test('run: in the graph and the timeline, also where the block is verified', async () => {
    for (const verify of [[], ['--verify']]) {
      const files = ['--graph', 'named.dot', '--stats'];
      expect(await payments('run', ...files, ...verify)).toMatchObject({ code: 0, stderr: '' });
      expect(await read('named.dot')).toContain('  2 -> 3 [label="coin.balances[bob]"];\n');
    }
  });

  test('a chain in a directory, which keeps no names: those of the block file', async () => {
    expect(await payments('run', '--state', 'coins')).toMatchObject({ code: 0 });
    const options = ['--state', 'coins', '--dry-run', '--verify', '--graph', 'kept.dot'];
    await writeFile(join(directory, 'more.jsonl'), [pay('bob', 'carol'), pay('bob', 'dora')].join('\n'));
    expect(await blockstm(directory, 'run', 'more.jsonl', ...options)).toMatchObject({ code: 0 });
    const dot = await read('kept.dot');
    expect(dot).toContain('  0 [label="call 0 (coin.transfer)');
    expect(dot).toContain('  0 -> 1 [label="coin.balances[bob]"];\n');
  });

  test('statistics: keys of both lists are told apart', () => {
    const key = (digits: string, aborts: number) => ({
      contract: 'coin',
      address: `0x${'00'.repeat(32)}`,
      field: 'balances',
      key: `0x${digits.padStart(64, '0')}`,
      aborts,
    });
    const causes = { validation: 3, estimate: 0, cascade: 2 };
    const rows = statisticsRows({
      ...EMPTY_STATISTICS,
      aborts: { total: 5, byCause: causes },
      contendedKeys: [key('1a830', 3), { ...key('9', 1), key: 'alice' }],
      rootKeys: [key('2a830', 2)],
    });
    expect(rows.filter(([, text]) => text.includes('coin.balances'))).toEqual([
      ['contended', '3 x coin.balances[0x00000000…1a830]'],
      ['', '1 x coin.balances[alice]'],
      ['began with', '2 x coin.balances[0x00000000…2a830]'],
    ]);
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
