import { cp, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BlockHeader, type Contract, StoreError } from '../../dist/host/index.js';
import { encodeHeader } from '../../dist/host/store/header.js';
import { CleanMark } from '../../dist/host/store/lmdb/clean-mark.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { blockKey, openTables, put, type Tables, text } from '../../dist/host/store/lmdb/tables.js';
import { type BitPlace, checkFlips, checkPlaces } from '../support/bit-flips.js';
import { address } from '../support/programs.js';
import { growChain, openChain, TOKEN } from '../support/sample-chain.js';

let root: string;
let good: string;
let head: BlockHeader;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'blockstm-damage-'));
  good = join(root, 'good');
  head = await growChain(good, 30);
});

afterAll(() => rm(root, { recursive: true }));

let copies = 0;
/** A copy of the good chain; `crashed`: as after a crash, without the mark of a clean close. */
async function copy(how: 'closed' | 'crashed'): Promise<string> {
  const directory = join(root, `copy-${copies++}`);
  await cp(good, directory, { recursive: true });
  if (how === 'crashed') await rm(join(directory, 'closed'));
  return directory;
}

async function refused(directory: string, code: string): Promise<void> {
  const opened = openChain(directory);
  await expect(opened).rejects.toBeInstanceOf(StoreError);
  await expect(opened).rejects.toMatchObject({ code, message: expect.stringContaining(directory) });
  // Nothing is held: another may have it at once.
  const store = lmdbStore(directory);
  await expect(store.open()).rejects.toMatchObject({ code });
}

async function change(directory: string, action: (tables: Tables) => void): Promise<void> {
  const tables = openTables({ path: directory, mapSize: 2 ** 38 });
  tables.root.transactionSync(() => action(tables));
  await tables.root.close();
  // As whoever wrote it would have left it.
  new CleanMark(directory).leave();
}

// 600 of each in damage.slow.test.ts.
test.each([
  ['closed', 40],
  ['crashed', 25],
] as const)('%s, and one of %i bits is another', async (how, flips) => {
  const seed = Number(process.env.SEED ?? Date.now() % 1e9);
  console.log(`SEED=${seed}`);
  const counts = await checkFlips(good, join(root, `flips-${how}`), { flips, seed, isClean: how === 'closed' });
  console.log(how, counts);
});

test('closed, and the version of LMDB is another: that is damage, and no later version', async () => {
  for (const page of [0, 4096]) {
    for (const bit of [0, 1, 9, 31]) {
      const directory = await copy('closed');
      const path = join(directory, 'data.mdb');
      const data = await readFile(path);
      data.writeUInt32LE((data.readUInt32LE(page + 28) ^ (1 << bit)) >>> 0, page + 28);
      await writeFile(path, data);
      await refused(directory, 'ERR_STORE_CORRUPT');
    }
  }
});

test.each(['closed', 'crashed'] as const)('%s, and the data end too early', async (how) => {
  const { size } = await stat(join(good, 'data.mdb'));
  for (const bytes of [1, 23, 100, 4096, 4097, 8192, size >> 1, size - 4096, size - 1]) {
    const directory = await copy(how);
    await truncate(join(directory, 'data.mdb'), bytes);
    await refused(directory, 'ERR_STORE_CORRUPT');
  }
});

test('the data are gone, or are something else', async () => {
  const missing = await copy('closed');
  await rm(join(missing, 'data.mdb'));
  await refused(missing, 'ERR_STORE_CORRUPT');
  const empty = await copy('closed');
  await truncate(join(empty, 'data.mdb'), 0);
  await refused(empty, 'ERR_STORE_CORRUPT');
  for (const how of ['closed', 'crashed'] as const) {
    for (const foreign of ['a text\n', '\0'.repeat(100_000), await readFile(process.execPath)]) {
      const directory = await copy(how);
      await writeFile(join(directory, 'data.mdb'), foreign);
      await refused(directory, 'ERR_STORE_CORRUPT');
    }
  }
});

test('the mark of a clean close is damaged', async () => {
  for (const text of ['', '{', 'null', '{"bytes":1}', '[]']) {
    const directory = await copy('closed');
    await writeFile(join(directory, 'closed'), text);
    await refused(directory, 'ERR_STORE_CORRUPT');
  }
});

test('a format of a later release', async () => {
  const directory = await copy('closed');
  const later = (version: number) => (tables: Tables) =>
    put(tables.meta, text('format'), new Uint8Array(Uint32Array.of(version).buffer));
  await change(directory, later(2));
  await refused(directory, 'ERR_STORE_VERSION');
  // Who only looked has changed nothing.
  await change(directory, later(1));
  await using runtime = await openChain(directory);
  expect(runtime.head).toEqual(head);
});

test('a header of a later release', async () => {
  const directory = await copy('closed');
  const bytes = encodeHeader(head);
  bytes[0] = 2;
  await change(directory, (tables) => put(tables.blocks, blockKey(head.height, 'h'), bytes));
  await refused(directory, 'ERR_STORE_VERSION');
  // One that is not the last is met when it is read; what else there is can be.
  const other = await copy('closed');
  const height = head.height - 3n;
  await change(other, (tables) => put(tables.blocks, blockKey(height, 'h'), bytes));
  await using runtime = await openChain(other);
  await expect(runtime.block(height)).rejects.toMatchObject({
    name: 'StoreError',
    code: 'ERR_STORE_VERSION',
    message: expect.stringContaining(other),
  });
  expect((await runtime.block(height + 1n))?.header.height).toBe(height + 1n);
});

test('a later version of LMDB', async () => {
  const directory = await copy('crashed');
  const data = await readFile(join(directory, 'data.mdb'));
  for (const page of [0, 4096]) data.writeUInt32LE(3, page + 28);
  await writeFile(join(directory, 'data.mdb'), data);
  await refused(directory, 'ERR_STORE_VERSION');
});

test('a value is damaged behind the back of a running runtime', async () => {
  const directory = await copy('crashed');
  await using runtime = await openChain(directory);
  const token = runtime.contract(TOKEN) as Contract;
  const balance = (owner: Uint8Array) => token.transaction(owner, 'balanceOf', { owner });
  const mint = (to: Uint8Array) => token.transaction(to, 'mint', { to, amount: 1n });
  const [bad, fine] = [address(5), address(6)];
  // The value of a balance comes after its key, whose end is the address.
  const path = join(directory, 'data.mdb');
  const data = await readFile(path);
  const places: number[] = [];
  for (let at = data.indexOf(bad); at >= 0; at = data.indexOf(bad, at + 1)) places.push(at + bad.length);
  expect(places.length).toBeGreaterThan(0);
  {
    await using file = await open(path, 'r+');
    for (const at of places) await file.write(Uint8Array.of((data[at] as number) ^ 64), 0, 1, at);
  }
  const corrupt = { name: 'StoreError', code: 'ERR_STORE_CORRUPT', message: expect.stringContaining(directory) };
  expect((await runtime.view(balance(fine))).status).toBe('ok');
  for (let round = 0; round < 2; round++) {
    await expect(runtime.view(balance(bad))).rejects.toMatchObject(corrupt);
    await expect(runtime.execute({ transactions: [mint(fine), mint(bad)] })).rejects.toMatchObject(corrupt);
    const { height } = runtime;
    const { receipts, durable } = await runtime.execute({ transactions: [mint(fine)] });
    expect(receipts.get(0).status).toBe('ok');
    expect((await durable).height).toBe(height + 1n);
  }
  await expect(runtime.stateHash()).rejects.toMatchObject(corrupt);
});

test('after a crash too, a root that leads elsewhere is no new chain', async () => {
  // Where both first pages say what the root of the main table is (host/store/lmdb/file-check.ts), and each bit of it that can be another page of the file.
  const places = [136, 4096 + 136].flatMap((byte) => [0, 1, 2, 3, 4, 5, 6, 7].map((bit): BitPlace => [byte, bit]));
  const { told, right } = await checkPlaces(good, join(root, 'roots'), places, false);
  // And what kind of table it says that is.
  const flags = [0, 1, 3, 5].map((bit): BitPlace => [100, bit]);
  await checkPlaces(good, join(root, 'flags'), flags, false);
  // One of the two pages is not used; a root that it had before leads to what there was then.
  expect(told).toBeGreaterThanOrEqual(4);
  expect(right).toBeGreaterThanOrEqual(4);
});
