/**
 * A program that uses a runtime and comes to its end. It forgets to close it, or closes it, and prints nothing itself.
 *
 *   node forgetful.js '{"directory": "...", "closes": true, "blocks": 5}'
 */
import { readFile } from 'node:fs/promises';
import { createRuntime } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';

const { directory, closes, blocks } = JSON.parse(process.argv[2]);
const options = { workers: 2, executor: 'block-stm', limits: { memoryMiB: 64, locations: 8192, transactions: 4096 } };
const runtime = await createRuntime({
  ...options,
  ...(directory !== undefined && { store: lmdbStore(directory), pending: 100 }),
});
const counter = await runtime.deploy(await readFile(new URL('../../dist/contracts/counter.wasm', import.meta.url)));
for (let block = 0; block < blocks; block++) {
  const transactions = Array.from({ length: 500 }, () =>
    counter.transaction(new Uint8Array(32), 'add', { amount: 1n }),
  );
  // Nobody waits for it to be durable.
  await runtime.execute({ transactions });
}
if (closes) await runtime.close();
