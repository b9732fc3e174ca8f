import { copyFile, cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../dist/host/contract/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { blockstm, blockstmOf, type Finished } from './command.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

const typesSource = `import { Address } from 'blockstm/assembly';
export function take(flag: bool, small: i8, big: u64, data: Uint8Array, text: string, who: Address): string { return text; }
`;

let directory: string;
/** What `state stats` says before anything is refused. */
let before: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'blockstm-refusals-'));
  await copyFile(join(root, 'dist/contracts/token.wasm'), join(directory, 'token.wasm'));
  await writeFile(join(directory, 'types.wasm'), (await compile({ name: 'types', source: typesSource })).wasm);
  await writeFile(join(directory, 'bad.wasm'), 'not Wasm');
  await writeFile(join(directory, 'bad.snapshot'), 'not a snapshot');
  await writeFile(join(directory, 'file'), '');
  await mkdir(join(directory, 'empty'));
  const genesis = { schema: 'blockstm.genesis/1', contracts: [{ name: 'token', wasm: 'token.wasm' }] };
  const call = { sender: 'bob', contract: 'token', method: 'transfer', args: { to: 'alice', amount: 1 } };
  await writeFile(join(directory, 'genesis.json'), JSON.stringify(genesis));
  await writeFile(join(directory, 'poor.json'), JSON.stringify({ ...genesis, calls: [call] }));
  await writeFile(join(directory, 'block.jsonl'), JSON.stringify(call));
  await writeFile(join(directory, 'bad.jsonl'), '{}');
  for (const file of ['token.wasm', 'types.wasm']) await command(`deploy ${file} --state chain`);
  before = (await command('state stats --state chain --json')).stdout;
}, 120_000);

afterAll(async () => {
  await rm(directory, { recursive: true });
});

function command(line: string): Promise<Finished> {
  return blockstm(directory, ...line.split(' '));
}

/** Run a command that is expected to be refused, in one line. */
async function refusal(line: string): Promise<string> {
  return refusedLine(line, await command(line));
}

function refusedLine(line: string, { code, stdout, stderr }: Finished): string {
  expect({ line, code, stdout }).toEqual({ line, code: 1, stdout: '' });
  expect(stderr.replace('(--help says more)\n', '')).toMatch(/^error.*\n$/);
  return stderr;
}

const take = 'call types take --sender alice --state chain';
const fine = 'flag=true small=-128 big=18446744073709551615 data=0x00ff text= who=bob';

test('what is refused below is taken without the mistake', async () => {
  const { code, stdout } = await command(`view types take ${fine.replace('text=', 'text=true')} --state chain`);
  expect({ code, stdout }).toEqual({ code: 0, stdout: '"true"\n' });
});

describe('a call that cannot be', () => {
  test.each([
    ['an argument is no bool', `${take} ${fine.replace('true', 'yes')}`, 'flag: expected true or false, found "yes"'],
    [
      'an integer is too small',
      `${take} ${fine.replace('-128', '-129')}`,
      'small: expected a whole number from -128 to 127',
    ],
    [
      'an integer is too large',
      `${take} ${fine.replace('615', '616')}`,
      'big: expected a whole number from 0 to 184467',
    ],
    ['an integer is not decimal', `${take} ${fine.replace('-128', '0x1')}`, 'small: expected a whole number from -128'],
    ['bytes are half', `${take} ${fine.replace('0x00ff', '0x0')}`, 'data: expected bytes ("0x" and an even number'],
    [
      'an address is too short',
      `${take} ${fine.replace('bob', '0x12')}`,
      'who: expected an address ("0x" and 40 or 64',
    ],
    ['an argument is missing', `${take} ${fine.replace(' who=bob', '')}`, 'who: expected an address or the name of an'],
    [
      'an argument is mistyped',
      `${take} ${fine.replace('small', 'smal')}`,
      'smal: unknown name, expected flag, small, big, data, text, who (did you mean small?)',
    ],
    ['an argument is given twice', `${take} ${fine} flag=true`, 'error: flag: given twice'],
    ['an argument has no name', `${take} ${fine} =1`, 'error: =1: expected an argument as name=value'],
    ['an argument has no value', `${take} flag`, 'error: flag: expected an argument as name=value'],
    ['arguments are encoded and named', `${take} ${fine} --input 0x00`, '--input: expected either args or input'],
    ['the encoded arguments are none', `${take} --input x`, '--input: expected bytes'],
    [
      'the method is mistyped',
      `${take.replace(' take', ' tkae')}`,
      'method: types has no method tkae, expected take (did you mean take?)',
    ],
    [
      'the contract is mistyped',
      `${take.replace('types', 'type')}`,
      'contract: there is no contract type (did you mean types?)',
    ],
    ['the contract is an account', 'view alice take --state chain', 'contract: there is no contract alice'],
    ['no contract has the address', `view 0x${'11'.repeat(20)} take --state chain`, 'there is no contract 0x1111'],
    ['the sender is no address', `${take.replace('alice', '0xz')} ${fine}`, '--sender: expected an address'],
    ['nobody calls', 'call types take --state chain', "required option '--sender <account>' not specified"],
    ['the gas limit is no number', `${take} ${fine} --gas-limit many`, 'Expected a whole number'],
  ])('%s', async (_, line, message) => {
    expect(await refusal(line)).toContain(message);
  });
});

describe('a directory that cannot be', () => {
  test.each([
    'call token mint --sender alice',
    'view token totalSupply',
    'run block.jsonl',
    'log',
    'replay',
    'snapshot out.snapshot',
    'state get token 0x00',
    'state scan',
    'state stats',
  ])('%s: there is no chain, and none is made', async (line) => {
    const message = (name: string) => `error: there is no chain in ${name}: blockstm deploy or restore makes one\n`;
    expect(await refusal(`${line} --state nowhere`)).toBe(message('nowhere'));
    expect(await refusal(`${line} --state empty`)).toBe(message('empty'));
    expect(await readdir(directory)).not.toContain('nowhere');
    expect(await readdir(join(directory, 'empty'))).toEqual([]);
  });

  test.each([
    ['deploy nothing.wasm', 'cannot read nothing.wasm'],
    ['deploy nothing.ts', 'nothing.ts'],
    ['deploy token.wasm --name 0x12', '--name: expected a name, which does not start with "0x", found "0x12"'],
    ['deploy token.wasm --address 0x12', '--address: expected an address'],
    ['deploy token.wasm --name a --address 0x12', "'--address <address>' cannot be used with option '--name <name>'"],
    ['restore bad.snapshot', 'bad.snapshot'],
    ['restore nothing.snapshot', 'cannot read nothing.snapshot'],
  ])('%s: no directory is left', async (line, message) => {
    expect(await refusal(`${line} --state some/where`)).toContain(message);
    expect(await refusal(`${line} --state empty`)).toContain(message);
    expect(await readdir(directory)).not.toContain('some');
    expect(await readdir(join(directory, 'empty'))).toEqual([]);
  });

  test.each([
    ['deploy bad.wasm', 'error (ERR_CHECK): the module cannot be a contract:'],
    ['run block.jsonl --genesis poor.json', 'the first call did not succeed'],
    ['run bad.jsonl --genesis genesis.json', 'bad.jsonl:1:1: error: sender: expected'],
    ['run block.jsonl --genesis genesis.json --limit transactions=1 --workers 0', 'workers: expected'],
    ['run block.jsonl --genesis genesis.json --out no/where', 'cannot write no/where'],
  ])('%s: no directory is left, and more than a line says why', async (line, message) => {
    const { code, stdout, stderr } = await command(`${line} --state some/where`);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(await readdir(directory)).not.toContain('some');
  });

  test.each([
    ['run block.jsonl', 'error: expected --genesis, --state or both'],
    [
      'run block.jsonl --genesis genesis.json --state chain',
      'error: chain has a chain already, of height 2: --genesis',
    ],
    ['run block.jsonl --state chain --out chain/out', 'error: chain/out is in chain'],
    ['restore bad.snapshot --state chain', 'error: chain has a chain already, of height 2: restore'],
    ['snapshot chain/data.mdb --state chain', 'error: chain/data.mdb is in chain'],
    ['snapshot no/where --state chain', 'cannot write no/where'],
    ['deploy token.wasm --state chain', 'error: there is a contract token already: give this one another --name'],
    ['deploy token.wasm --state file', 'error: cannot read file: ENOTDIR'],
    ['deploy token.wasm --state file/in', 'error: cannot read file/in: ENOTDIR'],
    ['log --state file', 'error: cannot read file: ENOTDIR'],
    ['log', "required option '--state <dir>' not specified"],
    ['log --state chain --from 3', 'error: --from 3: expected at most 2'],
    ['log --state chain --from 2 --to 1', 'error: --from 2: expected at most 1'],
    ['log --state chain --to x', 'Expected the height of a block'],
    ['replay --state chain --from 9', 'error: --from 9: expected at most 2'],
    ['replay --state chain --to 3', 'found from 1 to 3'],
    ['replay --state chain --snapshot bad.snapshot', 'bad.snapshot'],
    ['replay --state chain --executor magic', 'Allowed choices are auto, sequential, block-stm'],
    ['state get token --state chain', "missing required argument 'field'"],
    ['state get token 0x0 --state chain', 'field: expected bytes'],
    [`state get token 0x${'00'.repeat(257)} --state chain`, 'field: expected at most 256 bytes, found 257'],
    ['state get nobody 0x00 --state chain', 'contract: there is no contract nobody'],
    ['state scan nobody --state chain', 'contract: there is no contract nobody'],
    ['state all --state chain', 'unknown'],
  ])('%s', async (line, message) => {
    expect(await refusal(line)).toContain(message);
  });

  test('somebody has it already', async () => {
    const store = lmdbStore(join(directory, 'chain'));
    await store.open();
    for (const line of ['log', 'state stats', 'deploy types.wasm --name other']) {
      // Commands have another process than this.
      expect(await refusal(`${line} --state chain`)).toMatch(/^error \(ERR_STORE_LOCKED\): chain is open already/);
    }
    await store.close();
  });
});

test('the package lmdb is not installed', async () => {
  const copy = join(directory, 'blockstm');
  await cp(join(root, 'dist/host'), join(copy, 'dist/host'), { recursive: true });
  await copyFile(join(root, 'package.json'), join(copy, 'package.json'));
  await mkdir(join(copy, 'node_modules'));
  for (const name of ['commander', 'comlink', 'valibot', '@assemblyscript']) {
    await symlink(join(root, 'node_modules', name), join(copy, 'node_modules', name));
  }
  for (const line of ['deploy token.wasm --state new', 'log --state chain', 'state stats --state chain']) {
    expect(await blockstmOf(copy, directory, ...line.split(' '))).toEqual({
      code: 1,
      stdout: '',
      stderr: 'error: --state needs the package lmdb, which is not installed: npm install lmdb\n',
    });
  }
  expect(await readdir(directory)).not.toContain('new');
});

test('after all of that the chain is what it was', async () => {
  expect((await command('state stats --state chain --json')).stdout).toBe(before);
});

test.each(['deploy', 'call', 'view', 'log', 'replay', 'snapshot', 'restore', 'state'])(
  '%s --help has examples',
  async (name) => {
    const { code, stdout } = await command(`${name} --help`);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: blockstm ${name}`);
    expect(stdout).toContain(`  $ blockstm ${name} `);
  },
);

describe('explain keeps nothing, so it begins with a genesis or with a chain', () => {
  test.each(['chain', 'nowhere'])('--genesis with --state %s', async (state) => {
    expect(await refusal(`explain block.jsonl --genesis genesis.json --state ${state}`)).toBe(
      'error: --genesis with --state begins a chain, and nothing is kept here: expected one of them\n',
    );
    expect((await command('explain block.jsonl --genesis genesis.json')).code).toBe(0);
  });

  test('neither', async () => {
    expect(await refusal('explain block.jsonl')).toBe('error: expected --genesis or --state: what to begin with\n');
  });
});
