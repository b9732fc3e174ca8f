import { existsSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import threads from 'node:worker_threads';
import { expect, test } from 'vitest';
import type { Store } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { withDirectory } from '../support/directories.js';
import { growChain } from '../support/sample-chain.js';

const { Worker } = threads;

/** With an open store over a chain of 5 blocks, whose writer tells which directories it syncs (support/spied-writer.js): their inodes. */
async function withSpied(
  { isMarked, isFailing }: { isMarked: boolean; isFailing: boolean },
  action: (store: Store, synced: readonly number[], directory: string) => Promise<void>,
): Promise<void> {
  await withDirectory(async (directory) => {
    await growChain(directory, 3);
    if (!isMarked) await rm(join(directory, 'closed'));
    const synced: number[] = [];
    threads.Worker = class extends Worker {
      constructor(_: string | URL, options?: ConstructorParameters<typeof Worker>[1]) {
        super(new URL('../support/spied-writer.js', import.meta.url), { ...options, workerData: { isFailing } });
        this.on('message', (message) => {
          if (message.synced !== undefined) synced.push(message.synced);
        });
      }
    };
    syncBuiltinESMExports();
    const store = lmdbStore(directory);
    try {
      await store.open();
      await action(store, synced, directory);
    } finally {
      await store.close();
      threads.Worker = Worker;
      syncBuiltinESMExports();
    }
  });
}

test.each([true, false])(
  'that there is no mark is on disk before the first write, whether there was one: %s',
  (isMarked) =>
    withSpied({ isMarked, isFailing: false }, async (store, synced, directory) => {
      expect(synced).toEqual([]);
      expect(await store.prune(2n)).toBe(1);
      const { ino } = await stat(directory);
      expect(synced).toEqual([ino]);
      // What is on disk stays there.
      expect(await store.prune(3n)).toBe(1);
      expect(synced).toEqual([ino]);
    }),
);

test('where that fails, so does the write; the next one does it, and the mark is left again', () =>
  withSpied({ isMarked: true, isFailing: true }, async (store, synced, directory) => {
    await expect(store.prune(2n)).rejects.toMatchObject({ code: 'ERR_STORE' });
    expect(synced).toEqual([]);
    expect(await store.prune(2n)).toBe(1);
    expect(synced).toEqual([(await stat(directory)).ino]);
  }));

test('and at the close, where nothing more is written', () =>
  withSpied({ isMarked: true, isFailing: true }, async (store, _, directory) => {
    await expect(store.prune(2n)).rejects.toMatchObject({ code: 'ERR_STORE' });
    expect(existsSync(join(directory, 'closed'))).toBe(false);
    await store.close();
    expect(existsSync(join(directory, 'closed'))).toBe(true);
  }));
