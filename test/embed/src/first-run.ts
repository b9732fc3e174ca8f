// node dist/first-run.js <directory of the chain> <Wasm of the token> <file for the summary>: begins a chain.
import { writeFile } from 'node:fs/promises';
import { type BlockHeader, createRuntime } from 'blockstm';
import { lmdbStore } from 'blockstm/store/lmdb';
import { Bank, BLOCKS } from './bank.js';

const [directory = '', wasm = '', file = ''] = process.argv.slice(2);
const runtime = await createRuntime({ workers: 2, store: lmdbStore(directory), clock: Date.now });
const bank = await Bank.found(runtime, wasm);
let last: Promise<BlockHeader> | undefined;
for (let block = 0; block < BLOCKS; block++) {
  const result = await runtime.execute({ transactions: block === 0 ? bank.mints() : bank.transfers(block) });
  for (const { status, error } of result.receipts) if (status !== 'ok') throw new Error(error?.message);
  last = result.durable;
}
const header = await last;
if (header?.height !== BigInt(BLOCKS + 1)) throw new Error(`the head is ${header?.height}`);
await writeFile(file, JSON.stringify(await bank.summary()));
await runtime.close();
