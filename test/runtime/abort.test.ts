import { afterEach, describe, expect, test, vi } from 'vitest';
import {
  AbortError,
  type Contract,
  createRuntime,
  type ExecutorName,
  memoryStore,
  type Runtime,
  type Transaction,
} from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { withDirectory } from '../support/directories.js';
import { HeldStore } from '../support/failing-store.js';
import { probeWasm } from '../support/probe.js';
import { address } from '../support/programs.js';
import { contractWasm } from '../support/runtimes.js';
import { TINY_MEMORY } from '../support/sample-chain.js';
import { threadsOf } from '../support/threads.js';

const alice = address(1);
const wasm = probeWasm();
const open: Runtime[] = [];
afterEach(async () => {
  vi.useRealTimers();
  for (const runtime of open.splice(0)) await runtime.close();
});

interface Started {
  readonly runtime: Runtime;
  readonly probe: Contract;
  readonly counter: Contract;
}

async function start(executor: ExecutorName, store?: Parameters<typeof createRuntime>[0]): Promise<Started> {
  const runtime = await createRuntime({ workers: 2, executor, limits: TINY_MEMORY, ...store });
  open.push(runtime);
  const counter = await runtime.deploy(await contractWasm('counter'));
  return { runtime, counter, probe: await runtime.deploy(await wasm) };
}

/** Some calls that take a while, so that those before them are told of; and one that would run for some hours. */
function endless(probe: Contract): Transaction[] {
  const spin = (rounds: bigint) => probe.transaction(alice, 'spin', { rounds }, { gasLimit: Number.MAX_SAFE_INTEGER });
  return [...Array.from({ length: 4 }, () => spin(5_000_000n)), spin(2n ** 62n)];
}

function adds(counter: Contract, calls: number): Transaction[] {
  return Array.from({ length: calls }, () => counter.transaction(alice, 'add', { amount: 1n }));
}

/** Resolves when the first receipt is there: the block runs. */
async function begun(execution: ReturnType<Runtime['execute']>): Promise<void> {
  for await (const _ of execution) return;
}

/** The runtime is as it was, and goes on. */
async function unharmed({ runtime, counter }: Started, height: bigint, hash: string): Promise<void> {
  expect(runtime.height).toBe(height);
  expect(await runtime.stateHash()).toBe(hash);
  const { receipts } = await runtime.execute({ transactions: adds(counter, 50) });
  expect([...receipts].every(({ status }) => status === 'ok')).toBe(true);
  expect(runtime.height).toBe(height + 1n);
}

describe.each(['block-stm', 'sequential'] as const)('%s', (executor) => {
  test('a running block that spins in one call', async () => {
    const started = await start(executor);
    const { runtime, probe, counter } = started;
    const times: number[] = [];
    for (let round = 0; round < 5; round++) {
      const [height, hash] = [runtime.height, await runtime.stateHash()];
      const controller = new AbortController();
      const { signal } = controller;
      const execution = runtime.execute({ transactions: [...adds(counter, 100), ...endless(probe)] }, { signal });
      const outcome = execution.catch((error: unknown) => error);
      await begun(execution);
      const reason = new Error(`reason ${round}`);
      const at = performance.now();
      controller.abort(reason);
      const error = await outcome;
      times.push(performance.now() - at);
      expect(error).toBeInstanceOf(AbortError);
      expect(error).toMatchObject({ code: 'ERR_ABORTED', cause: reason });
      await unharmed(started, height, hash);
    }
    console.log(`${executor}: cancelled within ${times.map((ms) => ms.toFixed(1)).join(', ')} ms`);
    // On an idle machine each is; a busy one has other things to do at times.
    expect(Math.min(...times)).toBeLessThan(20);
  });

  test('a running block of many calls is left without a thread ended', async () => {
    const started = await start(executor);
    const { runtime, probe } = started;
    const spin = () => probe.transaction(alice, 'spin', { rounds: 1_000_000n });
    const transactions = Array.from({ length: 4000 }, spin);
    const [height, hash] = [runtime.height, await runtime.stateHash()];
    const controller = new AbortController();
    // Patience never ends, however long a busy machine keeps a call from its core: workers that do not leave by themselves execute all.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let receipts = 0;
    const threads = await threadsOf(async () => {
      const execution = runtime.execute({ transactions }, { signal: controller.signal });
      const outcome = execution.catch((error: unknown) => error);
      const read = (async () => {
        for await (const { index } of execution) {
          receipts++;
          if (index === 10) controller.abort();
        }
      })();
      await expect(read).rejects.toMatchObject({ name: 'AbortError', code: 'ERR_ABORTED' });
      expect(await outcome).toBeInstanceOf(AbortError);
      // Nor is one ended later.
      expect(vi.getTimerCount()).toBe(0);
      await unharmed(started, height, hash);
    });
    expect(threads).toEqual([]);
    // Whoever reads misses the last ones of a cancelled block, also where all were executed.
    expect(receipts).toBeLessThan(transactions.length / 2);
  });
});

test('a block that waits is cancelled at once, and those around it are not', async () => {
  const started = await start('block-stm');
  const { runtime, probe, counter } = started;
  const [height, hash] = [runtime.height, await runtime.stateHash()];
  const first = new AbortController();
  const second = new AbortController();
  const running = runtime.execute(
    { transactions: [...adds(counter, 10), ...endless(probe)] },
    { signal: first.signal },
  );
  const order: string[] = [];
  const noted = running.catch(() => order.push('running'));
  const waiting = runtime.execute({ transactions: adds(counter, 7) }, { signal: second.signal });
  const last = runtime.execute({ transactions: adds(counter, 1) });
  await begun(running);
  second.abort();
  await expect(waiting).rejects.toBeInstanceOf(AbortError);
  order.push('waiting');
  first.abort();
  await noted;
  expect(order).toEqual(['waiting', 'running']);
  expect(counter.decodeOutput('add', (await last).receipts.get(0).output)).toBe(1n);
  expect(runtime.height).toBe(height + 1n);
  expect(hash).not.toBe(await runtime.stateHash());
});

test('a signal that was aborted before, and one that comes too late', async () => {
  const started = await start('block-stm');
  const { runtime, counter } = started;
  const [height, hash] = [runtime.height, await runtime.stateHash()];
  const signal = AbortSignal.abort('because');
  const refused = runtime.execute({ transactions: adds(counter, 3) }, { signal });
  await expect(refused).rejects.toMatchObject({ code: 'ERR_ABORTED', cause: 'because' });
  await unharmed(started, height, hash);
  const controller = new AbortController();
  const result = await runtime.execute({ transactions: adds(counter, 3) }, { signal: controller.signal });
  controller.abort();
  expect(runtime.height).toBe(result.height);
  expect((await result.stateHash()).length).toBe(64);
});

test('a block that waits for the store to have room', async () => {
  const held = new HeldStore(memoryStore());
  const { runtime, counter } = await start('sequential', { store: held.store, pending: 0 });
  held.hold();
  const first = await runtime.execute({ transactions: adds(counter, 1) });
  const controller = new AbortController();
  const waiting = runtime.execute({ transactions: adds(counter, 10) }, { signal: controller.signal });
  await new Promise((resolve) => setImmediate(resolve));
  controller.abort();
  await expect(waiting).rejects.toBeInstanceOf(AbortError);
  held.release();
  const next = await runtime.execute({ transactions: adds(counter, 1) });
  expect(next.height).toBe(first.height + 1n);
  expect((await next.durable).height).toBe(next.height);
});

test('of a chain on disk nothing is written', async () => {
  await withDirectory(async (directory) => {
    const started = await start('block-stm', { store: lmdbStore(directory) });
    const { runtime, probe, counter } = started;
    for (let round = 0; round < 3; round++) {
      const [height, hash] = [runtime.height, await runtime.stateHash()];
      const controller = new AbortController();
      const { signal } = controller;
      const execution = runtime.execute({ transactions: [...adds(counter, 100), ...endless(probe)] }, { signal });
      await begun(execution);
      controller.abort();
      await expect(execution).rejects.toBeInstanceOf(AbortError);
      await unharmed(started, height, hash);
    }
    await (await runtime.execute({ transactions: [] })).durable;
    expect(await runtime.replay()).toEqual({ blocks: 6, difference: undefined });
  });
});
