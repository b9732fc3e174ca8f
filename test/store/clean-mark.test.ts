import { cp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Runtime, Store } from '../../dist/host/index.js';
import { CleanMark } from '../../dist/host/store/lmdb/clean-mark.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { withDirectory } from '../support/directories.js';
import { growChain, openChain, sampleCalls } from '../support/sample-chain.js';
import { withoutLock } from '../support/without-lock.js';

/** The data and their mark, byte by byte, and whether they are the same files. */
async function filesOf(directory: string): Promise<unknown[]> {
  return Promise.all(
    ['data.mdb', 'closed'].map(async (name) => {
      const path = join(directory, name);
      const { ino, mtimeMs, ctimeMs } = await stat(path);
      return { bytes: (await readFile(path)).toString('base64'), ino, mtimeMs, ctimeMs };
    }),
  );
}

/** All that one can ask of a store without writing. */
async function readAll(store: Store): Promise<void> {
  const { head } = await store.open();
  expect(await store.block(head?.height ?? 0n)).toBeDefined();
  await store.heights();
  await store.statistics();
  const view = await store.view();
  for await (const _ of view.state());
  view.close();
}

/** What a process that is killed now leaves, opened: the height of its head. */
async function heightOfCopy(directory: string, copy: string): Promise<bigint | undefined> {
  await cp(directory, copy, { recursive: true });
  const store = lmdbStore(copy);
  const { head } = await store.open();
  await store.close();
  return head?.height;
}

/** Open `store`, whose process is killed before it leaves the mark of a new directory. */
async function killedAtMark(store: Store): Promise<void> {
  const leaving = vi.spyOn(CleanMark.prototype, 'leave');
  leaving.mockImplementation(function (this: CleanMark) {
    leaving.mockRestore();
    throw new Error('killed');
  });
  await expect(store.open()).rejects.toThrow('killed');
}

async function flipBit(directory: string): Promise<void> {
  const path = join(directory, 'data.mdb');
  const data = await readFile(path);
  const last = data.length - 1;
  data[last] = (data[last] as number) ^ 1;
  await writeFile(path, data);
}

test('who only reads leaves the data and their mark as they are, and the mark is there all the time', () =>
  withDirectory(async (root) => {
    const [directory, killed] = [join(root, 'chain'), join(root, 'killed')];
    await growChain(directory, 2);
    const before = await filesOf(directory);
    const store = lmdbStore(directory);
    await readAll(store);
    expect(await filesOf(directory)).toEqual(before);
    // Killed now, its directory is still guarded.
    await cp(directory, killed, { recursive: true });
    await flipBit(killed);
    await expect(lmdbStore(killed).open()).rejects.toMatchObject({ code: 'ERR_STORE_CORRUPT' });
    await store.close();
    expect(await filesOf(directory)).toEqual(before);
  }));

test('a new directory is guarded as soon as it is made', () =>
  withDirectory(async (directory) => {
    const store = lmdbStore(directory);
    await store.open();
    const made = await filesOf(directory);
    await store.close();
    expect(await filesOf(directory)).toEqual(made);
    await flipBit(directory);
    await expect(store.open()).rejects.toMatchObject({ code: 'ERR_STORE_CORRUPT' });
  }));

test('a mark whose data are gone does not stay over those of the directory made anew', () =>
  withDirectory(async (directory) => {
    await growChain(directory, 1);
    await rm(join(directory, 'data.mdb'));
    await killedAtMark(lmdbStore(directory, { verify: false }));
    const store = lmdbStore(directory);
    expect((await store.open()).head).toBeUndefined();
    await store.close();
  }));

test('who only reads leaves no mark over what another process writes', () =>
  withDirectory(async (root) => {
    const directory = join(root, 'chain');
    const { height } = await growChain(directory, 2);
    const reader = lmdbStore(directory);
    await readAll(reader);
    {
      await using writer = await withoutLock(() => openChain(directory));
      const grow = async () => (await writer.execute({ transactions: sampleCalls(writer, 1) })).durable;
      await grow();
      await reader.close();
      await expect(stat(join(directory, 'closed'))).rejects.toMatchObject({ code: 'ENOENT' });
      expect(await heightOfCopy(directory, join(root, 'first'))).toBe(height + 1n);
      await grow();
      expect(await heightOfCopy(directory, join(root, 'second'))).toBe(height + 2n);
    }
    expect(await heightOfCopy(directory, join(root, 'closed'))).toBe(height + 2n);
    await flipBit(directory);
    await expect(openChain(directory)).rejects.toMatchObject({ code: 'ERR_STORE_CORRUPT' });
  }));

test('nor does who is refused, since another has written', () =>
  withDirectory(async (root) => {
    const directory = join(root, 'chain');
    const { height } = await growChain(directory, 3);
    const late = lmdbStore(directory);
    await late.open();
    await using writer = await withoutLock(() => openChain(directory));
    await (await writer.execute({ transactions: sampleCalls(writer, 1) })).durable;
    await expect(late.prune(2n)).rejects.toMatchObject({ code: 'ERR_STORE_LOCKED' });
    await late.close();
    await expect(stat(join(directory, 'closed'))).rejects.toMatchObject({ code: 'ENOENT' });
    expect(await heightOfCopy(directory, join(root, 'copy'))).toBe(height + 1n);
  }));

test('nor does who has written before the other did', () =>
  withDirectory(async (directory) => {
    await growChain(directory, 2);
    const early = await openChain(directory);
    await (await early.execute({ transactions: sampleCalls(early, 1) })).durable;
    await using late = await withoutLock(() => openChain(directory));
    await (await late.execute({ transactions: sampleCalls(late, 2) })).durable;
    await early.close();
    await expect(stat(join(directory, 'closed'))).rejects.toMatchObject({ code: 'ENOENT' });
  }));

test('a mark that another process leaves between two writes goes with the second', () =>
  withDirectory(async (root) => {
    const directory = join(root, 'chain');
    const { height } = await growChain(directory, 3);
    {
      await using writer = await openChain(directory);
      const grow = async () => (await writer.execute({ transactions: sampleCalls(writer, 1) })).durable;
      await grow();
      // Its state, too, is to be up to date, so that the other has nothing to do but what it is asked for.
      await writer.stateHash();
      const other = lmdbStore(directory);
      await withoutLock(() => other.open());
      // The head stays what it was: the one who has it goes on.
      expect(await other.prune(2n)).toBe(1);
      await other.close();
      await stat(join(directory, 'closed'));
      await grow();
      await expect(stat(join(directory, 'closed'))).rejects.toMatchObject({ code: 'ENOENT' });
      expect(await heightOfCopy(directory, join(root, 'copy'))).toBe(height + 2n);
    }
    expect(await heightOfCopy(directory, join(root, 'closed'))).toBe(height + 2n);
  }));

test('who opens to read while another writes brings the state up to date, and leaves the other to go on', () =>
  withDirectory(async (root) => {
    const [directory, alone] = [join(root, 'chain'), join(root, 'alone')];
    const { height } = await growChain(directory, 2);
    await cp(directory, alone, { recursive: true });
    const read = async () => {
      const reader = lmdbStore(directory);
      await withoutLock(() => readAll(reader));
      await reader.close();
    };
    const grow = async (chain: Runtime, seed: number) =>
      (
        await chain.execute({
          transactions: sampleCalls(chain, seed),
          context: { timestamp: BigInt(seed), seed: new Uint8Array(32) },
        })
      ).durable;
    {
      await using writer = await openChain(directory);
      await grow(writer, 1);
      await grow(writer, 2);
      const before = await readFile(join(directory, 'data.mdb'));
      await read();
      // It found a state that was behind.
      expect(before.equals(await readFile(join(directory, 'data.mdb')))).toBe(false);
      // Of the writes that wait for the writer, only these are still there.
      await grow(writer, 3);
      await grow(writer, 4);
      const hash = await writer.stateHash();
      await grow(writer, 5);
      await read();
      // And here none.
      await writer.stateHash();
      await grow(writer, 6);
      await read();
      await using other = await openChain(alone);
      for (const seed of [1, 2, 3, 4]) await grow(other, seed);
      expect(await other.stateHash()).toBe(hash);
      for (const seed of [5, 6]) await grow(other, seed);
    }
    expect(await heightOfCopy(directory, join(root, 'copy'))).toBe(height + 6n);
    await using again = await openChain(directory);
    await using other = await openChain(alone);
    expect(again.head).toEqual(other.head);
    expect(await again.stateHash()).toBe(await other.stateHash());
  }));

test('data that another process begins to write while they are measured are not called damaged', () =>
  withDirectory(async (directory) => {
    await growChain(directory, 1);
    const mark = new CleanMark(directory);
    await mark.verify();
    // The mark has been read when this returns, and nothing has been measured yet.
    const verified = mark.verify();
    const left = await readFile(join(directory, 'closed'));
    mark.remove();
    await flipBit(directory);
    await verified;
    await writeFile(join(directory, 'closed'), left);
    await expect(mark.verify()).rejects.toMatchObject({ code: 'ERR_STORE_CORRUPT' });
    await rm(join(directory, 'closed'));
    await mark.verify();
  }));
