import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { storeConformance } from '../../dist/host/conformance/index.js';
import { memoryStore, type Store } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';

const directories = new Map<Store, string>();
afterEach(async () => {
  for (const directory of new Set(directories.values())) await rm(directory, { recursive: true });
  directories.clear();
});

/** Little address space: some cases have many stores open. */
function lmdbIn(directory: string): Store {
  const store = lmdbStore(directory, { mapGiB: 1 });
  directories.set(store, directory);
  return store;
}

const newLmdb = async (): Promise<Store> => lmdbIn(await mkdtemp(join(tmpdir(), 'blockstm-store-')));

describe.each(storeConformance())('$name', ({ run }) => {
  test('memoryStore', () => run(memoryStore));
  test('lmdbStore, opened again or made anew by the directory', async () => {
    let isReopened = false;
    await run(newLmdb, (store) => {
      isReopened = true;
      return store;
    });
    // A case that opens no store again would be the same.
    if (isReopened) await run(newLmdb, (store) => lmdbIn(directories.get(store) as string));
  });
});

/** Stores in memory that are almost right. */
const flawed: Readonly<Record<string, (store: Store) => Partial<Store>>> = {
  'shows in a view what is committed later': (store) => {
    const view = store.view.bind(store);
    return {
      view: async () => ({
        ...(await view()),
        state: async function* () {
          yield* (await view()).state();
        },
      }),
    };
  },
  'forgets contracts when it is closed': (store) => {
    const open = store.open.bind(store);
    return { open: async () => ({ ...(await open()), contracts: [] }) };
  },
  'commits one block after another': (store) => {
    const commit = store.commit.bind(store);
    return {
      commit: async (records) => {
        const headers = [];
        for (const record of records) headers.push(...(await commit([record])));
        return headers;
      },
    };
  },
  'says that it pruned nothing': (store) => {
    const prune = store.prune.bind(store);
    return { prune: (height) => prune(height).then(() => 0) };
  },
  'hands out the same bytes twice': (store) => {
    const code = store.code.bind(store);
    const known = new Map<string, Promise<Uint8Array>>();
    return {
      code: (hash) => {
        const wasm = known.get(hash) ?? code(hash);
        known.set(hash, wasm);
        return wasm;
      },
    };
  },
};

test.each(Object.entries(flawed))('a store that %s is found out', async (_, flaw) => {
  const makeFlawed = (): Store => {
    const store = memoryStore();
    return Object.assign(store, flaw(store));
  };
  const outcomes = await Promise.allSettled(storeConformance().map(({ run }) => run(makeFlawed)));
  const failed = outcomes.filter(({ status }) => status === 'rejected').length;
  expect(failed).toBeGreaterThan(0);
  expect(failed).toBeLessThan(outcomes.length / 2);
});
