import { describe, expect, test } from 'vitest';
import { createRuntime, memoryStore } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { withDirectory } from '../support/directories.js';
import { dyingRounds } from '../support/dying-workers.js';

const seed = Number(process.env.SEED ?? Date.now() % 1e9);

// 100 times in worker-death.slow.test.ts.
describe.each(['block-stm', 'sequential'] as const)('%s', (executor) => {
  test.each([1, 0])('a worker dies in the middle of a block, %i retries', async (retries) => {
    console.log(`SEED=${seed}`);
    await dyingRounds({ rounds: 2, seed, executor, retries });
  });
});

test.each([1, 0])('a worker dies in the middle of a block of a chain on disk, %i retries', async (retries) => {
  console.log(`SEED=${seed}`);
  await withDirectory(async (directory) => {
    await dyingRounds({ rounds: 2, seed, executor: 'block-stm', retries, store: lmdbStore(directory) });
    await using runtime = await createRuntime({ store: lmdbStore(directory) });
    expect(await runtime.replay()).toEqual({ blocks: 5, difference: undefined });
  });
});

test('a worker dies in the middle of a block of a chain in memory', async () => {
  console.log(`SEED=${seed}`);
  await dyingRounds({ rounds: 2, seed, executor: 'block-stm', retries: 1, store: memoryStore() });
});
