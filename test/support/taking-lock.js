/**
 * Takes the lock of a directory again and again, until it has had it so many times. Whoever has it makes a file that nobody else may find there, and leaves the claim of a process that is gone.
 *
 *   node taking-lock.js '{"directory": "...", "times": 100}'
 */

import { randomUUID } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryLock } from '../../dist/bench/sweep/directory-lock.js';
import { replaceFile } from '../../dist/bench/sweep/durable-file.js';
import { thisProcess } from '../../dist/bench/sweep/process-identity.js';

const { directory, times } = JSON.parse(process.argv[2]);
const held = join(directory, 'held');
for (let had = 0; had < times; ) {
  let lock;
  try {
    lock = DirectoryLock.take(directory);
  } catch (error) {
    if (error.code !== 'ERR_SWEEP_BUSY') throw error;
    continue;
  }
  writeFileSync(held, '', { flag: 'wx' });
  const gone = { ...thisProcess(), boot: 'an earlier one' };
  replaceFile(join(directory, `.lock.${randomUUID()}`), JSON.stringify(gone));
  rmSync(held);
  lock[Symbol.dispose]();
  had++;
}
