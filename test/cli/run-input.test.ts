import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blockstm, blockstmProcess, type Finished } from './command.js';
import { coinOnly, genesis, jsonLines, pay, runDirectory } from './run-directory.js';

let directory: string;

beforeAll(async () => {
  directory = await runDirectory();
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

/** Run lines of a block file that is expected to be refused. */
async function runLines(lines: string): Promise<Finished> {
  await writeFile(join(directory, 'bad.jsonl'), lines);
  return blockstm(directory, 'run', 'bad.jsonl', '--genesis', 'coin.json');
}

/** Run the good block on a genesis that is expected to be refused. */
async function runGenesis(text: string): Promise<Finished> {
  await writeFile(join(directory, 'bad.json'), text);
  return blockstm(directory, 'run', 'block.jsonl', '--genesis', 'bad.json');
}

describe('a bad line of a block file', () => {
  test('is shown with line, column and field, and so are those after it', async () => {
    const good = jsonLines([pay('alice', 'bob', 1)]);
    const { code, stdout, stderr } = await runLines(
      `${good}\n${jsonLines([pay('alice', 'bob', -5), { ...pay('alice', 'bob', 1), metod: 'x' }])}{"sender": \n`,
    );
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatchInlineSnapshot(`
      "bad.jsonl:3:85: error: args.amount: expected a whole number from 0 to 18446744073709551615, found -5
       3 | {"sender":"alice","contract":"coin","method":"transfer","args":{"to":"bob","amount":-5}}
         |                                                                                     ^^
      bad.jsonl:4:88: error: metod: unknown name, expected sender, contract, method, args, input, gasLimit (did you mean method?)
       4 | {"sender":"alice","contract":"coin","method":"transfer","args":{"to":"bob","amount":1},"metod":"x"}
         |                                                                                        ^^^^^^^
      bad.jsonl:5:12: error: not JSON: expected a value
       5 | {"sender":
         |            ^
      "
    `);
  });

  test.each([
    [
      'an argument is missing',
      { ...pay('alice', 'bob', 1), args: { to: 'bob' } },
      'args.amount: expected a whole number',
    ],
    [
      'an argument is unknown',
      { ...pay('alice', 'bob', 1), args: { to: 'bob', amount: 1, memo: '' } },
      'args.memo: unknown',
    ],
    [
      'a number is too large',
      pay('alice', 'bob', '18446744073709551616'),
      'args.amount: expected a whole number from 0 to',
    ],
    ['a number is not whole', pay('alice', 'bob', 0.5), 'args.amount: expected a whole number'],
    ['a number is not a number', pay('alice', 'bob', true), 'args.amount: expected a whole number'],
    ['an address has the wrong length', pay('alice', '0x1234', 1), 'args.to: expected an address'],
    ['the sender is missing', { contract: 'coin', method: 'transfer' }, 'sender: expected an address or the name'],
    ['the method is not a string', { ...pay('a', 'b', 1), method: 3 }, 'method: expected a string, found 3'],
    ['the arguments are a list', { ...pay('a', 'b', 1), args: ['b', 1] }, 'args: expected an object, found an array'],
    ['the line is a list', [1], '1:1: error: expected an object, found an array'],
    [
      'input is not hexadecimal',
      { sender: 'a', contract: 'coin', method: 'mint', input: '0x1' },
      'input: expected bytes',
    ],
    ['there are args and input', { ...pay('a', 'b', 1), input: '0x' }, 'input: expected either args or input'],
  ])('%s', async (_, line, message) => {
    const { code, stdout, stderr } = await runLines(jsonLines([line]));
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('bad.jsonl:1:');
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  test('a number that JavaScript would round is refused as it was written', async () => {
    const line = JSON.stringify(pay('alice', 'bob', 1)).replace(':1}', ':9007199254740993}');
    const { code, stderr } = await runLines(line);
    expect(code).toBe(1);
    expect(stderr).toContain('found 9007199254740993');
    expect(stderr).toContain('as a string beyond 2^53');
  });

  test('a name that stands twice is refused with both places, however it is written', async () => {
    const line =
      '{"sender":"alice","contract":"coin","method":"transfer","args":{"to":"bob","amount":1,"t\\u006f":"carol"}}';
    expect(
      (await runLines(`\n${line}\n`)).stderr,
    ).toBe(`bad.jsonl:2:87: error: args.to: the object has this name already, at 2:65
 2 | ${line}
   |                                                                                       ^^^^^^^^^
`);
    // A string that is a value, and the same name in another object, are no repetition.
    const twice = { ...pay('alice', 'bob', 1), args: { to: 'to', amount: 'amount', sender: 'sender' } };
    expect((await runLines(jsonLines([twice]))).stderr).not.toContain('already');
    const deep = `{"sender":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    expect((await runLines(deep)).stderr).toContain('error: sender: expected');
  });

  test('past ten of them the rest are counted', async () => {
    const { code, stderr } = await runLines('{}\n'.repeat(13));
    expect(code).toBe(1);
    expect(stderr.match(/error:/g)).toHaveLength(10);
    expect(stderr).toContain('and 3 more errors: --json has all 13');
  });

  test('--verbose adds where the error was found', async () => {
    await writeFile(join(directory, 'bad.jsonl'), '{}\n');
    const { stderr } = await blockstm(directory, 'run', 'bad.jsonl', '--genesis', 'coin.json', '--verbose');
    expect(stderr).toContain('    at ');
  });
});

describe('a bad genesis file', () => {
  const replaced = (change: object): string => JSON.stringify({ ...coinOnly, ...change });

  test.each([
    ['no JSON', '{"schema": }', 'bad.json:1:12: error: not JSON: expected a value'],
    ['another schema', replaced({ schema: 'x' }), 'schema: expected "blockstm.genesis/1", found "x"'],
    ['no contracts', replaced({ contracts: undefined }), 'contracts: expected an array, found nothing'],
    [
      'two of a name',
      replaced({ contracts: [genesis.contracts[0], genesis.contracts[0]] }),
      'contracts[1].name: another',
    ],
    ['a name twice', replaced({}).replace('{', '{"calls":[],'), `calls: the object has this name already, at 1:2`],
    ['no code', replaced({ contracts: [{ name: 'coin' }] }), 'contracts[0]: expected exactly one of source and wasm'],
    [
      'code that is not there',
      replaced({ contracts: [{ name: 'coin', wasm: 'x.wasm' }] }),
      'contracts[0].wasm: cannot read',
    ],
    ['code that is not Wasm', replaced({ contracts: [{ name: 'coin', wasm: 'counter.ts' }] }), '(ERR_CHECK)'],
    ['a bad seed', replaced({ context: { seed: '0x00' } }), 'context.seed: expected 32 bytes'],
    [
      'a first call that fails',
      replaced({ calls: [pay('bob', 'alice', 1)] }),
      'calls[0]: the first call did not succeed',
    ],
    ['a first call that is wrong', replaced({ calls: [pay('bob', 'alice', 'x')] }), 'calls[0].args.amount: expected'],
  ])('%s', async (_, text, message) => {
    const { code, stdout, stderr } = await runGenesis(text);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain('bad.json:1:');
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  test('a source that does not compile shows the place in the source', async () => {
    await writeFile(join(directory, 'broken.ts'), 'export function f(): u32 {\n  return nothing;\n}\n');
    const { code, stderr } = await runGenesis(
      replaced({ contracts: [{ name: 'coin', source: 'broken.ts' }], calls: [] }),
    );
    expect(code).toBe(1);
    expect(stderr).toContain('broken.ts:2:10');
    expect(stderr).not.toContain('    at ');
  });

  test('a failed first call says why', async () => {
    const { stderr } = await runGenesis(`{"schema":"blockstm.genesis/1",
 "contracts":[{"name":"coin","wasm":"contracts/token.wasm"}],
 "calls":[
   {"sender":"bob","contract":"coin","method":"transfer","args":{"to":"alice","amount":1}}
 ]}`);
    expect(stderr).toMatchInlineSnapshot(`
      "bad.json:4:4: error: calls[0]: the first call did not succeed: reverted (revert): insufficient balance
       4 |    {"sender":"bob","contract":"coin","method":"transfer","args":{"to":"alice","amount":1}}
         |    ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      "
    `);
  });
});

describe('wrong use', () => {
  test.each([
    [['run', 'block.jsonl'], '--genesis'],
    [['run', '--genesis', 'coin.json'], 'block.jsonl'],
    [['run', 'nowhere.jsonl', '--genesis', 'coin.json'], 'cannot read nowhere.jsonl'],
    [['run', 'block.jsonl', '--genesis', 'nowhere.json'], 'cannot read nowhere.json'],
    [
      ['run', 'block.jsonl', '--genesis', 'coin.json', '--workers', '0'],
      'workers: expected a whole number from 1 to 256',
    ],
    [['run', 'block.jsonl', '--genesis', 'coin.json', '--workers', 'x'], 'Expected a whole number'],
    [
      ['run', 'block.jsonl', '--genesis', 'coin.json', '--executor', 'magic'],
      'Allowed choices are auto, sequential, block-stm',
    ],
    [['run', 'block.jsonl', '--genesis', 'coin.json', '--limit', 'memory'], 'Expected a name and a whole number'],
    [['run', 'block.jsonl', '--genesis', 'coin.json', '--limit', 'memory=1'], 'unknown option "memory"'],
    [['rum'], "unknown command 'rum' (did you mean run?)"],
    [['state', 'gett'], "unknown command 'gett' (did you mean get?)"],
    [
      ['bench', 'swep'],
      "unknown command 'swep', expected list, sweep, report, export, reproduce (did you mean sweep?)\n",
    ],
    [['bench', '--seed', '1', 'p2p'], "unknown command 'p2p', expected list, sweep, report, export, reproduce\n"],
    [['bench', 'reproduce', 'papr'], '(did you mean paper?), found papr'],
    [['simulate', 'validat'], "unknown command 'validat', expected validate, measure (did you mean validate?)\n"],
  ])('blockstm %j', async (args, message) => {
    const { code, stdout, stderr } = await blockstm(directory, ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  test('help and version are no errors', async () => {
    for (const args of [['--help'], ['run', '--help'], ['check', '--help'], ['bench', '--help']]) {
      const { code, stdout } = await blockstm(directory, ...args);
      expect(code).toBe(0);
      expect(stdout).toContain('Usage: blockstm');
    }
    const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await blockstmProcess(directory, '--version')).toEqual({
      code: 0,
      stdout: `${manifest.version}\n`,
      stderr: '',
    });
  });
});
