import { expect, test } from 'vitest';
import { createRuntime } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { withDirectory } from '../support/directories.js';
import { contractWasm } from '../support/runtimes.js';
import { TINY_MEMORY, TOKEN } from '../support/sample-chain.js';

async function* nothing(): AsyncGenerator<never> {}

test('a restore whose first transaction fails leaves the ids of contracts as they were', async () => {
  await withDirectory(async (directory) => {
    const store = lmdbStore(directory, { mapGiB: 1 });
    const open = () => createRuntime({ store, workers: 1, limits: TINY_MEMORY });
    {
      await using runtime = await open();
      // What cannot be written, after contracts that have been given ids.
      const contracts = ['00'.repeat(32), '00'.repeat(32), undefined as unknown as string].map((codeHash, index) => ({
        address: new Uint8Array(32).fill(index),
        codeHash,
      }));
      const restored = store.restore({ head: undefined, contracts }, new Map(), nothing());
      await expect(restored).rejects.toMatchObject({ name: 'StoreError' });
      const counter = await runtime.deploy(await contractWasm('counter'), { address: TOKEN });
      await (await runtime.execute({ transactions: [counter.transaction(TOKEN, 'add', { amount: 5n })] })).durable;
    }
    await using runtime = await open();
    expect(runtime.height).toBe(2n);
    const counter = runtime.contract(TOKEN);
    const view = counter && (await runtime.view(counter.transaction(TOKEN, 'get')));
    expect(view && counter?.decodeOutput('get', view.output)).toBe(5n);
  });
});
