import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, test } from 'vitest';
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
  test('lmdbStore', () => run(newLmdb));
  test('lmdbStore, made anew by the directory', () =>
    run(newLmdb, (store) => lmdbIn(directories.get(store) as string)));
});
