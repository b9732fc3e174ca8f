// node dist/second-run.js <directory of the chain> <file with the summary of the first run>: goes on with it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { BlockStmError, createRuntime, type ReplayOptions } from 'blockstm';
import { registerMetrics } from 'blockstm/prometheus';
import { type StoreCase, storeConformance } from 'blockstm/store/conformance';
import { type LmdbStoreOptions, lmdbStore } from 'blockstm/store/lmdb';
import { Registry } from 'prom-client';
import { ACCOUNTS, Bank, BLOCKS, type Summary } from './bank.js';

const [directory = '', file = ''] = process.argv.slice(2);
const expected = JSON.parse(await readFile(file, 'utf8')) as Summary;
const options: LmdbStoreOptions = { verify: true };
const runtime = await createRuntime({ workers: 2, store: lmdbStore(directory, options) });
const registry = new Registry();
registerMetrics(runtime, { registry });

const bank = Bank.find(runtime);
assert.deepEqual(await bank.summary(), expected);

let parent = '0'.repeat(64);
let calls = 0;
for await (const { header, transactions, receipts } of runtime.blocks()) {
  assert.equal(header.parentHash, parent);
  assert.equal(receipts.length, transactions.length);
  parent = header.hash;
  calls += transactions.length;
}
assert.equal(parent, expected.head);
assert.equal(calls, BLOCKS * ACCOUNTS);
assert.equal((await runtime.block(50n))?.transactions.length, ACCOUNTS);
assert.equal((await runtime.receipt(50n, 3))?.status, 'ok');

const range: ReplayOptions = { executor: 'block-stm' };
const { blocks, difference } = await runtime.replay(range);
assert.equal(difference, undefined);
assert.equal(blocks, BLOCKS + 1);

const { durable, height } = await runtime.execute({ transactions: bank.transfers(BLOCKS) });
assert.equal((await durable).parentHash, expected.head);
assert.match(await registry.metrics(), new RegExp(`^blockstm_durable_height ${height}$`, 'm'));
await assert.rejects(runtime.deploy(new Uint8Array(3)), (error) => error instanceof BlockStmError);
await runtime.close();

const [conformance] = storeConformance() as [StoreCase];
await conformance.run(() => lmdbStore(`${directory}-conformance`));
console.log(`went on at ${height}`);
