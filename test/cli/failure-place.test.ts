import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { failurePlace } from '../../dist/host/cli/failure-place.js';
import { blockstm } from './command.js';

const SOURCE = `import { revert } from "blockstm/assembly";
function refuse(): void {
  revert("私は refuse");
}
export function fail(): void {
  /* 日本 */ refuse();
}
export function other(): void {
  revert("otherwise");
}
`;

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'blockstm-place-'));
  await mkdir(join(directory, 'contracts'));
  await writeFile(join(directory, 'contracts', 'failing.ts'), SOURCE);
  await writeFile(join(directory, 'contracts', 'broken.ts'), 'export function f(): u32 {\n  return nothing;\n}\n');
  const contracts = [{ name: 'failing', source: 'contracts/failing.ts' }];
  await writeFile(join(directory, 'genesis.json'), JSON.stringify({ schema: 'blockstm.genesis/1', contracts }));
  const call = JSON.stringify({ sender: 'alice', contract: 'failing', method: 'fail', args: {} });
  await writeFile(join(directory, 'block.jsonl'), `${call}\n${call}\n`);
  const { stderr, code } = await blockstm(directory, 'deploy', 'contracts/failing.ts', '--state', 'chain');
  expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
}, 60_000);

afterAll(() => rm(directory, { recursive: true }));

const PLACE = `failing.ts:3:3
  3 |   revert("私は refuse");
    |   ^
at failing.revert  ~lib/blockstm/assembly/revert.ts:10:3
at failing.refuse  failing.ts:3:3
at failing.fail`;

function indented(columns: number): string {
  return PLACE.replaceAll(/^/gm, ' '.repeat(columns));
}

test('call shows the place, its line and what had been called', async () => {
  const args = ['fail', '--sender', 'alice', '--state', 'chain'];
  const { stdout, stderr, code } = await blockstm(directory, 'call', 'failing', ...args);
  expect(stdout).toContain(`error        revert: 私は refuse\n${indented(13)}\ngas `);
  expect({ stderr, code }).toEqual({ stderr: 'error: failing.fail: reverted (revert: 私は refuse)\n', code: 1 });
});

test('view shows it with the error', async () => {
  const { stdout, stderr, code } = await blockstm(directory, 'view', 'failing', 'fail', '--state', 'chain');
  expect({ stdout, code }).toEqual({ stdout: '', code: 1 });
  expect(stderr).toBe(`error: failing.fail: reverted (revert: 私は refuse)\n${PLACE}\n`);
});

test('run shows it once for the calls that failed alike', async () => {
  const args = ['--genesis', 'genesis.json', '--out', 'receipts.jsonl', '--verify'];
  const { stdout } = await blockstm(directory, 'run', 'block.jsonl', ...args);
  expect(stdout).toContain(`             2 x revert: 私は refuse\n${indented(15)}\ngas `);
  const receipts = (await readFile(join(directory, 'receipts.jsonl'), 'utf8')).trim().split('\n');
  expect(receipts.map((each) => JSON.parse(each).error.position.line)).toEqual([3, 3]);
});

test('--json has the fields', async () => {
  const { stdout } = await blockstm(directory, 'view', 'failing', 'fail', '--state', 'chain', '--json');
  const { error } = JSON.parse(stdout).receipt;
  expect(error.position).toEqual({ file: 'failing.ts', line: 3, column: 3 });
  expect(error.backtrace.slice(1)).toEqual([
    {
      function: 'refuse',
      file: 'failing.ts',
      line: 3,
      column: 3,
      source: '  revert("私は refuse");',
      contract: 'failing',
    },
    { function: 'fail', contract: 'failing' },
  ]);
});

test.each([
  ['check', 'contracts/broken.ts'],
  ['deploy', './contracts/broken.ts', '--state', 'chain'],
])('%s %s says where the file is from here', async (...args) => {
  const { stderr, code } = await blockstm(directory, ...args);
  expect(code).toBe(1);
  expect(stderr).toContain(
    `error (ERR_COMPILE): ${join('contracts', 'broken.ts')}:2:10: Cannot find name 'nothing'.\n`,
  );
});

test('of a module that was built without --debug, they say how to know', async () => {
  expect((await blockstm(directory, 'build', 'contracts/failing.ts')).code).toBe(0);
  expect((await blockstm(directory, 'deploy', 'build/failing.wasm', '--state', 'bare')).code).toBe(0);
  const { stderr, code } = await blockstm(directory, 'view', 'failing', 'fail', '--state', 'bare');
  expect({ stderr: stderr.replace(/^at failing\.function \d+\n/m, ''), code }).toEqual({
    stderr: `error: failing.fail: reverted (revert: 私は refuse)
at failing.fail
(where in the source is known of contracts built with --debug)
`,
    code: 1,
  });
  // A call that did not come to any code has no place anywhere.
  const { stderr: unknown } = await blockstm(
    directory,
    'call',
    'failing',
    'fail',
    '--sender',
    'alice',
    '--gas-limit',
    '1',
    '--state',
    'bare',
  );
  expect(unknown).not.toContain('--debug');
});

test('a contract that has a source map is not said to have none where the place is a library', () => {
  const library = { function: 'revert', file: '~lib/blockstm/assembly/revert.ts', line: 10, column: 3 };
  const own = { function: 'go' };
  const said = '(where in the source is known of contracts built with --debug)';
  expect(failurePlace({ code: 'revert', message: 'no', backtrace: [library, own] })).not.toContain(said);
  expect(failurePlace({ code: 'revert', message: 'no', backtrace: [own] })).toContain(said);
});
