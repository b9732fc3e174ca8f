import { afterEach, expect, test } from 'vitest';
import { type Contract, createRuntime, memoryStore, type Runtime, type Store } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { withDirectory } from '../support/directories.js';
import { HeldStore } from '../support/failing-store.js';
import { address } from '../support/programs.js';
import { contractWasm } from '../support/runtimes.js';
import { TINY_MEMORY } from '../support/sample-chain.js';

const alice = address(1);
const open: Runtime[] = [];
afterEach(async () => {
  for (const runtime of open.splice(0)) await runtime.close();
});

async function start(store: Store, pending: number): Promise<{ runtime: Runtime; counter: Contract }> {
  const runtime = await createRuntime({ store, pending, workers: 1, executor: 'sequential', limits: TINY_MEMORY });
  open.push(runtime);
  return { runtime, counter: await runtime.deploy(await contractWasm('counter')) };
}

function add(counter: Contract): { transactions: ReturnType<Contract['transaction']>[] } {
  return { transactions: [counter.transaction(alice, 'add', { amount: 1n })] };
}

/** All that can happen by itself has happened. */
async function idle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

const kinds = ['memory', 'lmdb'] as const;
async function withStore(kind: (typeof kinds)[number], action: (make: () => Store) => Promise<void>): Promise<void> {
  const memory = memoryStore();
  if (kind === 'memory') await action(() => memory);
  else await withDirectory(async (directory) => action(() => lmdbStore(directory)));
}

test.each([0, 1, 4])('with pending %i at most so many and one are not durable', async (pending) => {
  const held = new HeldStore();
  const { runtime, counter } = await start(held.store, pending);
  held.hold();
  const executed: bigint[] = [];
  const durable: bigint[] = [];
  const blocks = Array.from({ length: 12 }, async () => {
    const result = await runtime.execute(add(counter));
    executed.push(result.height);
    // Whoever may go on is at most so far ahead.
    expect(executed.length - durable.length).toBeLessThanOrEqual(pending + 1);
    durable.push((await result.durable).height);
  });
  const room = pending + 1;
  while (executed.length < room) await new Promise((resolve) => setImmediate(resolve));
  await idle();
  expect(executed).toHaveLength(room);
  expect(durable).toHaveLength(0);
  expect(runtime.metrics()).toMatchObject({ height: BigInt(room + 1), durableHeight: 1n, pendingBlocks: room });
  held.release();
  await Promise.all(blocks);
  expect(executed).toEqual(Array.from({ length: 12 }, (_, index) => BigInt(index + 2)));
  expect(durable).toEqual(executed);
  expect(held.commits.flat()).toEqual([1n, ...executed]);
  expect(runtime.metrics()).toMatchObject({ durableHeight: 13n, pendingBlocks: 0 });
});

test.each(kinds)('%s: a commit that fails stops the chain, and nothing of it is applied', async (kind) => {
  await withStore(kind, async (make) => {
    const held = new HeldStore(make());
    const { runtime, counter } = await start(held.store, 4);
    for (let block = 0; block < 3; block++) await (await runtime.execute(add(counter))).durable;
    held.hold();
    held.failAt(held.commits.length);
    const failed = {
      name: 'StoreError',
      code: 'ERR_STORE_FULL',
      message: expect.stringContaining('as it was told to'),
    };
    // One is being written, and two wait for it.
    const results = await Promise.all(Array.from({ length: 3 }, () => runtime.execute(add(counter))));
    // One is asked for when the store fails.
    const asked = runtime.execute(add(counter)).then(({ durable }) => durable);
    const outcomes = Promise.allSettled([...results.map(({ durable }) => durable), asked]);
    held.release();
    expect(await outcomes).toMatchObject(Array(4).fill({ status: 'rejected', reason: failed }));
    for (const use of [
      () => runtime.execute(add(counter)),
      () => runtime.deploy(new Uint8Array()),
      () => runtime.snapshot('/nonexistent/never'),
      () => runtime.prune(2n),
    ]) {
      await expect(use()).rejects.toMatchObject({ name: expect.stringMatching(/StoreError|ContractCodeError/) });
    }
    await expect(runtime.execute(add(counter))).rejects.toMatchObject(failed);
    expect(runtime.head?.height).toBe(4n);
    expect(runtime.metrics()).toMatchObject({ durableHeight: 4n, pendingBlocks: 0 });
    expect((await runtime.block(4n))?.receipts).toHaveLength(1);
    expect(await runtime.block(5n)).toBeUndefined();
    await runtime.close();
    // What was durable, and nothing else.
    await using again = await createRuntime({ store: make(), workers: 1, limits: TINY_MEMORY });
    expect(again.height).toBe(4n);
    const found = again.contract(counter.address) as Contract;
    const { output } = await again.view(found.transaction(alice, 'get'));
    expect(found.decodeOutput('get', output)).toBe(3n);
    expect((await (await again.execute(add(found))).durable).height).toBe(5n);
    expect(await again.replay()).toEqual({ blocks: 5, difference: undefined });
  });
});

test('a store that fails while a block runs rejects what that block was to become', async () => {
  const held = new HeldStore();
  const { runtime, counter } = await start(held.store, 4);
  held.hold();
  held.failAt(held.commits.length);
  const first = await runtime.execute(add(counter));
  const program = await contractWasm('program');
  const running = runtime.execute({
    transactions: Array.from({ length: 2000 }, () => counter.transaction(alice, 'add', { amount: 1n })),
  });
  for await (const { index } of running) if (index === 0) held.release();
  await expect(first.durable).rejects.toMatchObject({ code: 'ERR_STORE_FULL' });
  // It was executed, and will never be durable.
  await expect((await running).durable).rejects.toMatchObject({ code: 'ERR_STORE_FULL' });
  await expect(runtime.deploy(program)).rejects.toMatchObject({ code: 'ERR_STORE_FULL' });
});

test('a deployment that cannot be written is none', async () => {
  const held = new HeldStore();
  const { runtime } = await start(held.store, 4);
  held.failAt(held.commits.length);
  const at = new Uint8Array(32).fill(9);
  await expect(runtime.deploy(await contractWasm('token'), { address: at })).rejects.toMatchObject({
    code: 'ERR_STORE_FULL',
  });
  expect(runtime.head?.height).toBe(1n);
  await runtime.close();
  await using again = await createRuntime({ store: held.store, workers: 1, limits: TINY_MEMORY });
  expect(again.contract(at)).toBeUndefined();
  expect(again.height).toBe(1n);
});
