import { describe, expect, test } from 'vitest';
import { CapacityError, createRuntime, type RuntimeOptions, WorkerError } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { withDirectory } from '../support/directories.js';
import { readBy } from '../support/failing-store.js';
import { probeWasm } from '../support/probe.js';
import { address, encodeProgram } from '../support/programs.js';
import { contractWasm } from '../support/runtimes.js';
import { TINY_MEMORY } from '../support/sample-chain.js';

const alice = address(1);
const wasm = probeWasm();
const LARGEST_VALUE = 65_536;
const LARGEST_KEY = 256;

describe.each([0, 1])('%i retries', (retries) => {
  test.each(['sequential', 'block-stm'] as const)('%s: a worker runs out of its heap', async (executor) => {
    const limits = { ...TINY_MEMORY, heapMiB: 32 };
    await using runtime = await createRuntime({
      workers: 2,
      executor,
      retries,
      limits,
      store: readBy('./greedy-reader.js'),
    });
    const probe = await runtime.deploy(await wasm);
    const store = (keyLength: number) => probe.transaction(alice, 'load', { keyLength });
    for (let round = 0; round < 2; round++) {
      const { height } = runtime;
      const greedy = runtime.execute({ transactions: [store(8), store(24), store(16)] });
      await expect(greedy).rejects.toBeInstanceOf(WorkerError);
      expect(runtime.height).toBe(height);
      const broken = runtime.execute({ transactions: [store(8), store(32), store(16)] });
      await expect(broken).rejects.toMatchObject({ name: 'StoreError', code: 'ERR_STORE_CORRUPT' });
      const long = runtime.execute({ transactions: [store(8), store(40), store(16)] });
      await expect(long).rejects.toMatchObject({ name: 'StoreError', code: 'ERR_STORE_CORRUPT' });
      const { receipts } = await runtime.execute({
        transactions: [probe.transaction(alice, 'store', { keyLength: 8, valueLength: 8 }), store(8)],
      });
      expect([...receipts].map(({ status }) => status)).toEqual(['ok', 'ok']);
      expect(runtime.height).toBe(height + 1n);
    }
  });
});

test('the largest values and the largest keys outlast a restart', async () => {
  await withDirectory(async (directory) => {
    const limits = { memoryMiB: 20, locations: 1024, transactions: 1024 };
    const options = (): RuntimeOptions => ({ workers: 2, executor: 'block-stm', limits, store: lmdbStore(directory) });
    let hash: string;
    {
      await using runtime = await createRuntime(options());
      const probe = await runtime.deploy(await wasm, { address: alice });
      // More than memory has room for, a block at a time.
      for (let from = 1; from <= LARGEST_KEY; from += 32) {
        const transactions = Array.from({ length: 32 }, (_, index) =>
          probe.transaction(alice, 'store', { keyLength: from + index, valueLength: LARGEST_VALUE }),
        );
        const { receipts } = await runtime.execute({ transactions });
        expect([...receipts].every(({ status }) => status === 'ok')).toBe(true);
      }
      const all = Array.from({ length: LARGEST_KEY }, (_, index) =>
        probe.transaction(alice, 'store', { keyLength: index + 1, valueLength: LARGEST_VALUE }),
      );
      await expect(runtime.execute({ transactions: all })).rejects.toMatchObject({
        name: 'CapacityError',
        limit: 'limits.memoryMiB',
      });
      const over = [
        probe.transaction(alice, 'store', { keyLength: 1, valueLength: LARGEST_VALUE + 1 }),
        probe.transaction(alice, 'store', { keyLength: LARGEST_KEY + 1, valueLength: 1 }),
      ];
      const { receipts } = await runtime.execute({ transactions: over });
      expect([...receipts].map(({ error }) => error?.code)).toEqual(['valueLength', 'keyLength']);
      hash = await runtime.stateHash();
    }
    await using runtime = await createRuntime(options());
    expect(await runtime.stateHash()).toBe(hash);
    const probe = runtime.contract(alice);
    for (const keyLength of [1, 8, 255, LARGEST_KEY]) {
      const load = probe?.transaction(alice, 'load', { keyLength });
      if (load === undefined) throw new Error('the contract is gone');
      const { receipts } = await runtime.execute({ transactions: [load] });
      expect(probe?.decodeOutput('load', receipts.get(0).output)).toBe(LARGEST_VALUE);
    }
  });
});

const LONG_KEYS = `
import { abi } from "blockstm/assembly";
/** The value 1 under a key of 256 bytes: the number, and sevens. */
export function set(from: u32, count: u32): void {
  for (let number = from; number < from + count; number++) {
    abi.push(number);
    for (let word = 1; word < 32; word++) abi.push(0x0707070707070707);
    const slot = abi.lookup(256);
    abi.push(number + 1);
    abi.write(slot, 8);
  }
}
export function sum(from: u32, count: u32): u64 {
  let total: u64 = 0;
  for (let number = from; number < from + count; number++) {
    abi.push(number);
    for (let word = 1; word < 32; word++) abi.push(0x0707070707070707);
    if (abi.read(abi.lookup(256)) == 8) total += abi.take();
  }
  return total;
}
`;

test('10,000 keys of the largest size outlast a restart', async () => {
  const { compile } = await import('../../dist/host/contract/index.js');
  const { wasm: longKeys } = await compile({ name: 'long-keys', source: LONG_KEYS });
  await withDirectory(async (directory) => {
    // Fewer locations than keys.
    const limits = { memoryMiB: 32, locations: 4096, transactions: 4096 };
    const options = (): RuntimeOptions => ({ workers: 2, executor: 'block-stm', limits, store: lmdbStore(directory) });
    let hash: string;
    {
      await using runtime = await createRuntime(options());
      const contract = await runtime.deploy(longKeys, { address: alice });
      for (let from = 0; from < 10_000; from += 1000) {
        const transactions = Array.from({ length: 10 }, (_, index) =>
          contract.transaction(alice, 'set', { from: from + index * 100, count: 100 }),
        );
        const { writeSet } = await runtime.execute({ transactions });
        expect(writeSet).toHaveLength(1000);
      }
      hash = await runtime.stateHash();
    }
    await using runtime = await createRuntime(options());
    expect(await runtime.stateHash()).toBe(hash);
    let total = 0n;
    const contract = runtime.contract(alice);
    for (let from = 0; from < 10_000; from += 500) {
      const call = contract?.transaction(alice, 'sum', { from, count: 500 });
      if (call === undefined) throw new Error('the contract is gone');
      total += contract?.decodeOutput('sum', (await runtime.view(call)).output) as bigint;
    }
    expect(total).toBe((10_000n * 10_001n) / 2n);
  });
});

test.each(['sequential', 'block-stm'] as const)(
  '%s: a state several times larger than memory works, and one block that does not fit is rejected',
  async (executor) => {
    await withDirectory(async (directory) => {
      const limits = { memoryMiB: 16, locations: 2048, transactions: 4096 };
      await using runtime = await createRuntime({ workers: 2, executor, limits, store: lmdbStore(directory) });
      await using plain = await createRuntime({
        workers: 1,
        executor: 'sequential',
        limits: { memoryMiB: 256 } as never,
      });
      const program = await contractWasm('program');
      const contract = await runtime.deploy(program);
      await plain.deploy(program);
      const run = (operations: Parameters<typeof encodeProgram>[0]) =>
        contract.transaction(alice, 'run', { code: encodeProgram(operations) });
      const write = (from: number, count: number) =>
        Array.from({ length: count }, (_, index) =>
          run([
            { number: 2, operand: BigInt(200 + (index % 100)) },
            { number: 8, operand: BigInt(from + index) },
          ]),
        );
      for (let block = 0; block < 12; block++) {
        const transactions = write(block * 1000, 1000);
        const { writeSet } = await runtime.execute({ transactions });
        expect(writeSet).toHaveLength(1000);
        await plain.execute({ transactions });
        if (block % 4 !== 3) continue;
        const { height } = runtime;
        const tooMany = runtime.execute({ transactions: write(100_000, 3000) });
        await expect(tooMany).rejects.toBeInstanceOf(CapacityError);
        await expect(tooMany).rejects.toMatchObject({ limit: expect.stringMatching(/limits\.(locations|memoryMiB)/) });
        expect(runtime.height).toBe(height);
      }
      // What has long left memory.
      const transactions = Array.from({ length: 900 }, (_, index) =>
        run([
          { number: 0, operand: BigInt(index * 13) },
          { number: 10, operand: 0n },
        ]),
      );
      const [actual, expected] = [await runtime.execute({ transactions }), await plain.execute({ transactions })];
      expect([...actual.receipts]).toEqual([...expected.receipts]);
      expect(await runtime.stateHash()).toBe(await plain.stateHash());
    });
  },
);
