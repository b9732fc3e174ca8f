/**
 * Reads everything from stores whose data file is damaged, one after another, and says of each what came of it, one line of JSON each. A process of its own: LMDB may end it.
 *
 *   node damaged-store.js '{"directory": "a good store", "copies": "where to put the bad ones", "flips": [[byte, bit], ...], "isClean": true}'
 */
import { cpSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { StoreError } from '../../dist/host/index.js';
import { sha256 } from '../../dist/host/store/header.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { openReader } from '../../dist/host/store/lmdb/reader.js';

const { directory, copies, flips, isClean } = JSON.parse(process.argv[2]);
const hex = (bytes) => Buffer.from(bytes).toString('hex');

/** What a store has: by a name for each thing, its digest; for what cannot be read, the code of the StoreError. */
async function contentsOf(path) {
  const contents = new Map();
  const store = lmdbStore(path);
  let chain;
  try {
    chain = await store.open();
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    contents.set('open', { error: error.code, message: error.message });
    return contents;
  }
  const note = async (name, read) => {
    try {
      contents.set(name, { value: await read() });
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      contents.set(name, { error: error.code, message: error.message });
    }
  };
  contents.set('head', { value: chain.head?.hash });
  contents.set('contracts', { value: chain.contracts.map(({ address, codeHash }) => hex(address) + codeHash).join() });
  for (let height = 1n; height <= (chain.head?.height ?? 0n); height++) {
    await note(`block ${height}`, async () => {
      const block = await store.block(height);
      return block && [block.header.hash, sha256(block.body), sha256(block.receipts)].join();
    });
  }
  for (const { codeHash } of chain.contracts)
    await note(`code ${codeHash}`, async () => sha256(await store.code(codeHash)));
  await note('state', async () => {
    const view = await store.view();
    try {
      const entries = [];
      for await (const { contract, key, value } of view.state())
        entries.push(`${hex(contract)} ${hex(key)} ${hex(value)}`);
      return sha256(Buffer.from(entries.join()));
    } finally {
      view.close();
    }
  });
  const reader = openReader({ path, mapSize: 2 ** 38 });
  for (const [contract, key] of keys) {
    await note(`value ${contract} ${key}`, () => {
      const value = reader.contract(Buffer.from(contract, 'hex'))?.get(Buffer.from(key, 'hex'));
      return value && hex(value);
    });
  }
  await reader.close();
  await store.close();
  return contents;
}

/** Of the good store. */
const keys = [];
async function keysOf(path) {
  const store = lmdbStore(path);
  await store.open();
  const view = await store.view();
  for await (const { contract, key } of view.state()) keys.push([hex(contract), hex(key)]);
  view.close();
  await store.close();
}

await keysOf(directory);
const good = await contentsOf(directory);
for (const [index, [byte, bit]] of flips.entries()) {
  const path = join(copies, `${index}`);
  cpSync(directory, path, { recursive: true });
  const data = readFileSync(join(path, 'data.mdb'));
  data[byte] ^= 1 << bit;
  writeFileSync(join(path, 'data.mdb'), data);
  if (!isClean) rmSync(join(path, 'closed'), { force: true });
  const told = [];
  const wrong = [];
  for (const [name, { value, error, message }] of await contentsOf(path)) {
    if (error !== undefined) told.push([name, error, message]);
    else if (value !== good.get(name)?.value) wrong.push([name, value ?? 'nothing']);
  }
  writeSync(1, `${JSON.stringify({ byte, bit, told, wrong })}\n`);
  rmSync(path, { recursive: true });
}
