import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { formatSuite, resolveOptions, runSuite, SUITES } from '../../dist/bench/index.js';
import { cellName } from '../../dist/bench/suite/cell.js';
import { runCells } from '../../dist/bench/suite/suite.js';
import { schemaProblem } from '../support/schemas.js';

const command = fileURLToPath(new URL('../../dist/host/cli/main.js', import.meta.url));
const tamperedRuntime = new URL('../cli/tampered-runtime.js', import.meta.url).href;
const silent = {};
const small = { workload: 'p2p', params: { accounts: 20 }, blockSize: 200 } as const;

/** What a process that is started inherits. */
const { execArgv } = process;

afterEach(() => {
  process.execArgv = execArgv;
  delete process.env.NODE_OPTIONS;
  delete process.env.TAMPER;
});

test('every cell of every suite can be run, and has a name of its own', () => {
  for (const cells of Object.values(SUITES)) {
    expect(new Set(cells.map(cellName)).size).toBe(cells.length);
    for (const { repeatsMin, ...cell } of cells) {
      expect(resolveOptions(cell).settings.executor).toBe(cell.executor);
      expect(repeatsMin ?? 101).toBe(101);
    }
  }
});

test('cells run one after the other, with what they say and what the suite is asked for', async () => {
  const progress: string[] = [];
  const finished: string[] = [];
  const cells = [
    { ...small, executor: 'auto', repeatsMin: 6 },
    { ...small, executor: 'block-stm', policy: { validate: 'version' }, workers: 1, endToEnd: true },
  ] as const;
  const result = await runCells(
    'mine',
    cells,
    { workers: 2, repeats: 2, warmUp: 600, seed: 7 },
    {
      progress: (text) => progress.push(text),
      finished: (text) => finished.push(text),
    },
  );
  expect(result).toMatchObject({
    schema: 'blockstm.suite/1',
    suite: 'mine',
    cells: [
      {
        name: 'p2p accounts=20 auto block-size=200',
        report: { executor: 'auto', workers: 2, repeats: 6, seed: 7, statesEqual: true, measured: 'execute' },
      },
      {
        name: 'p2p accounts=20 block-stm validate=version block-size=200 workers=1 end-to-end',
        report: { workers: 1, repeats: 2, policy: { validate: 'version', deltas: true }, measured: 'end-to-end' },
      },
    ],
    env: { node: process.versions.node },
  });
  expect(schemaProblem(JSON.parse(JSON.stringify(result)))).toBeUndefined();
  expect(result.cells.map(({ report }) => report.params)).toEqual([{ accounts: 20 }, { accounts: 20 }]);
  expect(finished).toEqual([
    expect.stringMatching(/^1 of 2, p2p accounts=20 auto block-size=200: \d+\.\d\dx, \d+\.\d% aborts$/),
    expect.stringMatching(/^2 of 2, /),
  ]);
  expect(progress).toContain('1 of 2, p2p accounts=20 auto block-size=200: p2p: measuring, repeat 1 of 6');
  const lines = formatSuite(result).split('\n');
  expect(lines[0]).toMatch(/^suite mine, .* cores, Node /);
  expect(lines.slice(2).map((line) => line.replaceAll(/ +/g, ' ').replaceAll(/\d[\d.,]*/g, '#'))).toEqual([
    ' sequential/s calls/s speed-up (#% interval) aborts bytes a call',
    'p#p accounts=# auto block-size=# # # #x (# to #) #% #',
    'p#p accounts=# block-stm validate=version block-size=# workers=# end-to-end # # #x #% #',
    '',
  ]);
});

test('a cell whose results differ says so', async () => {
  process.execArgv = [...execArgv, '--import', tamperedRuntime];
  process.env.TAMPER = 'receipt';
  const result = await runCells(
    'mine',
    [{ ...small, executor: 'block-stm' }],
    { workers: 1, repeats: 1, warmUp: 600 },
    silent,
  );
  expect(result.cells[0]?.report).toMatchObject({
    statesEqual: false,
    difference: expect.stringContaining('receipt 1'),
  });
});

test('a process that dies is an error, and so is one that fails', async () => {
  await expect(runCells('mine', [{ workload: 'p3p' }], {}, silent)).rejects.toMatchObject({
    code: 'ERR_OPTION',
    message: expect.stringContaining('p3p: workload: expected one of p2p'),
  });
  process.env.NODE_OPTIONS = '--import data:text/javascript,setTimeout(()=>process.exit(7),100)';
  await expect(runCells('mine', [small], { repeats: 1_000 }, silent)).rejects.toMatchObject({
    code: 'ERR_WORKER',
    message: 'p2p accounts=20 block-size=200: the process of the benchmark ended before it reported: exit code 7',
  });
});

test.each([
  ['SIGINT', { code: 130, signal: null }],
  ['SIGKILL', { code: null, signal: 'SIGKILL' }],
] as const)('the process of a cell ends with the command, by %s', async (kill, end) => {
  // Each process says that it started; the command is the first. Both have the same standard error: it is closed when both are gone.
  const NODE_OPTIONS = '--import data:text/javascript,process.stderr.write(`started\\n`)';
  const parent = spawn(process.execPath, [command, 'bench', '--suite', 'core'], {
    env: { ...process.env, NODE_OPTIONS },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  parent.stderr.on('data', (text) => {
    said += text;
    if (said === 'started\nstarted\n') parent.kill(kill);
  });
  const ended = await new Promise((resolve) => parent.once('close', (code, signal) => resolve({ code, signal })));
  expect(ended).toEqual(end);
  if (kill === 'SIGINT') expect(said).toContain('error (ERR_ABORTED): p2p accounts=10000 auto: interrupted');
});

test.each([
  ['core', { workers: 257 }, 'workers: expected a whole number from 1 to 256, found 257'],
  ['core', { repeats: 0 }, 'repeats: expected a whole number from 1 to 1,000, found 0'],
  ['cores', {}, 'suite: expected one of core, ablation (did you mean core?), found cores'],
  ['constructor', {}, 'suite: expected one of core, ablation, found constructor'],
])('suite %s with %o is refused', async (suite, options, message) => {
  await expect(runSuite(suite, options, silent)).rejects.toMatchObject({ code: 'ERR_OPTION', message });
});
