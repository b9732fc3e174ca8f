import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRuntime, memoryStore } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { closeWhile, operations } from '../support/close-while.js';
import { withDirectory } from '../support/directories.js';
import { readBy } from '../support/failing-store.js';
import { address } from '../support/programs.js';
import { Random } from '../support/random.js';
import { contractWasm } from '../support/runtimes.js';
import { growChain, openChain, sampleCalls, TINY_MEMORY } from '../support/sample-chain.js';

// At many more moments in close.slow.test.ts.
test('close at any moment of anything', async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1e9);
  console.log(`SEED=${seed}`);
  const random = new Random(seed);
  await withDirectory(async (directory) => {
    let { height } = await growChain(directory, 5);
    for (const name of Object.keys(operations)) height = await closeWhile(name, directory, height, random);
  });
});

test('close while a snapshot is read in: all of it is there, or nothing', async () => {
  await withDirectory(async (directory) => {
    const { height } = await growChain(join(directory, 'source'), 5);
    const file = join(directory, 'snapshot');
    {
      await using source = await openChain(join(directory, 'source'));
      await source.snapshot(file);
    }
    for (let turns = 0; turns < 20; turns += 5) {
      const target = join(directory, `target-${turns}`);
      const runtime = await openChain(target);
      const restored = runtime.restore(file).catch((error: unknown) => error);
      for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
      await runtime.close();
      await restored;
      await using again = await openChain(target);
      expect([0n, height]).toContain(again.height);
      if (again.height === 0n) expect((await again.restore(file))?.height).toBe(height);
      expect((await again.execute({ transactions: sampleCalls(again, 1) })).height).toBe(height + 1n);
    }
  });
});

test('a worker that reads the store is not ended before it has come out', async () => {
  const counts = new SharedArrayBuffer(8);
  const words = new Int32Array(counts);
  const store = readBy('./slow-reader.js', { counts });
  const runtime = await createRuntime({ store, workers: 2, limits: TINY_MEMORY });
  const counter = await runtime.deploy(await contractWasm('counter'));
  const transactions = Array.from({ length: 4 }, (_, sender) =>
    counter.transaction(address(sender), 'add', { amount: 1n }),
  );
  const executed = runtime.execute({ transactions }).catch((error: unknown) => error);
  await Atomics.waitAsync(words, 0, 0).value;
  expect(words[1]).toBe(0);
  await runtime.close();
  expect(await executed).toMatchObject({ code: 'ERR_CLOSED' });
  // Native code that is cut off may take the process with it.
  expect(words[0]).toBeGreaterThan(0);
  expect(words[1]).toBe(words[0]);
});

test('ten runtimes at once, each with a store of its own', async () => {
  await withDirectory(async (directory) => {
    const wasm = await contractWasm('counter');
    const run = async (number: number): Promise<void> => {
      const store = number % 2 === 0 ? lmdbStore(join(directory, `${number}`)) : memoryStore();
      await using runtime = await createRuntime({ store, workers: 2, limits: TINY_MEMORY });
      const counter = await runtime.deploy(wasm);
      for (let block = 0; block < 5; block++) {
        const transactions = Array.from({ length: number + 1 }, () =>
          counter.transaction(address(number), 'add', { amount: 1n }),
        );
        await (await runtime.execute({ transactions })).durable;
      }
      const { output } = await runtime.view(counter.transaction(address(0), 'get'));
      expect(counter.decodeOutput('get', output)).toBe(BigInt(5 * (number + 1)));
      expect(await runtime.replay()).toEqual({ blocks: 6, difference: undefined });
    };
    await Promise.all(Array.from({ length: 10 }, (_, number) => run(number)));
  });
});
