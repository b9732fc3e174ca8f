import { stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRuntime } from '../../dist/host/index.js';
import { CleanMark } from '../../dist/host/store/lmdb/clean-mark.js';
import { checkFile } from '../../dist/host/store/lmdb/file-check.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { openTables, put, text } from '../../dist/host/store/lmdb/tables.js';
import { withDirectory } from '../support/directories.js';
import { address } from '../support/programs.js';
import { contractWasm, SMALL_MEMORY } from '../support/runtimes.js';
import { growChain } from '../support/sample-chain.js';

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

test('a data file that lacks free pages only, and was closed, is opened, and guarded as it is then', () =>
  withDirectory(async (directory) => {
    const { height } = await growChain(directory, 1);
    const file = join(directory, 'data.mdb');
    const tables = openTables({ path: directory, mapSize: 2 ** 38 });
    tables.root.transactionSync(() => {
      // Its pages are taken, given back, and never written.
      put(tables.meta, text('large'), new Uint8Array(1 << 20));
      tables.meta.removeSync(text('large'));
      put(tables.meta, text('small'), new Uint8Array(1));
    });
    await tables.root.close();
    new CleanMark(directory).leave();
    const { short } = await checkFile(file);
    expect(short?.needed).toBeGreaterThan((await stat(file)).size);
    const store = lmdbStore(directory);
    // The second time it is as long as it says.
    for (let times = 0; times < 2; times++) {
      expect((await store.open()).head?.height).toBe(height);
      expect((await stat(file)).size).toBe(short?.needed);
      await store.close();
    }
    await truncate(file, (short?.needed ?? 0) - 1);
    await expect(store.open()).rejects.toMatchObject({
      code: 'ERR_STORE_CORRUPT',
      message: expect.stringContaining('with checksum'),
    });
  }));
