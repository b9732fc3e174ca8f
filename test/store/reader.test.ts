import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { openReader } from '../../dist/host/store/lmdb/reader.js';
import { withDirectory } from '../support/directories.js';
import { growChain, TOKEN } from '../support/sample-chain.js';

test.skipIf(process.platform === 'win32')(
  'a reader of data that were removed or replaced is refused, and makes none',
  async () => {
    await withDirectory(async (root) => {
      const directory = join(root, 'chain');
      const other = join(root, 'other');
      await growChain(directory, 1);
      await growChain(other, 1);
      const store = lmdbStore(directory, { mapGiB: 1 });
      const gone = expect.objectContaining({ name: 'StoreError', code: 'ERR_STORE_GONE' });
      await store.open();
      const { data } = structuredClone({ data: store.reader?.data });
      const good = openReader(data);
      expect(good.contract(TOKEN)).toBeDefined();
      expect(good.contract(new Uint8Array(32))).toBeUndefined();
      await good.close?.();
      await rm(directory, { recursive: true });
      expect(() => openReader(data)).toThrow(gone);
      expect(existsSync(directory)).toBe(false);
      await rename(other, directory);
      expect(() => openReader(data)).toThrow(gone);
      await store.close();
    });
  },
);
