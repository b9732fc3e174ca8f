import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fingerprint } from '../support/fingerprint.js';
import { blockstm, blockstmOf, type Finished } from './command.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

const shopSource = `import { Address, Map, u128, Value } from "blockstm/assembly";
class Order {
  id: u64 = 0;
  price: u128 = u128.Zero;
  note: string | null = null;
}
const owner = new Value<Address>();
const orders = new Map<u64, string>();

@init
export function open(by: Address): void { owner.set(by); }

export function buy(order: Order, tags: u32[], gift: Address | null): void { orders.set(order.id, "sold"); }

export function keep(data: Uint8Array): u64 { return data.length; }
`;

/** No file can have this name. */
const LONG = 'x'.repeat(300);

let directory: string;
/** By the commands that make the chain. */
const shown: string[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'blockstm-bad-'));
  await writeFile(join(directory, 'shop.ts'), shopSource);
  await writeFile(join(directory, 'broken.ts'), 'export function f(): u32 {\n  return nothing;\n}\n');
  await writeFile(join(directory, 'bad.gas'), '{"schema": "blockstm.gas-snapshot/1"}');
  await mkdir(join(directory, 'full/contracts'), { recursive: true });
  await writeFile(join(directory, 'full/package.json'), '{}');
  for (const args of [
    ['build', 'shop.ts'],
    ['deploy', 'build/shop.wasm', '--state', 'chain', '--init', 'by=alice', '--sender', 'dora'],
    ['call', 'shop', 'buy', fine[0], fine[1], fine[2], '--sender', 'carol', '--state', 'chain'].map(String),
  ]) {
    const { code, stdout, stderr } = await blockstm(directory, ...args);
    expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
    shown.push(stdout);
  }
}, 120_000);

afterAll(async () => {
  await rm(directory, { recursive: true });
});

const fine = [
  `order={"id": 1, "price": "340282366920938463463374607431768211455", "note": null}`,
  'tags=[1, 4294967295]',
  'gift=null',
];
const buy = ['call', 'shop', 'buy', '--sender', 'carol', '--state', 'chain'];

/** Run a command that is to be refused, in one line, without a trace of it. */
async function refusal(args: readonly string[], run = blockstm): Promise<string> {
  const before = await fingerprint(directory);
  const { code, stdout, stderr } = await run(directory, ...args);
  expect({ args, code, stdout }).toEqual({ args, code: 1, stdout: '' });
  expect(stderr.replace('(--help says more)\n', '')).toMatch(/^error.*\n$/);
  expect(await fingerprint(directory)).toEqual(before);
  return stderr;
}

// A name that is unknown, missing or given twice, and an address that is too short: state-refusals.test.ts.
describe('an argument', () => {
  const [order, tags, gift] = fine as [string, string, string];
  test.each([
    ['is no JSON', [order, 'tags=[1,', gift], 'tags: not JSON: expected a value, at character 4 of [1,'],
    ['is no array', [order, 'tags=7', gift], 'tags: expected an array, found 7'],
    ['is no struct', ['order=[]', tags, gift], 'order: expected an object, found an array'],
    ['overflows', [order, 'tags=[1, 4294967296]', gift], 'tags[1]: expected a whole number from 0 to 4294967295'],
    [
      'overflows 128 bits',
      [order.replace('455"', '456"'), tags, gift],
      'order.price: expected a whole number from 0 to 340282366920938463463374607431768211455, found "3402',
    ],
    [
      'was rounded',
      [order.replace('"id": 1', '"id": 9007199254740993'), tags, gift],
      'order.id: expected a whole number from 0 to 18446744073709551615 (as a string beyond 2^53), found 9007199254740993',
    ],
    ['has an unknown field', [order.replace('id', 'idd'), tags, gift], 'order.idd: unknown name, expected id, price'],
    [
      'misses a field',
      [order.replace(', "note": null', ''), tags, gift],
      'order.note: expected a string, found nothing',
    ],
    [
      'is a contract that is not there',
      [order, tags, 'gift=contract:shp'],
      'gift: there is no contract shp (did you mean shop?)',
    ],
  ])('%s', async (_, args, message) => {
    expect(await refusal([...buy, ...args])).toContain(message);
  });
});

describe('a call', () => {
  test.each([
    ['of no method', ['call', 'shop', '--sender', 'a', '--state', 'chain'], 'method: missing, expected buy, keep'],
    [
      'by a contract',
      ['call', 'shop', 'keep', 'data=0x', '--sender', 'shop', '--state', 'chain'],
      '--sender: shop is a contract here: account:shop is the account of that name',
    ],
    [
      'in the past',
      ['call', 'shop', 'keep', 'data=0x', '--sender', 'a', '--state', 'past', '--timestamp', '4'],
      '--timestamp 4: expected at least 5, as the last block has',
    ],
    ['at no time', [...buy, ...fine, '--timestamp', 'now'], 'Expected whole seconds since 1970'],
  ])('%s', async (_, args, message) => {
    if (args.includes('past')) {
      await blockstm(
        directory,
        ...'deploy build/shop.wasm --state past --init by=alice --sender dora --timestamp 5'.split(' '),
      );
    }
    expect(await refusal(args)).toContain(message);
  });
});

test('a name that is taken for an account is said to be one', () => {
  const accounts = shown.map((text) =>
    [...text.matchAll(/^account +(\w+) is (0x[0-9a-f]{64})$/gm)].map(([, name]) => name),
  );
  expect(accounts).toEqual([[], ['alice', 'dora'], ['carol']]);
});

describe('a deployment', () => {
  const deploy = ['deploy', 'build/shop.wasm', '--state', 'chain'];
  test.each([
    [
      'without what it begins with',
      [...deploy, '--name', 'other'],
      '--init: missing, the contract has to be given by=<address>',
    ],
    ['with an unknown argument', [...deploy, '--name', 'other', '--init', 'b=alice'], 'b: unknown name, expected by'],
    [
      'that nobody begins',
      [...deploy, '--name', 'other', '--init', 'by=alice'],
      '--sender: missing, open is called in the same block',
    ],
    ['with a bad address', [...deploy, '--name', 'other', '--init', 'by=0x'], 'by: expected an address'],
    [
      'under the name of a sender',
      [...deploy, '--name', 'carol', '--init', 'by=a', '--sender', 'a'],
      "carol is an account's name, in block 2",
    ],
    [
      'under the name of an account that was an argument',
      [...deploy, '--name', 'alice', '--init', 'by=a', '--sender', 'a'],
      "alice is an account's name, in block 1",
    ],
    [
      'under a name that looks like an account',
      [...deploy, '--name', 'account:x', '--init', 'by=a', '--sender', 'a'],
      'does not start with "account:"',
    ],
    ['of no file', deploy.with(1, 'no.wasm'), 'cannot read no.wasm: ENOENT'],
  ])('%s', async (_, args, message) => {
    expect(await refusal(args)).toContain(message);
  });
});

describe('a project', () => {
  test.each([
    [
      'in a directory that is full',
      ['init', 'full'],
      'full is not empty, it has contracts, package.json: init needs a new or an empty directory',
    ],
    ['in a file', ['init', 'shop.ts'], 'cannot read shop.ts: ENOTDIR'],
    ['in a directory that cannot be', ['init', `a/b/${LONG}`], `cannot make a project in a/b/${LONG}: ENAMETOOLONG`],
    ['without contracts', ['build'], 'file or directory; not a project? blockstm init makes one\n'],
    [
      'with a contract that is not there',
      ['build', 'no.ts'],
      'error: cannot read no.ts: ENOENT: no such file or directory\n',
    ],
    [
      'checked before it is built',
      ['check', './build/no.wasm'],
      'no such file or directory; blockstm build makes it\n',
    ],
    ['measured, with an option of vitest', ['gas', '--check', '-t', 'list'], 'what is for vitest comes after --'],
    ['compared with a test', ['gas', '--check', 'shop.ts'], 'as in: blockstm gas --check -- shop.ts\n'],
    [
      'with a module in place of a source',
      ['build', 'build/shop.wasm'],
      'build/shop.wasm: expected a contract in AssemblyScript',
    ],
    [
      'with two contracts of a name',
      ['build', 'shop.ts', 'full/shop.ts'],
      'shop.ts and full/shop.ts have the same name',
    ],
    ['built into a file', ['build', 'shop.ts', '--out', 'bad.gas'], 'cannot write to bad.gas: EEXIST'],
    [
      'built to where nothing can be',
      ['build', 'shop.ts', '--out', `a/${LONG}`],
      `cannot write to a/${LONG}: ENAMETOOLONG`,
    ],
    ['without vitest', ['test'], `the tests need the package vitest, which is not installed in`],
    ['without vitest, measured', ['gas', '--snapshot'], `the tests need the package vitest, which is not installed in`],
    [
      'without a snapshot',
      ['gas', '--check'],
      'there is no .gas-snapshot to compare with: blockstm gas --snapshot makes it',
    ],
    [
      'with two wishes',
      ['gas', '--check', '--snapshot'],
      "option '--snapshot [file]' cannot be used with option '--check [file]'",
    ],
    ['with no tolerance', ['gas', '--check', '--tolerance', 'some'], 'Expected a number'],
    ['measured, to a file that is something else', ['gas', '--snapshot', 'shop.ts'], 'is no gas snapshot'],
    ['inspected, of no file', ['inspect', 'no.wasm'], 'cannot read no.wasm'],
    [
      'upgraded to what it is',
      ['upgrade', 'build/shop.wasm', '--state', 'chain', '--contract', 'shop'],
      'has this code already',
    ],
    [
      'upgraded, of an unknown contract',
      ['upgrade', 'shop.ts', '--state', 'chain', '--contract', 'shp', '--dry-run'],
      '--contract: there is no contract shp (did you mean shop?)',
    ],
    ['mistyped', ['biuld'], "unknown command 'biuld' (did you mean build?)"],
  ])('%s', async (_, args, message) => {
    expect(await refusal(args)).toContain(message);
  });
});

test.skipIf(process.platform !== 'linux').each([
  ['init', ['init', '/proc/x/y'], 'cannot make a project in /proc/x/y: ENOENT'],
  [
    'deploy',
    ['deploy', 'build/shop.wasm', '--state', '/proc/x', '--init', 'by=a', '--sender', 'a'],
    'cannot make /proc/x: ENOENT',
  ],
])('%s ends where the system says of a directory that is there that it is not', async (_, args, message) => {
  expect(await refusal(args)).toContain(message);
});

test('the next command is one for a shell, however the directory is called', async () => {
  const init = async (name: string) => (await blockstm(directory, 'init', name)).stdout.split('\n')[1];
  expect(await init('made/my-token')).toBe('next: cd made/my-token && npm install && npm test');
  expect(await init("made/bob's token")).toBe("next: cd 'made/bob'\\''s token' && npm install && npm test");
  await rm(join(directory, 'made'), { recursive: true });
});

test('a source that does not compile says where, and nothing of it is built, nor left of an older one', async () => {
  const before = await fingerprint(directory);
  for (const name of ['broken.wasm', 'broken.client.ts']) await writeFile(join(directory, 'build', name), '');
  const { code, stdout, stderr } = await blockstm(directory, 'build', 'broken.ts');
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toBe(
    "error (ERR_COMPILE): broken.ts:2:10: Cannot find name 'nothing'.\n  2 |   return nothing;\n    |          ^^^^^^^\n" +
      `removed, being of an older source: ${join('build', 'broken.wasm')}, ${join('build', 'broken.client.ts')}\n`,
  );
  expect(await fingerprint(directory)).toEqual(before);
});

test('a payload that no block can have', async () => {
  await writeFile(join(directory, 'large.jsonl'), '');
  const large = { sender: 'a', contract: 'shop', method: 'keep', args: { data: `0x${'00'.repeat(2 ** 26)}` } };
  await writeFile(join(directory, 'large.jsonl'), JSON.stringify(large));
  const args = ['run', 'large.jsonl', '--state', 'chain', '--limit', 'memoryMiB=64'];
  expect(await refusal(args)).toContain('limits.memoryMiB');
});

describe('with --json an error is a document on the standard error', () => {
  test.each([
    [[...buy, 'order=1'], { code: 'ERR_INPUT', message: 'order: expected an object, found 1' }],
    [
      ['build', 'broken.ts'],
      {
        code: 'ERR_COMPILE',
        problems: [{ file: 'broken.ts', line: 2, column: 10, message: "Cannot find name 'nothing'." }],
      },
    ],
    [
      ['gas', '--check', 'bad.gas'],
      {
        code: 'ERR_INPUT',
        problems: [{ file: 'bad.gas', line: 1, column: 1, message: 'methods: expected an object, found nothing' }],
      },
    ],
    [['log'], { code: 'ERR_USAGE', message: "required option '--state <dir>' not specified" }],
    [['view', 'shop', 'keep', '--input', '0x', '--state', 'chain'], { code: 'ERR_CALL' }],
  ])('%j', async (args, error) => {
    const { code, stderr } = await blockstm(directory, ...args, '--json');
    expect(code).toBe(1);
    expect(stderr.trimEnd()).not.toContain('\n');
    expect(JSON.parse(stderr)).toMatchObject({ schema: 'blockstm.error/1', ...error });
  });
});

test('a stack trace is shown where it is asked for', async () => {
  const { stderr } = await blockstm(directory, 'inspect', 'no.wasm', '--verbose');
  expect(stderr).toMatch(/^error: cannot read no\.wasm.*\n.*\n {4}at /);
});

test('the package assemblyscript is not installed', async () => {
  const copy = join(directory, 'node_modules/blockstm');
  await cp(join(root, 'dist/host'), join(copy, 'dist/host'), { recursive: true });
  await cp(join(root, 'package.json'), join(copy, 'package.json'));
  for (const name of ['commander', 'comlink', 'valibot', '@assemblyscript', '@noble']) {
    await symlink(join(root, 'node_modules', name), join(directory, 'node_modules', name));
  }
  const run = (...args: [string, ...string[]]): Promise<Finished> => blockstmOf(copy, ...args);
  expect(await refusal(['build', 'shop.ts'], run)).toContain('npm install --save-dev assemblyscript');
});
