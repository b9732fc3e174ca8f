import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { openTables, put, text, word } from '../../dist/host/store/lmdb/tables.js';
import { withDirectory } from '../support/directories.js';
import { growChain, openChain, sampleCalls } from '../support/sample-chain.js';
import { threadsOf } from '../support/threads.js';

test('who only reads a chain starts no thread that writes it', () =>
  withDirectory(async (directory) => {
    const { height } = await growChain(directory, 2);
    const store = lmdbStore(directory);
    const readers = await threadsOf(async () => {
      expect((await store.open()).head?.height).toBe(height);
      const view = await store.view();
      let entries = 0;
      for await (const _ of view.state()) entries++;
      view.close();
      expect((await store.statistics()).entries).toBe(entries);
      expect(entries).toBeGreaterThan(0);
      expect(await store.heights()).toEqual({ first: 1n, last: height });
      expect((await store.block(height))?.header.height).toBe(height);
      await store.settle();
    });
    expect(readers).toEqual([]);
    const writers = await threadsOf(async () => {
      expect(await store.prune(2n)).toBe(1);
      expect(await store.prune(3n)).toBe(1);
    });
    expect(writers).toHaveLength(1);
    await store.close();
    // And who closes what he has not used.
    const unused = await threadsOf(async () => {
      await store.open();
      await store.close();
    });
    expect(unused).toEqual([]);
  }));

test('blocks that another process has put in since the chain was opened are not written over', () =>
  withDirectory(async (directory) => {
    const { height } = await growChain(directory, 2);
    await using runtime = await openChain(directory);
    // As one in another container would, which the lock does not reach.
    const tables = openTables({ path: directory, mapSize: 2 ** 38 });
    await tables.root.transaction(() => put(tables.meta, text('head'), word(height - 1n)));
    const { durable } = await runtime.execute({ transactions: sampleCalls(runtime, 1) });
    await expect(durable).rejects.toMatchObject({ name: 'StoreError', code: 'ERR_STORE_LOCKED' });
    await tables.root.close();
    expect(runtime.head?.height).toBe(height);
  }));

test.each(['moved', 'replaced'] as const)('a chain that was %s since it was opened is not written', (how) =>
  withDirectory(async (root) => {
    const [directory, other, elsewhere] = ['chain', 'other', 'elsewhere'].map((name) => join(root, name)) as [
      string,
      string,
      string,
    ];
    const { height } = await growChain(directory, 2);
    await growChain(other, 1);
    {
      await using runtime = await openChain(directory);
      await rename(directory, elsewhere);
      if (how === 'replaced') await rename(other, directory);
      const { durable } = await runtime.execute({ transactions: sampleCalls(runtime, 1) });
      await expect(durable).rejects.toMatchObject({ name: 'StoreError', code: 'ERR_STORE_GONE' });
    }
    await using moved = await openChain(elsewhere);
    expect(moved.head?.height).toBe(height);
  }),
);
