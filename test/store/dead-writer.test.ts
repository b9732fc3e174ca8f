import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import type { Store } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { withDirectory } from '../support/directories.js';
import { growChain } from '../support/sample-chain.js';
import { threadsOf } from '../support/threads.js';

const died = {
  name: 'StoreError',
  code: 'ERR_STORE',
  message: expect.stringContaining('the thread that writes it died'),
};

/** With a store that is open over a chain of 3 blocks, and the thread that writes it. */
async function withStore(action: (store: Store, thread: Worker) => Promise<void>): Promise<void> {
  await withDirectory(async (directory) => {
    const { height } = await growChain(directory, 1);
    const store = lmdbStore(directory, { mapGiB: 1 });
    const [thread] = await threadsOf(async () => {
      await store.open();
      // It is started with the first question.
      await store.prune(0n);
    });
    await action(store, thread as Worker);
    await store.close();
    // It is nobody's any more, and has lost nothing.
    const { head } = await store.open();
    expect(head?.height).toBe(height);
    await store.close();
  });
}

test('a writer that dies idle refuses what comes after, and the store can be closed', async () => {
  await withStore(async (store, thread) => {
    await thread.terminate();
    await expect(store.settle()).rejects.toMatchObject(died);
    await expect(store.view()).rejects.toMatchObject(died);
    await expect(store.statistics()).rejects.toMatchObject(died);
    await expect(store.prune(1n)).rejects.toMatchObject(died);
  });
});

test('an error of an idle writer is its death', async () => {
  await withStore(async (store, thread) => {
    const cause = new Error('out of memory');
    thread.emit('error', cause);
    await expect(store.settle()).rejects.toMatchObject({ ...died, cause });
  });
});

test('a writer that dies while it is asked refuses all that wait, and nobody is warned of so many', async () => {
  await withStore(async (store, thread) => {
    const warnings: Error[] = [];
    const warned = (warning: Error) => warnings.push(warning);
    process.on('warning', warned);
    const ask = () => Array.from({ length: 15 }, () => store.settle());
    // It may answer all of these before it has died.
    const before = ask();
    const exit = once(thread, 'exit');
    void thread.terminate();
    // Nobody here knows of it yet.
    const after = ask();
    const outcomes = await Promise.allSettled([...before, ...after]);
    await exit;
    await expect(store.settle()).rejects.toMatchObject(died);
    process.off('warning', warned);
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(died);
    expect(outcomes.slice(before.length).map(({ status }) => status)).toEqual(after.map(() => 'rejected'));
    expect(warnings).toEqual([]);
  });
});

test('closed while the writer dies', async () => {
  await withStore(async (store, thread) => {
    const closed = store.close();
    await thread.terminate();
    await closed;
  });
});
