/**
 * Reads a snapshot in until it is killed.
 *
 *   node restoring.js '{"directory": "...", "file": "the snapshot"}'
 */
import { writeSync } from 'node:fs';
import { createRuntime } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';

const { directory, file } = JSON.parse(process.argv[2]);
const limits = { memoryMiB: 64, locations: 8192, transactions: 4096 };
const runtime = await createRuntime({ store: lmdbStore(directory), workers: 1, limits });
writeSync(1, 'opened\n');
await runtime.restore(file);
writeSync(1, 'restored\n');
setInterval(() => {}, 1000);
