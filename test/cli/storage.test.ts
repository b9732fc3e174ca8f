import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { accountAddress } from '../../dist/host/cli/address-book.js';
import { blockstm } from './command.js';

const shelf = `import { Address, Counter, EnumerableMap, EnumerableSet, Map, require, Set, Value, Vector } from "blockstm/assembly";
const owner = new Value<Address>();
const label = new Value<string>();
const total = new Counter();
const stock = new Map<string, u64>();
const debts = new Map<Address, u32[]>();
const keepers = new Set<Address>();
const notes = new Vector<u8>();
const rows = new EnumerableMap<u16, bool>();
const open = new EnumerableSet<u64>();
@init
export function create(by: Address, name: string): void {
  require(name.length > 0, "no name");
  owner.set(by);
  label.set(name);
}
export function put(item: string, count: u64, to: Address): u64 {
  stock.set(item, count);
  debts.set(to, [7, 9]);
  keepers.add(to);
  notes.push(5);
  rows.set(3, true);
  open.add(5);
  open.add(8);
  total.add(count);
  return count;
}
export function nothing(): void {}
@view
export function countOf(item: string): u64 { return stock.get(item); }
`;

const hex = (name: string): string => `0x${Buffer.from(accountAddress(name)).toString('hex')}`;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'blockstm-storage-'));
  await writeFile(join(directory, 'shelf.ts'), shelf);
  // A genesis that has the source compiles it every time.
  await done('build', 'shelf.ts');
  await genesis({ sender: 'bob', args: { by: 'alice', name: 'one' } });
  await writeFile(join(directory, 'empty.jsonl'), '');
  await done('run', 'empty.jsonl', '--genesis', 'genesis.json', '--state', 'chain');
  await done('call', 'shelf', 'put', 'item=nail', 'count=12', 'to=carol', '--sender', 'bob', '--state', 'chain');
}, 120_000);
afterAll(() => rm(directory, { recursive: true }));

function genesis(init: object | undefined): Promise<void> {
  const contracts = [{ name: 'shelf', wasm: 'build/shelf.wasm', ...(init && { init }) }];
  return writeFile(
    join(directory, 'genesis.json'),
    JSON.stringify({ schema: 'blockstm.genesis/1', contracts }, null, 1),
  );
}

async function done(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await blockstm(directory, ...args);
  expect({ args, code, stderr }).toEqual({ args, code: 0, stderr: '' });
  return stdout;
}

async function refused(...args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await blockstm(directory, ...args);
  expect({ args, code, stdout }).toEqual({ args, code: 1, stdout: '' });
  return stderr;
}

test('a value is had by the name of its field, and by the key of a map, the member of a set, the index of a vector', async () => {
  const get = (...args: readonly string[]) => done('state', 'get', 'shelf', ...args, '--state', 'chain');
  expect(await get('owner')).toBe(`${hex('alice')}\n`);
  expect(await get('label')).toBe('"one"\n');
  expect(await get('total')).toBe('12\n');
  expect(await get('stock', 'nail')).toBe('12\n');
  expect(await get('debts', 'carol')).toBe('[7,9]\n');
  expect(await get('debts', hex('carol'))).toBe('[7,9]\n');
  expect(await get('keepers', 'carol')).toBe('true\n');
  expect(await get('notes')).toBe('1\n');
  expect(await get('notes', '0')).toBe('5\n');
  expect(await get('rows', '3')).toBe('true\n');
  expect(await get('open', '8')).toBe('true\n');
  // As a scan shows them.
  expect(await get('keys of open', '1')).toBe('8\n');
  expect(await get('place of open', '8')).toBe('2\n');
  expect(await get('size of open')).toBe('2\n');
  const document = JSON.parse(await get('debts', 'carol', '--json'));
  expect(document).toMatchObject({ field: 'debts', part: 'value', of: hex('carol'), decoded: [7, 9] });
  // By digits there are digits.
  expect(await get(document.key)).toBe(`${document.value}\n`);
});

test('what is no field, no key of it, or not there, is said', async () => {
  const get = (...args: readonly string[]) => refused('state', 'get', 'shelf', ...args, '--state', 'chain');
  expect(await get('stocks', 'nail')).toMatch(
    /^error: field: shelf has no storage field stocks, expected owner, label/,
  );
  expect(await get('stocks', 'nail')).toContain('(did you mean stock?)');
  expect(await get('stock')).toBe('error: key: shelf.stock is a map: the key (string) is missing\n');
  expect(await get('owner', 'x')).toBe('error: key: shelf.owner is a value, which has no keys\n');
  expect(await get('rows', 'x')).toContain('error: key: expected a whole number from 0 to 65535');
  expect(await get('open', '9')).toContain('shelf has no value at open[9]');
  expect(await get('keys of open')).toBe('error: key: shelf.open is an enumerableSet: the index (u64) is missing\n');
  expect(await get('keys of stock', '0')).toContain('shelf.stock is a map, which has no list of its keys');
  expect(await get('stock', 'screw')).toContain('shelf has no value at stock["screw"]');
  expect(await get(`0x${'00'.repeat(8)}`, 'x')).toMatch(/^error: field: 0x0+ is a whole key, expected/);
  expect(await refused('state', 'get', 'shlf', 'owner', '--state', 'chain')).toBe(
    'error: contract: there is no contract shlf (did you mean shelf?)\n',
  );
});

test('a scan shows fields and values in the words of the layout', async () => {
  const shown = await done('state', 'scan', 'shelf', '--state', 'chain');
  const rows = shown.split('\n').map((line) => line.split(/ {2,}/));
  const found = new Map(rows.map(([contract, key, value]) => [key, [contract, value]] as const));
  expect(found.get('label')).toEqual(['shelf', '"one"']);
  expect(found.get('stock["nail"]')).toEqual(['shelf', '12']);
  expect(found.get(`keepers[${hex('carol')}]`)).toEqual(['shelf', 'true']);
  expect(found.get('size of notes')).toEqual(['shelf', '1']);
  expect(found.get('notes[0]')).toEqual(['shelf', '5']);
  expect(found.get('rows[3]')).toEqual(['shelf', 'true']);
  expect(found.get('keys of rows[0]')).toEqual(['shelf', '3']);
  const { entries } = JSON.parse(await done('state', 'scan', 'shelf', '--state', 'chain', '--json'));
  expect(entries).toContainEqual(expect.objectContaining({ field: 'total', part: 'value', decoded: '12' }));
});

test('a view of a method that is none prints what it gives, or says that it gives nothing and was dropped', async () => {
  const view = (...args: readonly string[]) => blockstm(directory, 'view', 'shelf', ...args, '--state', 'chain');
  const put = ['put', 'item=nail', 'count=99', 'to=bob'];
  expect(await view(...put)).toEqual({ code: 0, stdout: '99\n', stderr: '' });
  expect(await view('nothing')).toEqual({
    code: 0,
    stdout: 'ok: shelf.nothing gives nothing back, and what it wrote was dropped: blockstm call makes a block of it\n',
    stderr: '',
  });
  expect(await view('countOf', 'item=nail')).toEqual({ code: 0, stdout: '12\n', stderr: '' });
  expect((await view('create', 'by=bob', 'name=two')).stderr).toContain(
    'shelf.create is called by blockstm deploy --init, and by nobody else',
  );
});

test('a genesis gives the arguments of an init method; what is wrong with them is shown there', async () => {
  const run = () => refused('run', 'empty.jsonl', '--genesis', 'genesis.json', '--json');
  const wrong: [object | undefined, string][] = [
    [undefined, '"init": { "args": { "by": <address>, "name": <string> } } beside it'],
    [{ args: { by: 'alice' } }, 'contracts[0].init.args.name: expected a string, found nothing'],
    [{ args: { by: '0x12', name: 'x' } }, 'contracts[0].init.args.by: expected an address'],
    [
      { args: { by: 'alice', name: '' } },
      'contracts[0].init: the init call did not succeed: reverted (revert): no name',
    ],
    [{ arg: {} }, 'contracts[0].init.arg: unknown name'],
    [{ sender: 'shelf', args: { by: 'alice', name: 'x' } }, 'contracts[0].init.sender: shelf is a contract here'],
  ];
  for (const [init, message] of wrong) {
    await genesis(init);
    expect(JSON.parse(await run()).message.replaceAll('\\"', '"')).toContain(message);
  }
});

test('a comparison of gas without anything to compare with says how that is made', async () => {
  expect(await refused('gas', '--check', 'ci.gas')).toContain(
    'there is no ci.gas to compare with: blockstm gas --snapshot ci.gas makes it',
  );
});
