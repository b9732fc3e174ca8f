import { createHash } from 'node:crypto';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeHeader, encodeHeader } from '../../dist/host/store/header.js';
import { blockKey, get, openTables, put } from '../../dist/host/store/lmdb/tables.js';
import { blockstm, blockstmProcess, type Finished, tamperedBlockstm } from './command.js';

const root = new URL('../../', import.meta.url);
const HASH = /^[0-9a-f]{64}$/;

const coin = { sender: 'alice', contract: 'token', method: 'mint', args: { to: 'alice', amount: '100' } };
const genesis = {
  schema: 'blockstm.genesis/1',
  context: { chainId: '7', timestamp: 12 },
  contracts: [{ name: 'token', wasm: 'token.wasm' }],
  calls: [coin],
};

function pay(sender: string, to: string, amount: number): object {
  return { sender, contract: 'token', method: 'transfer', args: { to, amount } };
}

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'blockstm-state-'));
  await copyFile(fileURLToPath(new URL('dist/contracts/token.wasm', root)), join(directory, 'token.wasm'));
  await writeFile(join(directory, 'genesis.json'), JSON.stringify(genesis));
  await writeFile(join(directory, 'first.jsonl'), jsonLines([pay('alice', 'bob', 30), pay('bob', 'carol', 40)]));
  await writeFile(join(directory, 'second.jsonl'), jsonLines([pay('alice', 'bob', 20), pay('bob', 'carol', 40)]));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

function command(line: string): Promise<Finished> {
  return blockstm(directory, ...line.split(' '));
}

/** What a command prints that ends well. */
async function output(line: string): Promise<string> {
  const { code, stdout, stderr } = await command(line);
  expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: '' });
  return stdout;
}

/** The one document that a command prints with `--json`. */
async function document(line: string) {
  const text = await output(`${line} --json`);
  expect(text.trimEnd()).not.toContain('\n');
  return JSON.parse(text);
}

describe('the chain of the README', () => {
  test('is made, used, replayed and copied by its commands as written', async () => {
    const [readme, manual] = await Promise.all(
      ['README.md', 'host/cli/README.md'].map((file) => readFile(new URL(file, root), 'utf8')),
    );
    await writeFile(join(directory, 'coin.ts'), snippet(readme as string, 'ts', 'balanceOf'));
    await writeFile(
      join(directory, 'block.jsonl'),
      snippet(manual as string, 'json', '"sender": "alice"', '\n{ "sender"'),
    );
    const lines = snippet(manual as string, 'sh', 'blockstm deploy')
      .trim()
      .split('\n');
    expect(lines.length).toBeGreaterThan(10);
    const printed = new Map<string, string>();
    for (const line of lines) {
      expect(line).toMatch(/^npx blockstm /);
      const args = line.slice('npx blockstm '.length).split(' ');
      // The first makes the chain in a process of its own, the others find it from one that goes on.
      const run = printed.size === 0 ? blockstmProcess : blockstm;
      const { code, stdout, stderr } = await run(directory, ...args);
      expect({ line, code, stderr }).toEqual({ line, code: 0, stderr: '' });
      printed.set(args.slice(0, 2).join(' '), stdout);
    }
    expect(printed.get('deploy coin.ts')).toMatch(
      /^contract {5}coin\naddress {6}0x[0-9a-f]{64}\ncode hash {4}[0-9a-f]{64}\nhead {9}1, [0-9a-f]{64}\n$/,
    );
    expect(printed.get('view coin')).toBe('30\n');
    expect(printed.get('run block.jsonl')).toMatch(/^state {8}chain, 1 contract$/m);
    expect(printed.get('run block.jsonl')).toMatch(/^head {9}4, [0-9a-f]{64}$/m);
    expect(printed.get('run block.jsonl')).toMatch(/^verified {5}every receipt/m);
    expect(printed.get('log --state')).toContain('deploys coin');
    expect(printed.get('replay --state')).toBe('4 blocks executed again under block-stm: every header is the same\n');
    expect(printed.get('state stats')).toMatch(/^entries {6}2\ncontracts {4}1\nblocks {7}none\n/);
  });

  test('is there after every command: what each shows is of the same chain', async () => {
    const { blocks } = await document('log --state chain');
    expect(blocks.map(({ height }: { height: string }) => height)).toEqual(['4', '3', '2', '1']);
    for (const [index, { parentHash }] of blocks.entries()) {
      expect(parentHash).toBe(blocks[index + 1]?.hash ?? '0'.repeat(64));
    }
    expect(blocks[3].deployments).toEqual([
      {
        contract: 'coin',
        address: expect.stringMatching(/^0x[0-9a-f]{64}$/),
        codeHash: expect.stringMatching(HASH),
        isUpgrade: false,
      },
    ]);
    const stats = await document('state stats --state chain');
    expect(stats).toMatchObject({ entries: 2, contracts: 1, blocks: { first: '1', last: '4' } });
    expect(stats.head).toEqual({ height: '4', hash: blocks[0].hash });
    const copied = await document('state stats --state copy');
    expect(copied).toMatchObject({ entries: 2, contracts: 1, blocks: null, head: stats.head });
  });

  test('shows its storage: what scan lists, get finds', async () => {
    const { entries, isComplete } = await document('state scan --state chain');
    expect(isComplete).toBe(true);
    expect(entries).toHaveLength(2);
    expect(entries).toEqual(entries.toSorted((a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1)));
    for (const { contract, key, value } of entries) {
      expect(await output(`state get coin ${key} --state chain`)).toBe(`${value}\n`);
      expect(contract).toBe((await document('log --state chain --limit 4')).blocks[3].deployments[0].address);
    }
    const text = await output(`state scan ${entries[0].contract} --state chain --limit 1`);
    const [titles, row, more] = text.split('\n') as [string, string, string];
    expect(titles).toMatch(/^contract +key +value$/);
    expect(row.split(/ +/)).toEqual(['coin', `balances[${entries[0].of}]`, entries[0].decoded]);
    expect(row.indexOf('balances')).toBe(titles.indexOf('key'));
    expect(more).toBe('and more: --limit says how many are shown');
  });

  test('a key without a value is none', async () => {
    const { code, stdout, stderr } = await command('state get coin 0x00 --state chain');
    expect({ code, stdout, stderr }).toEqual({ code: 1, stdout: '', stderr: 'error: coin has no value at 0x00\n' });
    const json = await command('state get coin 0x00 --state chain --json');
    expect({ code: json.code, value: JSON.parse(json.stdout).value }).toEqual({ code: 1, value: null });
  });

  test('goes on in a copy, whose blocks are replayed with the snapshot', async () => {
    const called = await document('call coin transfer to=carol amount=1 --sender bob --state copy');
    expect(called).toMatchObject({ schema: 'blockstm.call/1', contract: 'coin', method: 'transfer' });
    expect(called).toMatchObject({ receipt: { status: 'ok' }, head: { height: '5' } });
    const refused = await command('replay --state copy');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/^error \(ERR_ARGUMENT\): replay: blocks from 1 on are needed, .*snapshot.*\n$/);
    const replayed = await document('replay --state copy --snapshot chain.snapshot');
    expect(replayed).toEqual({
      schema: 'blockstm.replay/1',
      state: 'copy',
      executor: 'sequential',
      blocks: 1,
      difference: null,
    });
  });

  test('a call that fails is in the chain, and fails the command', async () => {
    const { code, stdout, stderr } = await command('call coin transfer to=alice amount=5 --sender carol --state chain');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^call {9}coin\.transfer\nstatus {7}reverted\nerror {8}revert: insufficient balance\n(?: {13}.*\n)*gas {10}[0-9,]+\n(?:account {6}(?:carol|alice) is 0x[0-9a-f]{64}\n){2}head {9}5, [0-9a-f]{64}\n$/,
    );
    expect(stderr).toBe('error: coin.transfer: reverted (revert: insufficient balance)\n');
    const [block] = (await document('log --state chain --receipts --from 5')).blocks;
    expect(block).toMatchObject({ height: '5', calls: 1, failed: 1, receipts: [{ status: 'reverted' }] });
    const view = await command('view coin transfer to=alice amount=5 --sender carol --state chain');
    expect(view).toEqual({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^error: coin\.transfer: reverted \(revert: insufficient balance\)\n/),
    });
    const short = await command('call coin mint to=a amount=1 --sender a --gas-limit 5 --state chain --json');
    expect(short.code).toBe(1);
    expect(JSON.parse(short.stdout)).toMatchObject({
      receipt: { status: 'outOfGas', gasUsed: 5 },
      head: { height: '6' },
    });
  });

  test('log shows a range, newest first, and no more than is asked for', async () => {
    const heights = async (line: string): Promise<string[]> =>
      (await document(`log --state chain ${line}`)).blocks.map(({ height }: { height: string }) => height);
    expect(await heights('--limit 2')).toEqual(['6', '5']);
    expect(await heights('--from 2 --to 3')).toEqual(['3', '2']);
    expect(await heights('--to 3 --limit 1')).toEqual(['3']);
    expect(await heights('--from 5 --to 18446744073709551615')).toEqual(['6', '5']);
    const [titles, newest] = (await output('log --state chain --limit 1')).split('\n');
    expect(titles).toMatch(/^height +hash +calls +failed +gas +code$/);
    expect(newest).toMatch(/^ +6 +[0-9a-f]{64} +1 +1 +5$/);
  });
});

describe('a genesis and a state directory', () => {
  test('what run gives is the same with and without one, and the chain goes on', async () => {
    const alone = await document('run first.jsonl --genesis genesis.json --out alone.jsonl');
    expect(alone).toMatchObject({ state: null, head: null });
    const kept = await document('run first.jsonl --genesis genesis.json --state new/deep --out kept.jsonl --verify');
    expect(kept).toMatchObject({ genesis: 'genesis.json', state: 'new/deep', verified: true, head: { height: '3' } });
    expect(kept.stateHash).toBe(alone.stateHash);
    expect(await readFile(join(directory, 'kept.jsonl'))).toEqual(await readFile(join(directory, 'alone.jsonl')));
    expect((await readdir(join(directory, 'new/deep'))).filter((name) => name.startsWith('new-'))).toEqual([]);
    const next = await document('run second.jsonl --state new/deep --verify');
    expect(next).toMatchObject({ genesis: null, contracts: 1, verified: true, head: { height: '4' } });
    expect(next.statuses).toMatchObject({ ok: 2 });
    await writeFile(
      join(directory, 'both.jsonl'),
      jsonLines([pay('alice', 'bob', 30), pay('alice', 'bob', 20), pay('bob', 'carol', 40)]),
    );
    expect((await document('run both.jsonl --genesis genesis.json')).stateHash).toBe(next.stateHash);
  });

  test('a dry run gives what a run would, and leaves the chain as it is', async () => {
    const line = 'run second.jsonl --state new/deep';
    const { blocks } = await document('log --state new/deep');
    const rehearsed = await document(`${line} --dry-run --verify`);
    expect(rehearsed).toMatchObject({ verified: true, head: null, calls: 2 });
    expect(await output(`${line} --dry-run`)).toMatch(/^state +new\/deep, 1 contract, left as it is$/m);
    expect(await document('log --state new/deep')).toMatchObject({ blocks });
    await output('snapshot deep.snapshot --state new/deep');
    await output('restore deep.snapshot --state copied');
    expect((await document('run second.jsonl --state copied')).stateHash).toBe(rehearsed.stateHash);
    for (const origin of ['--genesis genesis.json', '--genesis genesis.json --state other']) {
      const { code, stderr } = await command(`run second.jsonl ${origin} --dry-run`);
      expect(code).toBe(1);
      expect(stderr).toMatch(/^error: --dry-run: .*; expected it with --state alone\n$/);
    }
  });

  test('every block has the context of the genesis', async () => {
    await output('deploy token.wasm --name gold --state new/deep');
    const { blocks } = await document('log --state new/deep');
    expect(blocks).toHaveLength(5);
    for (const block of blocks) expect(block).toMatchObject({ chainId: '7', timestamp: '12' });
  });

  test('a block that is executed wrongly does not verify', async () => {
    const args = ['run', 'first.jsonl', '--genesis', 'genesis.json', '--state', 'wrong', '--verify'];
    const { code, stderr } = await tamperedBlockstm('receipt', directory, ...args);
    expect(code).toBe(1);
    expect(stderr).toContain('error: block-stm and sequential differ: receipt 1 (first.jsonl:2)');
  });
});

describe('deploy', () => {
  test('gives a contract the address of its name, or one that is given', async () => {
    const gold = await document('deploy token.wasm --name gold --state deployed');
    expect(gold).toEqual({
      schema: 'blockstm.deploy/1',
      state: 'deployed',
      name: 'gold',
      address: `0x${createHash('sha256').update('blockstm.contract:gold').digest('hex')}`,
      codeHash: expect.stringMatching(HASH),
      methods: [
        'mint',
        'burn',
        'transfer',
        'approve',
        'transferFrom',
        'balanceOf',
        'allowance',
        'totalSupply',
        'name',
        'symbol',
        'decimals',
      ],
      init: null,
      accounts: [],
      head: { height: '1', hash: expect.stringMatching(HASH) },
    });
    const address = `0x${'c0'.repeat(20)}`;
    const placed = await document(`deploy token.wasm --address ${address} --state deployed`);
    expect(placed).toMatchObject({
      name: null,
      address: `0x${'00'.repeat(12)}${'c0'.repeat(20)}`,
      head: { height: '2' },
    });
    await output(`call ${address} mint to=alice amount=18446744073709551615 --sender alice --state deployed`);
    expect(await output(`view ${address} balanceOf owner=alice --state deployed`)).toBe('18446744073709551615\n');
    expect(await output('view gold balanceOf owner=alice --state deployed')).toBe('0\n');
    // It is called token by its own interface.
    expect(await output('log --state deployed')).toMatch(/ deploys gold\n$/);
    await output('call gold mint to=alice amount=1 --sender alice --state deployed');
    expect(await output('state scan gold --state deployed')).toMatch(/^gold +balances\[/m);
    const same = await command('upgrade token.wasm --contract gold --state deployed');
    expect(same.stderr).toContain('gold has this code already');
  });
});

describe('replay', () => {
  test('shows a block that has another header', async () => {
    const path = join(directory, 'deployed');
    // The store's own checks would find the change: what is tested is that executing does.
    await rm(join(path, 'closed'));
    const tables = openTables({ path, mapSize: 2 ** 30 });
    const key = blockKey(3n, 'h');
    const header = decodeHeader(get(tables, tables.blocks, key) as Uint8Array);
    await tables.root.transaction(() =>
      put(tables.blocks, key, encodeHeader({ ...header, writesHash: 'ab'.repeat(32) })),
    );
    await tables.root.close();
    const { code, stdout, stderr } = await command('replay --state deployed --workers 1');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: block 3 differs: writesHash is [0-9a-f]{64}, expected (ab){32}\n$/);
    const json = await command('replay --state deployed --from 2 --json');
    expect(json.code).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject({
      blocks: 2,
      difference: {
        height: '3',
        fields: [{ field: 'writesHash', actual: header.writesHash, expected: 'ab'.repeat(32) }],
      },
    });
    expect(await output('replay --state deployed --to 2')).toContain('2 blocks executed again under sequential');
  });
});

/** The first fenced block of this language that has `text` in it, or what of it begins at `from`. */
function snippet(markdown: string, language: string, text: string, from = ''): string {
  const blocks = [...markdown.matchAll(new RegExp(`\`\`\`${language}(\\n[^]*?)\`\`\``, 'g'))].map(
    ([, block]) => block as string,
  );
  const found = blocks.find((block) => block.includes(text) && block.includes(from)) as string;
  return found.slice(found.indexOf(from)).trimStart();
}
