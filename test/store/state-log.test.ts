import { expect, test } from 'vitest';
import { StateLog } from '../../dist/host/store/lmdb/state-log.js';
import { blockKey, openTables, put } from '../../dist/host/store/lmdb/tables.js';
import { withDirectory } from '../support/directories.js';

/** The heights whose writes are put into the state at the start, where the blocks from 1 to `blocks` are kept and those from `first` on have writes that wait. */
async function applied(blocks: number, first: number): Promise<number> {
  return withDirectory(async (path) => {
    const tables = openTables({ path, mapSize: 2 ** 30 });
    try {
      tables.root.transactionSync(() => {
        for (let height = 1; height <= blocks; height++) {
          // The block that a snapshot was made at has a header only.
          for (const part of height === 1 ? (['h'] as const) : (['h', 'b', 'r'] as const)) {
            put(tables.blocks, blockKey(BigInt(height), part), new Uint8Array(1));
          }
          if (height >= first) put(tables.blocks, blockKey(BigInt(height), 'w'), new Uint8Array(0));
        }
      });
      const before = [...tables.blocks.getKeys({})].length;
      const log = new StateLog(tables);
      log.apply(
        () => 0,
        (action) => tables.root.transactionSync(() => action(tables)),
      );
      return before - [...tables.blocks.getKeys({})].length;
    } finally {
      await tables.root.close();
    }
  });
}

test.each([
  [0, 1, 0],
  [1, 2, 0],
  [300, 301, 0],
  [300, 300, 1],
  [300, 257, 44],
  [300, 2, 299],
])('of %i blocks those from %i on wait', async (blocks, first, count) => {
  expect(await applied(blocks, first)).toBe(count);
});

/** The heights from 1 to 4 have writes that wait, those in `gone` are taken away behind the log's back: how many it puts into the state. */
async function appliedWithout(gone: readonly number[]): Promise<number> {
  return withDirectory(async (path) => {
    const tables = openTables({ path, mapSize: 2 ** 30 });
    const waiting = () => [...tables.blocks.getKeys({})].filter((key) => key[8] === 'w'.charCodeAt(0)).length;
    try {
      tables.root.transactionSync(() => {
        for (const height of [1n, 2n, 3n, 4n]) {
          for (const part of ['h', 'b', 'r'] as const) put(tables.blocks, blockKey(height, part), new Uint8Array(1));
          put(tables.blocks, blockKey(height, 'w'), new Uint8Array(0));
        }
      });
      const log = new StateLog(tables);
      tables.root.transactionSync(() => {
        for (const height of gone) tables.blocks.removeSync(blockKey(BigInt(height), 'w'));
      });
      const before = waiting();
      log.apply(
        () => 0,
        (action) => tables.root.transactionSync(() => action(tables)),
      );
      return before - waiting();
    } finally {
      await tables.root.close();
    }
  });
}

test.each([
  [[], 4],
  [[1, 2], 2],
  [[1, 2, 3, 4], 0],
])('where another process has put the writes of %j into the state, the rest is put', async (gone, count) => {
  expect(await appliedWithout(gone)).toBe(count);
});

test.each([[[2]], [[4]], [[1, 3]]])('writes that are gone from between, %j, are damage', async (gone) => {
  const message = expect.stringContaining(
    `the writes of block ${gone.at(-1)}, which the state does not show, are gone`,
  );
  await expect(appliedWithout(gone)).rejects.toMatchObject({ code: 'ERR_STORE_CORRUPT', message });
});
