import { expect, test } from 'vitest';
import { type BlockRecord, createRuntime, memoryStore, type Store } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { withDirectory } from '../support/directories.js';
import { TINY_MEMORY } from '../support/sample-chain.js';

/** The records of three blocks without calls. */
async function threeRecords(): Promise<BlockRecord[]> {
  const records: BlockRecord[] = [];
  const inner = memoryStore();
  const commit = inner.commit.bind(inner);
  const store: Store = Object.assign(inner, {
    commit: (given: readonly BlockRecord[]) => {
      records.push(...given);
      return commit(given);
    },
  });
  await using runtime = await createRuntime({ store, workers: 1, limits: TINY_MEMORY });
  for (let block = 0; block < 3; block++) await (await runtime.execute({ transactions: [] })).durable;
  return records;
}

test.each(['memory', 'lmdb'] as const)('%s: a block that does not come next is refused', async (kind) => {
  const [first, second, third] = (await threeRecords()) as [BlockRecord, BlockRecord, BlockRecord];
  await withDirectory(async (directory) => {
    const store = kind === 'memory' ? memoryStore() : lmdbStore(directory, { mapGiB: 1 });
    await store.open();
    const refused = { name: 'StoreError', code: 'ERR_STORE', message: expect.stringContaining('cannot come after') };
    await expect(store.commit([first, third])).rejects.toMatchObject(refused);
    await store.commit([first]);
    for (const records of [[first], [third], [second, second]]) {
      await expect(store.commit(records)).rejects.toMatchObject(refused);
    }
    expect((await store.commit([second, third])).map(({ height }) => height)).toEqual([2n, 3n]);
    await store.close();
  });
});
