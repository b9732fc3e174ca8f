/**
 * The thread that writes a chain, for a test that starts it in the place of writer.js: it posts `{ synced: inode }` for each directory that it syncs. With `isFailing` the first of these fails.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';

const { fsyncSync } = fs;
let { isFailing } = workerData;

fs.fsyncSync = (file) => {
  const stats = fs.fstatSync(file);
  if (stats.isDirectory()) {
    if (isFailing) {
      isFailing = false;
      throw Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' });
    }
    parentPort.postMessage({ synced: stats.ino });
  }
  fsyncSync(file);
};
syncBuiltinESMExports();
await import('../../dist/host/store/lmdb/writer.js');
