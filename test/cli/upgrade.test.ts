import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { compile } from '../../dist/host/contract/index.js';
import { fingerprint } from '../support/fingerprint.js';
import { blockstm } from './command.js';

const counter = (fields: string, methods: string): string => `import { require, Value } from "blockstm/assembly";
const count = new Value<u64>();
${fields}
export function add(by: u64): u64 { count.set(count.get() + by); return count.get(); }
${methods}
`;

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'blockstm-upgrade-'));
  const migrate = `@migrate export function begin(at: u64): void { require(at > 0, "from 0 there is nothing to do"); start.set(at); }`;
  const since = '@view export function since(): u64 { return count.get() - start.get(); }';
  const next = counter('const start = new Value<u64>();', `${migrate}\n${since}`);
  const sources = {
    counter: counter('', ''),
    next,
    other: counter('', '').replaceAll('count', 'total'),
    moved: next.replaceAll('count', 'total'),
  };
  await writeFile(join(directory, 'next.ts'), next);
  // Compiled here once, and not by each command; that a command compiles is seen with next.ts.
  for (const [file, source] of Object.entries(sources)) {
    await writeFile(join(directory, `${file}.wasm`), (await compile({ name: 'counter', source })).wasm);
  }
  await done('deploy', 'counter.wasm', '--state', 'chain');
  await done('call', 'counter', 'add', 'by=5', '--sender', 'alice', '--state', 'chain');
}, 60_000);

afterAll(() => rm(directory, { recursive: true }));

async function done(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await blockstm(directory, ...args);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
  return stdout;
}

const unsigned = (...args: readonly string[]) => ['upgrade', ...args, '--state', 'chain', '--contract', 'counter'];
const upgrade = (...args: readonly string[]) => [...unsigned(...args), '--sender', 'alice'];

test('what is unsafe, or what its migrate method refuses, changes nothing', async () => {
  const before = await fingerprint(directory);
  const refused: [string[], string][] = [
    [upgrade('other.wasm'), 'unsafe for the data of counter: count (moved)'],
    [upgrade('next.wasm'), '--migrate: missing, the contract has to be given at=<u64>'],
    [upgrade('next.wasm', '--migrate', 'at=0'), 'from 0 there is nothing to do'],
    [upgrade('next.wasm', '--migrate', 'at=x'), 'at'],
    [unsigned('next.wasm', '--migrate', 'at=3'), '--sender: missing, begin is called in the same block'],
  ];
  for (const [args, message] of refused) {
    const { code, stderr } = await blockstm(directory, ...args);
    expect({ args, code, stderr }).toEqual({ args, code: 1, stderr: expect.stringContaining(message) });
  }
  expect(await fingerprint(directory)).toEqual(before);
});

test('a dry run says what has to be called, what that does, and that there is nothing to do', async () => {
  const before = await fingerprint(directory);
  const missing = await blockstm(directory, ...upgrade('next.wasm', '--dry-run'));
  expect(missing).toEqual({
    code: 1,
    stdout: expect.stringContaining('begin(at: u64), its migrate method, has to be called: --migrate at=<u64>\n'),
    stderr: 'error: --migrate: missing, the contract has to be given at=<u64>\n',
  });
  const called = upgrade('next.wasm', '--dry-run', '--migrate', 'at=3');
  expect(await done(...called)).toContain('begin(at: u64), its migrate method, would be called, and ends ok\n');
  expect(JSON.parse(await done(...called, '--json'))).toMatchObject({
    isSameCode: false,
    migrate: { method: 'begin', inputs: [{ name: 'at', type: 'u64' }], isMissing: false, outcome: 'ok' },
    head: null,
  });
  const refused: [string[], string][] = [
    [upgrade('next.wasm', '--dry-run', '--migrate', 'at=0'), 'from 0 there is nothing to do'],
    [upgrade('counter.wasm', '--dry-run', '--migrate', 'at=3'), 'counter has this code already'],
    [upgrade('other.wasm', '--dry-run', '--allow-unsafe', 'count', '--migrate'), 'the contract has no migrate method'],
    [upgrade('counter.wasm'), 'counter has this code already: there is nothing to upgrade'],
  ];
  for (const [args, message] of refused) {
    const { code, stderr } = await blockstm(directory, ...args);
    expect({ args, code, stderr }).toEqual({ args, code: 1, stderr: expect.stringContaining(message) });
  }
  expect(await fingerprint(directory)).toEqual(before);
});

test('the migrate method is not called where the layout is refused', async () => {
  const args = upgrade('moved.wasm', '--migrate', 'at=3');
  const { code, stdout } = await blockstm(directory, ...args, '--dry-run');
  expect({ code, stdout }).toEqual({
    code: 1,
    stdout: expect.stringMatching(/\nbegin\(at: u64\), its migrate method, was not called\n$/),
  });
  const json = await blockstm(directory, ...args, '--json');
  expect(JSON.parse(json.stdout)).toMatchObject({ migrate: { method: 'begin', outcome: 'notCalled' }, head: null });
  expect(JSON.parse(json.stderr)).toMatchObject({ code: 'ERR_LAYOUT' });
});

test('new code goes on with the data of the old, and every block can be executed again', async () => {
  const json = await done(...upgrade('next.ts', '--migrate', 'at=3', '--json'));
  expect(JSON.parse(json)).toMatchObject({
    schema: 'blockstm.upgrade/1',
    changes: [{ kind: 'added', field: 'start' }],
    head: { height: '3' },
  });
  expect(await done('view', 'counter', 'since', '--state', 'chain')).toContain('2');
  await done('call', 'counter', 'add', 'by=1', '--sender', 'alice', '--state', 'chain');
  expect(await done('replay', '--state', 'chain')).toMatch(/4 blocks/);
  const shown = await done(...upgrade('counter.wasm', '--allow-unsafe', 'start'));
  expect(shown).toContain('removed');
  expect(shown).toMatch(/head +5, [0-9a-f]{64}/);
  const log = await done('log', '--state', 'chain');
  expect(log.match(/(deploys|upgrades) counter/g)).toEqual(['upgrades counter', 'upgrades counter', 'deploys counter']);
  expect(await done('log', '--state', 'chain', '--receipts', '--from', '5')).toMatch(
    /^block 5, .*, upgrades counter\n$/,
  );
  const { blocks } = JSON.parse(await done('log', '--state', 'chain', '--json'));
  expect(
    blocks.flatMap((block: { deployments: { isUpgrade: boolean }[] }) =>
      block.deployments.map((each) => each.isUpgrade),
    ),
  ).toEqual([true, true, false]);
});
