import { expect, test } from 'vitest';
import { CapacityError, createRuntime, MisuseError } from '../../dist/host/index.js';
import { probeWasm } from '../support/probe.js';
import { address, encodeProgram } from '../support/programs.js';
import { contractWasm, SMALL_MEMORY } from '../support/runtimes.js';

const alice = address(1);
const EXECUTORS = ['sequential', 'block-stm'] as const;

test.each(EXECUTORS)('%s: too many calls for limits.transactions', async (executor) => {
  await using runtime = await createRuntime({ executor, workers: 2, limits: { ...SMALL_MEMORY, transactions: 10 } });
  const counter = await runtime.deploy(await contractWasm('counter'));
  const calls = (length: number) => Array.from({ length }, () => counter.transaction(alice, 'add', { amount: 1n }));
  await expect(runtime.execute({ transactions: calls(11) })).rejects.toMatchObject({
    name: 'CapacityError',
    code: 'ERR_CAPACITY',
    limit: 'limits.transactions',
  });
  const { receipts, height } = await runtime.execute({ transactions: calls(10) });
  expect(receipts.get(9).status).toBe('ok');
  // The deployment was the first.
  expect(height).toBe(2n);
});

test.each(EXECUTORS)('%s: too many keys for limits.locations, then room again', async (executor) => {
  await using runtime = await createRuntime({ executor, workers: 2, limits: { ...SMALL_MEMORY, locations: 2048 } });
  const program = await runtime.deploy(await contractWasm('program'));
  const write = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) =>
      program.transaction(alice, 'run', { code: encodeProgram([{ number: 1, operand: BigInt(from + i) }]) }),
    );
  const read = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, i) =>
      program.transaction(alice, 'run', { code: encodeProgram([{ number: 0, operand: BigInt(from + i) }]) }),
    );
  await runtime.execute({ transactions: write(0, 1000) });
  const before = await runtime.stateHash();
  for (let round = 0; round < 3; round++) {
    const tooMany = runtime.execute({ transactions: write(1000 + round * 5000, 4000 + round * 5000) });
    await expect(tooMany).rejects.toBeInstanceOf(CapacityError);
    await expect(tooMany).rejects.toMatchObject({ limit: 'limits.locations' });
    expect(await runtime.stateHash()).toBe(before);
  }
  // Absent keys that were only looked up take room, and give it back.
  for (let round = 0; round < 10; round++)
    await runtime.execute({ transactions: read(50_000 + round * 800, 50_800 + round * 800) });
  expect(await runtime.stateHash()).toBe(before);
  const { writeSet } = await runtime.execute({ transactions: write(500, 1500) });
  expect(writeSet).toHaveLength(1000);
});

test.each(EXECUTORS)('%s: a block that needs more than limits.memoryMiB, then one that fits', async (executor) => {
  const limits = { memoryMiB: 24, locations: 4096, transactions: 4096 };
  await using runtime = await createRuntime({ executor, workers: 2, limits });
  const probe = await runtime.deploy(await probeWasm());
  const store = (keyLength: number) => probe.transaction(alice, 'store', { keyLength, valueLength: 65_536 });
  await runtime.execute({ transactions: [store(1), store(2)] });
  const before = await runtime.stateHash();
  for (let round = 0; round < 3; round++) {
    const tooMuch = runtime.execute({ transactions: Array.from({ length: 256 }, (_, i) => store(i + 1)) });
    await expect(tooMuch).rejects.toMatchObject({ name: 'CapacityError', limit: 'limits.memoryMiB' });
    expect(await runtime.stateHash()).toBe(before);
  }
  const input = runtime.execute({ transactions: [{ ...store(1), input: new Uint8Array(32 << 20) }] });
  await expect(input).rejects.toMatchObject({ limit: 'limits.memoryMiB' });
  const { receipts } = await runtime.execute({ transactions: [store(3), store(1)] });
  expect([...receipts].map(({ status }) => status)).toEqual(['ok', 'ok']);
});

test.each([
  [{ workers: 0 }, 'workers: expected a whole number from 1 to 256, found 0'],
  [{ workers: 1.5 }, 'workers: expected a whole number from 1 to 256, found 1.5'],
  [{ executor: 'fast' }, 'executor: expected "auto" or "sequential" or "block-stm", found "fast"'],
  [{ limits: { memoryMiB: 8 } }, 'limits.memoryMiB: expected a whole number from 16 to 4,095, found 8'],
  [{ limits: { locations: '9' } }, 'limits.locations: expected a whole number from 1,024 to 16,777,216, found "9"'],
  [{ limits: { calls: 9 } }, 'limits: unknown option "calls", known are memoryMiB, locations, transactions'],
  [{ threads: 2 }, 'options: unknown option "threads", known are workers, executor, limits'],
  [{ limits: { memoryMiB: 16 } }, 'limits.memoryMiB: 16 MiB are too few for the tables of 1048576 locations'],
])('the option in %o is refused by name', async (options, message) => {
  const created = createRuntime(options as never);
  await expect(created).rejects.toBeInstanceOf(MisuseError);
  await expect(created).rejects.toMatchObject({ code: 'ERR_OPTION', message: expect.stringContaining(message) });
});
