import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Worker } from 'node:worker_threads';
import { afterAll, describe, expect, test } from 'vitest';
import { encodeInput } from '../../dist/host/contract/codec.js';
import { compile } from '../../dist/host/contract/index.js';
import type { Execution, Receipt, Runtime, RuntimeOptions, Transaction } from '../../dist/host/index.js';
import { probeWasm } from '../support/probe.js';
import { address } from '../support/programs.js';
import { contractWasm, Runtimes } from '../support/runtimes.js';

const runtimes = new Runtimes();
afterAll(() => runtimes.close());

const alice = address(1);
const settings: readonly RuntimeOptions[] = [
  { executor: 'sequential', workers: 1 },
  { executor: 'block-stm', workers: 1 },
  { executor: 'block-stm', workers: 2 },
  { executor: 'block-stm', workers: 4 },
  { executor: 'auto', workers: 2 },
];

/** Reads a counter, works some 50 µs, and writes: calls that overlap conflict. */
const CONTENDED = `
import { Map } from "blockstm/assembly";
const cells = new Map<u32, u64>("cells");
export function step(key: u32, rounds: u32): u64 {
  let x = cells.get(key);
  for (let i: u32 = 0; i < rounds; i++) x = x * 6364136223846793005 + 1442695040888963407;
  cells.set(key, x);
  return x;
}`;
const contended = compile({ source: CONTENDED, name: 'contended' });

async function contendedBlock(runtime: Runtime, calls: number, keys: number): Promise<Transaction[]> {
  const { wasm } = await contended;
  const contract = await runtime.deploy(wasm);
  return Array.from({ length: calls }, (_, i) =>
    contract.transaction(alice, 'step', { key: i % keys, rounds: 50_000 }),
  );
}

/** What an execution gives while it runs, and how much of it came before the block had ended. */
async function follow(execution: Execution): Promise<{ readonly receipts: Receipt[]; readonly early: number }> {
  let hasEnded = false;
  const end = execution.then(() => {
    hasEnded = true;
  });
  const receipts: Receipt[] = [];
  let early = 0;
  for await (const receipt of execution) {
    receipts.push(receipt);
    if (!hasEnded) early++;
  }
  await end;
  return { receipts, early };
}

describe.each(settings)('$executor, $workers workers', (options) => {
  test('receipts come while the block runs, and are those of the result', async () => {
    const runtime = await runtimes.get(options);
    const block = { transactions: await contendedBlock(runtime, 2_000, 3) };
    const execution = runtime.execute(block);
    const { receipts, early } = await follow(execution);
    expect(receipts).toEqual([...(await execution).receipts]);
    expect(early).toBeGreaterThan(1_000);
  });

  test('an encoded block gives what the block gives, as often as it is executed', async () => {
    const runtime = await runtimes.get(options);
    const transactions = await contendedBlock(runtime, 20, 2);
    const transaction = transactions[0] as Transaction;
    transactions.push({ ...transaction, method: 'nothing' }, { ...transaction, gasLimit: 10 });
    const probe = await runtime.deploy(await probeWasm());
    transactions.push(probe.transaction(alice, 'seedWord'));
    const seed = new Uint8Array(32).fill(3);
    const encoded = await runtime.encodeBlock({ transactions, context: { height: 77n, seed } });
    expect(encoded).toMatchObject({ length: 23, context: { height: 77n } });
    const inputs = transactions.map(({ input }) => input.slice());
    // The block is all copied: what it was made of may be used for something else.
    for (const { input } of transactions) input.fill(255);
    seed.fill(9);
    const first = await runtime.execute(encoded);
    const second = await runtime.execute(encoded);
    const third = await runtime.execute({
      transactions: transactions.map((each, index) => ({ ...each, input: inputs[index] as Uint8Array })),
      context: { seed: new Uint8Array(32).fill(3) },
    });
    expect(first.height).toBe(77n);
    expect(second.height).toBe(77n);
    expect(third.height).toBe(78n);
    for (const { receipts } of [first, second, third]) {
      const statuses = [...receipts].map(({ status }) => status);
      expect(statuses).toEqual([...new Array(20).fill('ok'), 'invalid', 'outOfGas', 'ok']);
      expect(probe.decodeOutput('seedWord', receipts.get(22).output)).toBe(0x0303030303030303n);
    }
    const outputs = [first, second, third].map(({ receipts }) => Buffer.from(receipts.get(19).output).toString('hex'));
    expect(new Set(outputs).size).toBe(3);
  });

  test('a block whose keys make the index grow is taken back and gives each receipt once', async () => {
    const runtime = await runtimes.get({ ...options, limits: { memoryMiB: 256, locations: 131_072 } });
    const token = await runtime.deploy(await contractWasm('token'));
    const transactions = Array.from({ length: 40_000 }, (_, i) =>
      token.transaction(alice, 'mint', { to: address(i), amount: BigInt(i) }),
    );
    const execution = runtime.execute({ transactions });
    const { receipts } = await follow(execution);
    expect(receipts.map(({ index, status }) => `${index} ${status}`)).toEqual(transactions.map((_, i) => `${i} ok`));
  });

  test('a block that is rejected ends the receipts with the same error, and the runtime works on', async () => {
    const runtime = await runtimes.get({ ...options, limits: { memoryMiB: 64, locations: 1024 } });
    const token = await runtime.deploy(await contractWasm('token'));
    const mint = (to: number): Transaction => token.transaction(alice, 'mint', { to: address(to), amount: 1n });
    const given: string[] = [];
    // The first calls take some 50 ms, so that who follows the block has been given some before it is rejected.
    const mints = Array.from({ length: 5_000 }, (_, i) => mint(i));
    const transactions = [...(await contendedBlock(runtime, 1_000, 3)), ...mints];
    const hash = await runtime.stateHash();
    const read = async (): Promise<void> => {
      const execution = runtime.execute({ transactions });
      for await (const { status } of execution) given.push(status);
    };
    await expect(read()).rejects.toMatchObject({ code: 'ERR_CAPACITY', limit: 'limits.locations' });
    expect(given.length).toBeGreaterThan(0);
    expect(given.length).toBeLessThan(6_000);
    expect(new Set(given)).toEqual(new Set(['ok']));
    expect(await runtime.stateHash()).toBe(hash);
    const { receipts } = await follow(runtime.execute({ transactions: [mint(1)] }));
    expect(receipts).toMatchObject([{ status: 'ok' }]);
  });
});

test('receipts can be read by several, from the start each, in part, after the end, and behind another block', async () => {
  const runtime = await runtimes.get({ executor: 'block-stm', workers: 2 });
  const first = runtime.execute({ transactions: await contendedBlock(runtime, 500, 2) });
  const second = runtime.execute({ transactions: await contendedBlock(runtime, 500, 2) });
  const part = async (): Promise<number> => {
    for await (const { index } of first) if (index === 100) return index;
    return -1;
  };
  const followed = await Promise.all([follow(first), follow(first), part(), follow(second)]);
  const indexes = Array.from({ length: 500 }, (_, i) => i);
  for (const each of [followed[0], followed[1], followed[3]]) {
    expect(each.receipts.map(({ index }) => index)).toEqual(indexes);
  }
  expect(followed[2]).toBe(100);
  expect((await follow(first)).receipts).toEqual([...(await first).receipts]);
  expect((await follow(runtime.execute({ transactions: [] }))).receipts).toEqual([]);
});

test('closing ends the receipts with ERR_CLOSED', async () => {
  const others = new Runtimes();
  const runtime = await others.get({ executor: 'block-stm', workers: 2 });
  const probe = await runtime.deploy(await probeWasm());
  const options = { gasLimit: Number.MAX_SAFE_INTEGER };
  const transactions = Array.from({ length: 100 }, () =>
    probe.transaction(alice, 'spin', { rounds: 50_000_000n }, options),
  );
  const read = (async () => {
    for await (const { index } of runtime.execute({ transactions })) if (index === 0) void runtime.close();
  })();
  await expect(read).rejects.toMatchObject({ code: 'ERR_CLOSED' });
  await others.close();
});

test('a worker that dies ends the receipts with ERR_WORKER, and the next block has fresh ones', async () => {
  await using others = new Runtimes();
  const threads: Worker[] = [];
  const listener = (message: unknown): void => void threads.push((message as { worker: Worker }).worker);
  subscribe('worker_threads', listener);
  const runtime = await others.get({ executor: 'block-stm', workers: 2, retries: 0 });
  unsubscribe('worker_threads', listener);
  const transactions = await contendedBlock(runtime, 3_000, 3);
  const given: number[] = [];
  const read = (async () => {
    for await (const { index } of runtime.execute({ transactions })) {
      given.push(index);
      if (index === 50) void threads[1]?.terminate();
    }
  })();
  await expect(read).rejects.toMatchObject({ code: 'ERR_WORKER' });
  expect(given.slice(0, 51)).toEqual(Array.from({ length: 51 }, (_, i) => i));
  const { receipts } = await follow(runtime.execute({ transactions: transactions.slice(0, 10) }));
  expect(receipts.map(({ status }) => status)).toEqual(new Array(10).fill('ok'));
});

test('an array that lies about its length harms nobody, and one that cannot fit is refused at once', async () => {
  class Lying extends Uint8Array {
    override get length(): number {
      return 2 ** 32 - 40;
    }
  }
  await using others = new Runtimes();
  const runtime = await others.get({ executor: 'sequential', workers: 1, limits: { memoryMiB: 64, locations: 1024 } });
  const token = await runtime.deploy(await contractWasm('token'));
  const mint = token.transaction(alice, 'mint', { to: alice, amount: 5n });
  const lying = { ...mint, input: new Lying(mint.input) };
  const { receipts } = await runtime.execute({ transactions: [mint, lying, mint] });
  expect([...receipts].map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
  const balance = await runtime.view(token.transaction(alice, 'balanceOf', { owner: alice }));
  expect(token.decodeOutput('balanceOf', balance.output)).toBe(15n);
  const before = process.memoryUsage().arrayBuffers;
  const large = { ...mint, input: new Uint8Array(16 << 20) };
  const transactions = [mint, ...new Array<Transaction>(100).fill(large)];
  for (const use of [() => runtime.execute({ transactions }), () => runtime.encodeBlock({ transactions })]) {
    await expect(use()).rejects.toMatchObject({
      limit: 'limits.memoryMiB',
      message: expect.stringMatching(/^limits\.memoryMiB: transactions\[[34]\] and those before it do not fit/),
    });
  }
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(512 << 20);
});

test('receipts are the reader’s own: what is done to one changes no other', async () => {
  const runtime = await runtimes.get({ executor: 'sequential', workers: 1 });
  const token = await runtime.deploy(await contractWasm('token'));
  const { receipts } = await runtime.execute({
    transactions: [
      token.transaction(alice, 'mint', { to: alice, amount: 9n }),
      ...Array.from({ length: 5 }, () => token.transaction(alice, 'transfer', { to: address(2), amount: 1n })),
    ],
  });
  const before = structuredClone([...receipts]);
  for (const { output, events } of receipts) {
    output.fill(1);
    for (const { contract, topic, data } of events) for (const bytes of [contract, topic, data]) bytes.fill(2);
  }
  expect([...receipts]).toEqual(before);
});

test('a block is encoded while another is executed, and refused where it is wrong or of another runtime', async () => {
  const runtime = await runtimes.get({ executor: 'block-stm', workers: 2 });
  const transactions = await contendedBlock(runtime, 1_000, 2);
  let isRunning = true;
  const running = runtime.execute({ transactions }).finally(() => {
    isRunning = false;
  });
  const encoded = await runtime.encodeBlock({ transactions: transactions.slice(0, 3) });
  expect(isRunning).toBe(true);
  await running;
  const other = await runtimes.get({ executor: 'sequential', workers: 1 });
  await expect(other.execute(encoded)).rejects.toMatchObject({ name: 'MisuseError', code: 'ERR_ARGUMENT' });
  const input = encodeInput((await contended).interface, 'step', { key: 1, rounds: 1 });
  const bad = { sender: alice, contract: alice, method: 'step', input, gasLimit: -1 };
  await expect(runtime.encodeBlock({ transactions: [bad] })).rejects.toMatchObject({
    code: 'ERR_ARGUMENT',
    message: 'transactions[0].gasLimit: expected a whole number from 0 to 2^53 - 1',
  });
  await expect(runtime.encodeBlock({ transactions: [], context: { height: -1n } })).rejects.toMatchObject({
    code: 'ERR_ARGUMENT',
  });
});
