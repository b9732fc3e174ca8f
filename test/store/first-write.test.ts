import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { StateEntry } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { withDirectory } from '../support/directories.js';
import { growChain, openChain, sampleCalls } from '../support/sample-chain.js';
import { threadsOf } from '../support/threads.js';
import { withoutLock } from '../support/without-lock.js';

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

test('a chain that another process writes since it was opened is left to it: nothing of it is touched', () =>
  withDirectory(async (directory) => {
    await growChain(directory, 2);
    let hash = '';
    {
      await using late = await openChain(directory);
      await using other = await withoutLock(() => openChain(directory));
      const grow = async () => (await other.execute({ transactions: sampleCalls(other, 1) })).durable;
      await grow();
      await grow();
      // Their writes wait to be put into the state.
      const { durable } = await late.execute({ transactions: sampleCalls(late, 1) });
      await expect(durable).rejects.toMatchObject({ name: 'StoreError', code: 'ERR_STORE_LOCKED' });
      await grow();
      hash = await other.stateHash();
    }
    await using again = await openChain(directory);
    expect(await again.stateHash()).toBe(hash);
  }));

test('so is one of which it would prune blocks, or into which the other reads a snapshot', () =>
  withDirectory(async (root) => {
    const [directory, empty] = [join(root, 'chain'), join(root, 'empty')];
    await growChain(directory, 3);
    const late = lmdbStore(directory);
    await late.open();
    {
      await using other = await withoutLock(() => openChain(directory));
      await (await other.execute({ transactions: sampleCalls(other, 1) })).durable;
      await expect(late.prune(2n)).rejects.toMatchObject({ code: 'ERR_STORE_LOCKED' });
    }
    await late.close();
    const [early, restoring] = [lmdbStore(empty), lmdbStore(empty)];
    await early.open();
    await withoutLock(() => restoring.open());
    let refused = 0;
    const state = async function* (): AsyncGenerator<StateEntry> {
      await expect(early.prune(1n)).rejects.toMatchObject({ code: 'ERR_STORE_LOCKED' });
      refused++;
      yield* [];
    };
    await restoring.restore({ head: undefined, contracts: [] }, new Map(), state());
    expect(refused).toBe(1);
    await early.close();
    await restoring.close();
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
