import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { StoreError } from '../../dist/host/index.js';
import { checkFile } from '../../dist/host/store/lmdb/file-check.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { openTables, put, text } from '../../dist/host/store/lmdb/tables.js';
import { WriterThread } from '../../dist/host/store/lmdb/writer-thread.js';
import { withDirectory } from '../support/directories.js';
import { growChain, openChain, sampleCalls } from '../support/sample-chain.js';
import { withoutLock } from '../support/without-lock.js';

const PAGE_BYTES = 4096;

/** Have `before` run before each read of a file, and `after` with what it has read. */
async function watchReads(
  path: string,
  { before, after }: { before?: () => void; after?: (bytes: Buffer) => void },
): Promise<Disposable> {
  await using file = await open(path);
  const prototype = Object.getPrototypeOf(file) as FileHandle;
  const read = prototype.read as (...values: unknown[]) => Promise<{ buffer: Buffer }>;
  const spy = vi.spyOn(prototype, 'read').mockImplementation(async function (this: FileHandle, ...values: unknown[]) {
    before?.();
    const result = await read.apply(this, values);
    after?.(result.buffer);
    return result as never;
  });
  return { [Symbol.dispose]: () => spy.mockRestore() };
}

/** With the data file of a directory, and what commits to it. */
async function withFile(action: (path: string, commit: () => void) => Promise<void>): Promise<void> {
  await withDirectory(async (directory) => {
    const tables = openTables({ path: directory, mapSize: 2 ** 30 });
    let commits = 0;
    const commit = () =>
      tables.root.transactionSync(() => put(tables.meta, text('format'), new Uint8Array([commits++])));
    try {
      await action(join(directory, 'data.mdb'), commit);
    } finally {
      await tables.root.close();
    }
  });
}

test('a file to which another process commits before each read is not damaged', () =>
  withFile(async (path, commit) => {
    const { transactions } = await checkFile(path);
    let reads = 0;
    const before = (): void => {
      reads++;
      for (let round = 0; round < 3; round++) commit();
    };
    using _ = await watchReads(path, { before });
    expect(await checkFile(path)).toEqual({ transactions: transactions + 3n, short: undefined });
    expect(reads).toBe(1);
  }));

test('nor one to which it commits within a read; what says the same twice is', () =>
  withFile(async (path, commit) => {
    const { transactions } = await checkFile(path);
    let reads = 0;
    // As a read between whose pages so many have committed.
    const after = (bytes: Buffer): void => {
      if (reads++ > 1) return;
      const page = Number(transactions % 2n) * PAGE_BYTES;
      bytes.writeBigUInt64LE(transactions + 2n * BigInt(reads) + 2n, page + 24 + 128);
      commit();
    };
    {
      using _ = await watchReads(path, { after });
      expect(await checkFile(path)).toEqual({ transactions: transactions + 2n, short: undefined });
      expect(reads).toBe(3);
    }
    await using file = await open(path, 'r+');
    const number = Buffer.alloc(8);
    number.writeBigUInt64LE(transactions + 10n);
    await file.write(number, 0, 8, 24 + 128);
    await expect(checkFile(path)).rejects.toMatchObject({
      code: 'ERR_STORE_CORRUPT',
      message: expect.stringContaining('its last two transactions cannot be'),
    });
  }));

test('who opens a chain in which another process writes a block meanwhile is told so, and of no damage', () =>
  withDirectory(async (directory) => {
    await growChain(directory, 2);
    await using writer = await openChain(directory);
    const grow = async () => (await writer.execute({ transactions: sampleCalls(writer, 1) })).durable;
    await grow();
    const reader = lmdbStore(directory);
    const { ask } = WriterThread.prototype;
    const asking = vi.spyOn(WriterThread.prototype, 'ask');
    asking.mockImplementationOnce(async function (this: WriterThread, question) {
      await grow();
      return ask.call(this, question);
    });
    try {
      await withoutLock(() => expect(reader.open()).rejects.toMatchObject({ code: 'ERR_STORE_LOCKED' }));
      // Nobody has written meanwhile.
      asking.mockImplementationOnce(async () => {
        throw new StoreError('ERR_STORE_LOCKED', 'another head');
      });
      await withoutLock(() =>
        expect(reader.open()).rejects.toMatchObject({
          code: 'ERR_STORE_CORRUPT',
          message: expect.stringContaining('its head differs from one reading to the next'),
        }),
      );
    } finally {
      asking.mockRestore();
    }
    await withoutLock(() => reader.open());
    await reader.close();
    await grow();
  }));
