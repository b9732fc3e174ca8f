import { stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRuntime } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { withDirectory } from '../support/directories.js';
import { address } from '../support/programs.js';
import { contractWasm, SMALL_MEMORY } from '../support/runtimes.js';

test('a data file that lost its end is refused, and left as it is', () =>
  withDirectory(async (directory) => {
    const file = join(directory, 'data.mdb');
    {
      await using runtime = await createRuntime({ workers: 1, limits: SMALL_MEMORY, store: lmdbStore(directory) });
      const drawer = await runtime.deploy(await contractWasm('drawer'));
      const transactions = Array.from({ length: 40 }, (_, index) =>
        drawer.transaction(address(0), 'put', { key: new Uint8Array([index]), value: new Uint8Array(10_000) }),
      );
      await (await runtime.execute({ transactions })).durable;
    }
    const { size } = await stat(file);
    for (const left of [size - 4096, Math.floor(size / 8192) * 4096]) {
      await truncate(file, left);
      // As a process leaves it that was killed: without a checksum of the whole.
      const store = lmdbStore(directory, { verify: false });
      await expect(store.open()).rejects.toMatchObject({ code: 'ERR_STORE_CORRUPT' });
      expect((await stat(file)).size).toBe(left);
    }
  }));
