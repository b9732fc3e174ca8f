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
