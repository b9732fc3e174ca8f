import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blockstm, type Finished, tamperedBlockstm } from './command.js';
import { genesis, jsonLines, pay, runDirectory } from './run-directory.js';

let directory: string;

beforeAll(async () => {
  directory = await runDirectory();
  const { code } = await blockstm(directory, 'build', 'counter.ts', '--out', 'contracts');
  expect(code).toBe(0);
  const [coin, { source: _, ...counter }] = genesis.contracts as [object, { source: string }];
  const contracts = [coin, { ...counter, wasm: 'contracts/counter.wasm' }];
  await writeFile(join(directory, 'built.json'), JSON.stringify({ ...genesis, contracts }));
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

/** With the counter built already: a genesis that has its source compiles it every time. */
async function run(...args: readonly string[]): Promise<Finished> {
  return blockstm(directory, 'run', 'block.jsonl', '--genesis', 'built.json', ...args);
}

describe('a block', () => {
  test('is summed up for a person', async () => {
    const args = ['run', 'block.jsonl', '--genesis', 'genesis.json', '--executor', 'sequential', '--verify'];
    const { code, stdout, stderr } = await blockstm(directory, ...args);
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
      genesis: 'built.json',
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
