import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';

const converter = fileURLToPath(new URL('../../dist/bench/mainnet/convert.js', import.meta.url));

const alice = `0x${'a1'.repeat(20)}`;
const bob = `0x${'b2'.repeat(20)}`;
const carol = `0x${'c3'.repeat(20)}`;
const coin = `0x${'d4'.repeat(20)}`;

/** One of each kind; the token's amounts are too large for 64 bits. */
const transactions = [
  { from: alice, to: bob, value: '1500000000999999999', gas: 21000, nonce: 0, kind: 'native' },
  { from: bob, to: alice, value: '500000000', gas: 21000, nonce: 0, kind: 'native' },
  { from: alice, to: coin, value: '0', kind: 'erc20-transfer', recipient: bob, amount: '70000000000000000000' },
  { from: carol, to: coin, value: '0', kind: 'erc20-transferFrom', owner: bob, recipient: carol, amount: '1234567890' },
  { from: alice, to: coin, value: '7000000000', kind: 'call', selector: '0xa9059cbb', inputBytes: 68 },
  { from: alice, to: coin, value: '0', kind: 'call', selector: '0x24a570', inputBytes: 3 },
  { from: alice, to: null, value: '0', nonce: 9, kind: 'create', inputBytes: 1000 },
];

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'blockstm-convert-'));
});

afterEach(async () => {
  await rm(directory, { recursive: true });
});

async function convert(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [converter, ...args], { cwd: directory }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr });
    });
  });
}

function lines(values: readonly unknown[]): string {
  return values.map((value) => `${JSON.stringify(value)}\n`).join('');
}

test('each kind of transaction becomes the call documented for it', async () => {
  await writeFile(join(directory, 'block.jsonl'), lines(transactions));
  const { code, stdout, stderr } = await convert('block.jsonl', '--out', 'out');
  expect({ code, stdout, stderr }).toMatchInlineSnapshot(`
    {
      "code": 0,
      "stderr": "",
      "stdout": "out: 7 calls, 2 first calls, 3 contracts
    ",
    }
  `);
  expect((await readdir(join(directory, 'out'))).toSorted()).toEqual([
    'block.jsonl',
    'genesis.json',
    'ledger.wasm',
    'registry.wasm',
    'token.wasm',
  ]);
  expect(await readFile(join(directory, 'out', 'block.jsonl'), 'utf8')).toMatchInlineSnapshot(`
    "{"sender":"0xa1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","contract":"ledger","method":"transfer","args":{"to":"0xb2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2","amount":"1500000000"}}
    {"sender":"0xb2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2","contract":"ledger","method":"transfer","args":{"to":"0xa1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","amount":"0"}}
    {"sender":"0xa1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","contract":"token-0xd4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4","method":"transfer","args":{"to":"0xb2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2","amount":"7000000000000000"}}
    {"sender":"0xb2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2","contract":"token-0xd4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4","method":"transfer","args":{"to":"0xc3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3c3","amount":"123456"}}
    {"sender":"0xa1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","contract":"registry","method":"touch","args":{"callee":"0xd4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4","selector":"2835717307","value":"7"}}
    {"sender":"0xa1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","contract":"registry","method":"touch","args":{"callee":"0xd4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4","selector":"614821888","value":"0"}}
    {"sender":"0xa1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1","contract":"registry","method":"touch","args":{"callee":"0xd570bba31040ac037d497f3051208116d4d1f8d563ff416684469795b386c331","selector":"0","value":"0"}}
    "
  `);
  expect(JSON.parse(await readFile(join(directory, 'out', 'genesis.json'), 'utf8'))).toMatchInlineSnapshot(`
    {
      "calls": [
        {
          "args": {
            "amount": "1499999999",
            "to": "0xa1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1",
          },
          "contract": "ledger",
          "method": "mint",
          "sender": "0x0000000000000000000000000000000000000001",
        },
        {
          "args": {
            "amount": "7000000000000000",
            "to": "0xa1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1a1",
          },
          "contract": "token-0xd4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4",
          "method": "mint",
          "sender": "0x0000000000000000000000000000000000000001",
        },
      ],
      "context": {
        "chainId": "1",
        "timestamp": "0",
      },
      "contracts": [
        {
          "address": "0x9a80608717896137aa7c4e8024bd76007142414637f0ad3574bf756cd7f0cd37",
          "name": "ledger",
          "wasm": "ledger.wasm",
        },
        {
          "address": "0x10f67c2d27b9a85e410e6791bb4588c0ed026b0487406a30fbac1835bb486dbb",
          "name": "registry",
          "wasm": "registry.wasm",
        },
        {
          "address": "0x12cdcd117a3a4a8f21ccd4f02d5219586c28b77c1b376ae18efccce8d11b5213",
          "name": "token-0xd4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4d4",
          "wasm": "token.wasm",
        },
      ],
      "schema": "blockstm.genesis/1",
    }
  `);
});

test('several files, compressed or not, are taken in the order given', async () => {
  await writeFile(join(directory, 'second.jsonl.gz'), gzipSync(lines(transactions.slice(0, 1))));
  await writeFile(join(directory, 'first.jsonl'), lines(transactions.slice(1, 2)));
  await convert('first.jsonl', 'second.jsonl.gz', '--out', 'out');
  const block = await readFile(join(directory, 'out', 'block.jsonl'), 'utf8');
  const senders = block.trim().split('\n');
  expect(senders.map((line) => JSON.parse(line).sender)).toEqual([bob, alice]);
});

const native = transactions[0];

test.each([
  ['{"from":', 'block.jsonl:2: not JSON'],
  ['[1]', 'block.jsonl:2: expected one JSON object a line'],
  [JSON.stringify({ ...native, from: '0x12' }), 'block.jsonl:2: from: expected an address'],
  [JSON.stringify({ ...native, to: null }), 'block.jsonl:2: to: expected an address'],
  [JSON.stringify({ ...native, value: 5 }), 'block.jsonl:2: value: expected a whole number'],
  [JSON.stringify({ ...native, value: '-5' }), 'block.jsonl:2: value: expected a whole number'],
  [JSON.stringify({ ...native, value: `1${'0'.repeat(40)}` }), 'block.jsonl:2: value: expected at most'],
  [JSON.stringify({ ...native, kind: 'nativ' }), 'block.jsonl:2: kind: expected one of native, erc20-transfer'],
  [JSON.stringify({ ...native, kind: 'create', nonce: -1 }), 'block.jsonl:2: nonce: expected a whole number from 0'],
  [JSON.stringify({ ...native, kind: 'call' }), 'block.jsonl:2: selector: expected a method selector'],
  [JSON.stringify({ ...native, kind: 'erc20-transfer', recipient: bob }), 'block.jsonl:2: amount: expected'],
])('%s', async (line, message) => {
  await writeFile(join(directory, 'block.jsonl'), `${JSON.stringify(native)}\n${line}\n`);
  const { code, stderr } = await convert('block.jsonl', '--out', 'out');
  expect(code).toBe(1);
  expect(stderr).toContain(`error: ${message}`);
  expect(stderr).not.toContain('    at ');
});

test('missing arguments and files are named', async () => {
  expect(await convert('--out', 'out')).toMatchObject({ code: 1, stderr: expect.stringContaining('no input files') });
  expect(await convert('x.jsonl')).toMatchObject({ code: 1, stderr: expect.stringContaining('--out is missing') });
  expect(await convert('x.jsonl', '--out', 'out')).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('cannot read x.jsonl'),
  });
});
