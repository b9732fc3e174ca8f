import { expect, test } from 'vitest';
import { createRuntime } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { withDirectory } from '../support/directories.js';
import { dyingRounds } from '../support/dying-workers.js';

const seed = Number(process.env.SEED ?? Date.now() % 1e9);

test.each([1, 0])('25 times: a worker dies in the middle of a block, %i retries', async (retries) => {
  console.log(`SEED=${seed}`);
  await dyingRounds({ rounds: 25, seed, executor: 'block-stm', retries });
});

test.each([1, 0])(
  '25 times: a worker dies in the middle of a block of a chain on disk, %i retries',
  async (retries) => {
    console.log(`SEED=${seed}`);
    await withDirectory(async (directory) => {
      await dyingRounds({ rounds: 25, seed, executor: 'block-stm', retries, store: lmdbStore(directory) });
      await using runtime = await createRuntime({ store: lmdbStore(directory) });
      expect(await runtime.replay()).toEqual({ blocks: 51, difference: undefined });
    });
  },
);
