import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blockstm, blockstmProcess, type Finished, tamperedBlockstm } from './command.js';

const tokenWasm = fileURLToPath(new URL('../../dist/contracts/token.wasm', import.meta.url));

const counterSource = `import { Value } from 'blockstm/assembly';
const count = new Value<u64>('count');
export function add(amount: u64): u64 {
  const next = count.get() + amount;
  count.set(next);
  return next;
}
`;

const genesis = {
  schema: 'blockstm.genesis/1',
  context: { chainId: '7', timestamp: 12 },
  contracts: [
    { name: 'coin', wasm: 'contracts/token.wasm' },
    { name: 'counter', source: 'counter.ts', address: `0x${'00'.repeat(31)}07` },
  ],
  calls: [{ sender: 'alice', contract: 'coin', method: 'mint', args: { to: 'alice', amount: '100' } }],
};

function pay(sender: string, to: string, amount: unknown): object {
  return { sender, contract: 'coin', method: 'transfer', args: { to, amount } };
}

/** A success, a want of funds, reads of both, and every kind of call that cannot be made. */
const calls = [
  pay('alice', 'bob', 30),
  pay('bob', 'carol', '40'),
  { sender: 'alice', contract: 'coin', method: 'balanceOf', args: { owner: 'alice' } },
  { sender: 'bob', contract: `0x${'00'.repeat(19)}07`, method: 'add', args: { amount: 5 } },
  { sender: 'bob', contract: 'nobody', method: 'transfer', args: { to: 'alice' } },
  { sender: 'bob', contract: 'coin', method: 'melt' },
  { sender: 'bob', contract: 'coin', method: 'transfer', input: '0x00' },
];

/** Compiles nothing, which saves a second a run. */
const coinOnly = { ...genesis, contracts: genesis.contracts.slice(0, 1) };

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'blockstm-run-'));
  await mkdir(join(directory, 'contracts'));
  await copyFile(tokenWasm, join(directory, 'contracts', 'token.wasm'));
  await writeFile(join(directory, 'counter.ts'), counterSource);
  await writeFile(join(directory, 'genesis.json'), JSON.stringify(genesis));
  await writeFile(join(directory, 'coin.json'), JSON.stringify(coinOnly));
  await writeFile(join(directory, 'block.jsonl'), jsonLines(calls));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

function jsonLines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

async function run(...args: readonly string[]): Promise<Finished> {
  return blockstm(directory, 'run', 'block.jsonl', '--genesis', 'genesis.json', ...args);
}

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

describe('a block', () => {
  test('is summed up for a person', async () => {
    const args = ['run', 'block.jsonl', '--genesis', 'genesis.json', '--executor', 'sequential', '--verify'];
    const { code, stdout, stderr } = await blockstmProcess(directory, ...args);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(
      stdout.replace(/[0-9.]+ ms, [0-9,]+ calls/, '<time> ms, <rate> calls').replace(/[0-9a-f]{64}/, '<hash>'),
    ).toMatchInlineSnapshot(`
      "block        block.jsonl, 7 calls
      genesis      genesis.json, 2 contracts, 1 first call
      executor     sequential
      time         <time> ms, <rate> calls/s (one cold run; to measure: blockstm bench)
      receipts     3 ok, 4 failed: 1 reverted, 3 invalid
                   1 x revert: insufficient balance
                     at coin.function 17
                     at coin.transfer
                     (where in the source is known of contracts built with --debug)
                   1 x unknownContract: no contract has this address
                   1 x unknownMethod: the contract has no such method
                   1 x badInput: transfer: the arguments take 40 bytes, the input has 1
                     at coin.function 14
                     at coin.transfer
                     (where in the source is known of contracts built with --debug)
      gas          64,973, 9,282 a call
      executions   7, of which 0 aborts (0.0%)
      validations  0, 0 dependency waits
      write set    3 locations
      state hash   <hash>
      verified     every receipt, the write set and the state hash equal sequential
      "
    `);
  });

  test('is summed up in one JSON document, the same under every executor', async () => {
    const summaries = [];
    for (const executor of ['auto', 'block-stm', 'sequential']) {
      const { code, stdout, stderr } = await run('--executor', executor, '--json');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.trimEnd()).not.toContain('\n');
      summaries.push(JSON.parse(stdout));
    }
    const [auto, parallel, sequential] = summaries;
    expect(['auto', auto.executor]).toEqual(['auto', 'auto']);
    expect(auto.decision.reason).toMatch(/small|trial/);
    expect(parallel.decision).toEqual({ mode: 'block-stm', reason: 'option' });
    expect(auto).toMatchObject({
      schema: 'blockstm.run/1',
      block: 'block.jsonl',
      genesis: 'genesis.json',
      contracts: 2,
      firstCalls: 1,
      executor: 'auto',
      calls: 7,
      statuses: { ok: 3, reverted: 1, trapped: 0, invalid: 3 },
      returnedFalse: 0,
      writeSetSize: 3,
      verified: null,
      difference: null,
    });
    expect(sequential.executor).toBe('sequential');
    expect(auto.stateHash).toBe(sequential.stateHash);
    expect(sequential.stateHash).toBe(parallel.stateHash);
    expect(sequential.statuses).toEqual(parallel.statuses);
  });

  test('executed in parallel is verified against sequential', async () => {
    for (const workers of ['1', '2', '3']) {
      const { code, stdout } = await run('--executor', 'block-stm', '--workers', workers, '--verify', '--json');
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ workers: Number(workers), verified: true, difference: null });
    }
  });

  test.each([
    ['receipt', 'block-stm and sequential differ: receipt 1 (block.jsonl:2): status is ok, expected reverted'],
    ['writeSet', 'block-stm and sequential differ: write set, entry 0: is'],
    ['stateHash', `block-stm and sequential differ: state hash is ${'0'.repeat(64)}, expected`],
  ])('that is executed wrongly does not verify: %s', async (tamper, message) => {
    const args = ['run', 'block.jsonl', '--genesis', 'coin.json', '--verify', '--json'];
    const { code, stdout, stderr } = await tamperedBlockstm(tamper, directory, ...args);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toEqual({
      schema: 'blockstm.error/1',
      code: 'ERR_VERIFY',
      message: expect.stringContaining(message),
    });
    expect(JSON.parse(stdout)).toMatchObject({ verified: false, difference: expect.any(String) });
  });

  test('gives its receipts a line each', async () => {
    const { code } = await run('--out', 'receipts.jsonl', '--json');
    expect(code).toBe(0);
    const receipts = (await readFile(join(directory, 'receipts.jsonl'), 'utf8')).trim().split('\n');
    expect(receipts.map((line) => JSON.parse(line))).toMatchInlineSnapshot(`
      [
        {
          "events": [
            {
              "contract": "coin",
              "data": "0x48c8e8d12f333641186560956273f7cdc48db6468434e63e1b21b11c9d1e6499bdaa8a26560aaa2a2e8a45255c6fa5ced273282a22c704da2f6916088fcdb3031e00000000000000",
              "fields": {
                "amount": "30",
                "from": "0x48c8e8d12f333641186560956273f7cdc48db6468434e63e1b21b11c9d1e6499",
                "to": "0xbdaa8a26560aaa2a2e8a45255c6fa5ced273282a22c704da2f6916088fcdb303",
              },
              "name": "Transfer",
              "topic": "0x5472616e73666572",
            },
          ],
          "gasUsed": 10884,
          "index": 0,
          "line": 1,
          "output": "0x0100000000000000",
          "result": true,
          "status": "ok",
        },
        {
          "error": {
            "backtrace": [
              {
                "contract": "coin",
                "function": "function 17",
              },
              {
                "contract": "coin",
                "function": "transfer",
              },
            ],
            "code": "revert",
            "message": "insufficient balance",
          },
          "events": [],
          "gasUsed": 13088,
          "index": 1,
          "line": 2,
          "output": "0x",
          "status": "reverted",
        },
        {
          "events": [],
          "gasUsed": 6731,
          "index": 2,
          "line": 3,
          "output": "0x4600000000000000",
          "result": "70",
          "status": "ok",
        },
        {
          "events": [],
          "gasUsed": 6332,
          "index": 3,
          "line": 4,
          "output": "0x0500000000000000",
          "result": "5",
          "status": "ok",
        },
        {
          "error": {
            "code": "unknownContract",
            "message": "no contract has this address",
          },
          "events": [],
          "gasUsed": 4000,
          "index": 4,
          "line": 5,
          "output": "0x",
          "status": "invalid",
        },
        {
          "error": {
            "code": "unknownMethod",
            "message": "the contract has no such method",
          },
          "events": [],
          "gasUsed": 4000,
          "index": 5,
          "line": 6,
          "output": "0x",
          "status": "invalid",
        },
        {
          "error": {
            "backtrace": [
              {
                "contract": "coin",
                "function": "function 14",
              },
              {
                "contract": "coin",
                "function": "transfer",
              },
            ],
            "code": "badInput",
            "message": "transfer: the arguments take 40 bytes, the input has 1",
          },
          "events": [],
          "gasUsed": 19938,
          "index": 6,
          "line": 7,
          "output": "0x",
          "status": "invalid",
        },
      ]
    `);
  });

  test('may be empty, and may have empty lines', async () => {
    await writeFile(join(directory, 'empty.jsonl'), '\n\n');
    const { code, stdout } = await blockstm(directory, 'run', 'empty.jsonl', '--genesis', 'coin.json', '--verify');
    expect(code).toBe(0);
    expect(stdout).toContain('empty.jsonl, 0 calls');
  });

  test('may need more than a limit allows, which is said and can be raised', async () => {
    await writeFile(join(directory, 'two.jsonl'), jsonLines([pay('alice', 'bob', 1), pay('alice', 'bob', 2)]));
    const args = ['run', 'two.jsonl', '--genesis', 'coin.json'];
    const refused = await blockstm(directory, ...args, '--limit', 'transactions=1');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('ERR_CAPACITY');
    expect(refused.stderr).toContain('limits.transactions');
    expect((await blockstm(directory, ...args, '--limit', 'transactions=2')).code).toBe(0);
  });
});

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
      bad.jsonl:4:96: error: metod: unknown name, expected sender, contract, method, args, input, gasLimit (did you mean method?)
       4 | {"sender":"alice","contract":"coin","method":"transfer","args":{"to":"bob","amount":1},"metod":"x"}
         |                                                                                                ^^^
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

  test('past ten of them the rest are counted', async () => {
    const { code, stderr } = await runLines('{}\n'.repeat(13));
    expect(code).toBe(1);
    expect(stderr.match(/error:/g)).toHaveLength(10);
    expect(stderr).toContain('3 more bad lines');
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
    [['rum'], "unknown command 'rum'"],
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
