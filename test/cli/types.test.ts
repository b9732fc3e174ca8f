// Arguments and results of every type, as a command line and a block file have them.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appendCustomSection } from '../../dist/host/contract/section.js';
import { textToWasm } from '../support/wasm-text.js';
import { blockstm, type Finished } from './command.js';

/** Gives its input back, which is one value. */
const ECHO = `(func (local $left i32) (local $length i32)
  (local.set $length (call $input))
  (local.set $left (local.get $length))
  (block $done (loop $next
    (br_if $done (i32.le_s (local.get $left) (i32.const 0)))
    (call $push (call $take))
    (local.set $left (i32.sub (local.get $left) (i32.const 8)))
    (br $next)))
  (call $output (local.get $length)))`;

const types = { orders: 'Order[]', maybe: 'string?', wide: 'u256', flags: 'bool[]?' };

const code = textToWasm(`(module
  (import "blockstm" "push" (func $push (param i64)))
  (import "blockstm" "take" (func $take (result i64)))
  (import "blockstm" "input" (func $input (result i32)))
  (import "blockstm" "output" (func $output (param i32)))
  ${Object.keys(types)
    .map((name) => ECHO.replace('(func', `(func (export "${name}")`))
    .join('\n')})`);

const described = {
  schema: 'blockstm.interface/1',
  name: 'echo',
  methods: Object.entries(types).map(([name, type]) => ({ name, inputs: [{ name: 'it', type }], output: type })),
  structs: [
    {
      name: 'Order',
      fields: [
        { name: 'maker', type: 'address' },
        { name: 'price', type: 'u128' },
        { name: 'memo', type: 'bytes?' },
      ],
    },
  ],
};

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'blockstm-types-'));
  const json = new TextEncoder().encode(JSON.stringify(described));
  await writeFile(join(directory, 'echo.wasm'), appendCustomSection(code, 'blockstm.interface', json));
  await command('deploy', 'echo.wasm', '--state', 'chain');
});

afterAll(async () => {
  await rm(directory, { recursive: true });
});

function command(...args: string[]): Promise<Finished> {
  return blockstm(directory, ...args);
}

const maker = `0x${'00'.repeat(31)}07`;

test.each([
  ['orders', '[]', '[]', []],
  [
    'orders',
    `[{"maker":"0x${'00'.repeat(19)}07","price":"340282366920938463463374607431768211455","memo":null},{"maker":"${maker}","price":5,"memo":"0x0102"}]`,
    `[{"maker":"${maker}","price":"340282366920938463463374607431768211455","memo":null},{"maker":"${maker}","price":"5","memo":"0x0102"}]`,
    [
      { maker, price: '340282366920938463463374607431768211455', memo: null },
      { maker, price: '5', memo: '0x0102' },
    ],
  ],
  ['maybe', 'null', 'null', null],
  ['maybe', 'a b', '"a b"', 'a b'],
  ['wide', String(2n ** 256n - 1n), String(2n ** 256n - 1n), String(2n ** 256n - 1n)],
  ['flags', '[true,false]', '[true,false]', [true, false]],
  ['flags', 'null', 'null', null],
])('%s of %s is given back', async (method, given, shown, value) => {
  const plain = await command('view', 'echo', method, `it=${given}`, '--state', 'chain');
  expect(plain).toEqual({ code: 0, stdout: `${shown}\n`, stderr: '' });
  const { stdout } = await command('view', 'echo', method, `it=${given}`, '--state', 'chain', '--json');
  expect(JSON.parse(stdout).receipt).toMatchObject({ status: 'ok', result: value });
});

test.each([
  ['orders', '[', /^error: it: not JSON: expected a value, at character 2/],
  ['orders', '{}', /^error: it: expected an array, found an object$/m],
  ['orders', '[{"maker":"bob","price":1}]', /^error: it\[0\].memo: expected bytes .*, found nothing$/m],
  ['orders', `[{"maker":"${maker}","price":-1,"memo":null}]`, /expected a whole number from 0 to 3402823669/],
  ['orders', `[{"maker":"${maker}","price":1,"memo":null,"fee":1}]`, /^error: it\[0\].fee: unknown name, expected /m],
  ['wide', String(2n ** 256n), /expected a whole number from 0 to 1157920892/],
  ['flags', '[1]', /expected true or false, found 1/],
])('%s of %s is refused', async (method, given, message) => {
  const { code, stderr } = await command('view', 'echo', method, `it=${given}`, '--state', 'chain');
  expect(code).not.toBe(0);
  expect(stderr).toMatch(message);
});

test('a block file has them as JSON, and a wrong one is pointed at', async () => {
  const call = (price: unknown) => {
    const it = [{ maker: 'alice', price, memo: null }];
    return `${JSON.stringify({ sender: 'alice', contract: 'echo', method: 'orders', args: { it } })}\n`;
  };
  await writeFile(join(directory, 'good.jsonl'), call('7') + call(8));
  await writeFile(join(directory, 'bad.jsonl'), call('7') + call(true));
  const good = await command('run', 'good.jsonl', '--state', 'chain');
  expect(good).toMatchObject({ code: 0, stderr: '' });
  const bad = await command('run', 'bad.jsonl', '--state', 'chain');
  expect(bad.code).not.toBe(0);
  expect(bad.stderr).toMatch(/^bad\.jsonl:2:\d+: error: args\.it\[0\]\.price: expected a whole number from 0/m);
});
