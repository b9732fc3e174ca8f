import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import { afterAll, expect, test } from 'vitest';
import { compile } from '../../dist/host/contract/index.js';
import { CapacityError, GAS_SCHEDULE_VERSION, KERNEL_GAS, type Transaction } from '../../dist/host/index.js';
import { address } from '../support/programs.js';
import { contractWasm, Runtimes } from '../support/runtimes.js';
import { textToWasm } from '../support/wasm-text.js';

const runtimes = new Runtimes();
afterAll(() => runtimes.close());
const one = () => runtimes.get({ executor: 'block-stm', workers: 2 });
const alice = address(1);

test('a contract of the SDK that wants more memory than it may have ends with memoryLimit', async () => {
  const source = 'export function allocate(bytes: i32): i32 { return new Uint8Array(bytes).length; }';
  const { wasm } = await compile({ source, name: 'hungry' });
  const contract = await (await one()).deploy(wasm);
  const sizes = [1000, 20_000_000, 15_000_000, 1000];
  const transactions = sizes.map((bytes) => contract.transaction(alice, 'allocate', { bytes }));
  const { receipts } = await (await one()).execute({ transactions });
  expect([...receipts].map(({ status, error }) => error?.code ?? status)).toEqual(['ok', 'memoryLimit', 'ok', 'ok']);
});

test('memory that the machine refuses is an error of the block and never a failure of the contract', async () => {
  const grows = textToWasm('(module (memory 1) (func (export "run") (drop (memory.grow (i32.const 5)))))');
  const runtime = await one();
  const contract = await runtime.deploy(grows);
  const token = await runtime.deploy(await contractWasm('token'));
  const mint = token.transaction(alice, 'mint', { to: alice, amount: 5n });
  const grow: Transaction = { sender: alice, contract: contract.address, method: 'run', input: new Uint8Array(0) };
  const before = await runtime.stateHash();
  // The machine's part is played by a limit of V8 for all memories of the process.
  setFlagsFromString('--wasm-max-mem-pages=3');
  try {
    const executed = runtime.execute({ transactions: [mint, grow, mint] });
    await expect(executed).rejects.toBeInstanceOf(CapacityError);
    expect(await runtime.stateHash()).toBe(before);
  } finally {
    setFlagsFromString('--wasm-max-mem-pages=65536');
  }
  const { receipts } = await runtime.execute({ transactions: [mint, grow, mint] });
  expect([...receipts].map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
});

test('a call is charged for its input, its writes and its output by the byte', async () => {
  const runtime = await one();
  const probe = textToWasm(`(module
    (import "blockstm" "input" (func $input (result i32)))
    (import "blockstm" "push" (func $push (param i64)))
    (import "blockstm" "lookup" (func $lookup (param i32) (result i32)))
    (import "blockstm" "write" (func $write (param i32 i32)))
    (import "blockstm" "output" (func $output (param i32)))
    (func (export "nothing"))
    (func (export "write") (call $push (i64.const 1)) (drop (call $lookup (i32.const 8))) (call $push (i64.const 2)) (call $write (i32.const 0) (i32.const 5)))
    (func (export "output") (call $push (i64.const 1)) (call $output (i32.const 8)))
    (func (export "shorter") (call $push (i64.const 1)) (call $output (i32.const 3))))`);
  const contract = await runtime.deploy(probe);
  const call = (method: string, bytes = 0): Transaction => {
    return { sender: alice, contract: contract.address, method, input: new Uint8Array(bytes) };
  };
  const transactions = [call('nothing'), call('nothing', 100), call('write'), call('output'), call('shorter')];
  const { receipts } = await runtime.execute({ transactions });
  const [nothing, input, write, output, shorter] = [...receipts].map(({ gasUsed }) => gasUsed) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const { call: base, inputByte, lookup, keyByte, write: writeGas, writtenByte, outputByte } = KERNEL_GAS;
  expect(nothing).toBe(base);
  expect(input - nothing).toBe(100 * inputByte);
  expect(write - nothing).toBeGreaterThan(lookup + 8 * keyByte + writeGas + 5 * writtenByte);
  expect(output - shorter).toBe(5 * outputByte);
});

test('the gas limit is a whole number, is the default of the runtime where none is given, and is spent to the unit', async () => {
  const runtime = await runtimes.get({
    workers: 1,
    limits: { memoryMiB: 64, locations: 4096, transactions: 10, gas: KERNEL_GAS.call + 500 },
  });
  const token = await runtime.deploy(await contractWasm('token'));
  const mint = token.transaction(alice, 'mint', { to: alice, amount: 1n });
  const first = (await runtime.execute({ transactions: [{ ...mint, gasLimit: 1_000_000 }] })).receipts.get(0);
  const { gasUsed } = (await runtime.view({ ...mint, gasLimit: 1_000_000 })) as typeof first;
  const limits = [gasUsed, gasUsed - 1, 0];
  const { receipts } = await runtime.execute({ transactions: limits.map((gasLimit) => ({ ...mint, gasLimit })) });
  expect([...receipts].map((receipt) => [receipt.status, receipt.gasUsed])).toEqual([
    ['ok', gasUsed],
    ['outOfGas', gasUsed - 1],
    ['outOfGas', 0],
  ]);
  expect(await runtime.view(mint)).toMatchObject({ status: 'outOfGas', gasUsed: KERNEL_GAS.call + 500 });
  for (const gasLimit of [-1, 1.5, Number.NaN, 2 ** 53, 5n, '5']) {
    const call = { ...mint, gasLimit } as Transaction;
    await expect(runtime.execute({ transactions: [mint, call] })).rejects.toThrow('transactions[1].gasLimit');
  }
  expect(() => token.transaction(alice, 'totalSupply', {}, { gas: 5 } as never)).toThrow('gas');
});

test('a code is identified by its bytes and the version of the gas schedule', async () => {
  const wasm = await contractWasm('counter');
  const { codeHash } = await (await one()).deploy(wasm);
  const version = Buffer.of(GAS_SCHEDULE_VERSION, 0, 0, 0);
  expect(codeHash).toBe(createHash('sha256').update(version).update(wasm).digest('hex'));
});
