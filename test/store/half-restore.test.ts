import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { BlockHeader } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { get, openTables, type Tables, text } from '../../dist/host/store/lmdb/tables.js';
import { runScript } from '../support/child.js';
import { growChain, openChain, sampleCalls } from '../support/sample-chain.js';

let root: string;
let snapshot: string;
let head: BlockHeader;
let stateHash: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'blockstm-half-restore-'));
  snapshot = join(root, 'snapshot');
  const source = join(root, 'source');
  head = await growChain(source, 3);
  await using runtime = await openChain(source);
  await runtime.snapshot(snapshot);
  stateHash = await runtime.stateHash();
});

afterAll(() => rm(root, { recursive: true }));

/** What is on disk, behind the store's back. */
async function onDisk(directory: string) {
  const tables = openTables({ path: directory, mapSize: 2 ** 38 });
  const count = (table: Tables['state']) => (table.getStats() as { entryCount: number }).entryCount;
  const found = {
    isRestoring: get(tables, tables.meta, text('restoring')) !== undefined,
    contracts: count(tables.contracts),
    codes: count(tables.codes),
    entries: count(tables.state),
  };
  await tables.root.close();
  return found;
}

// 20,000 entries are written at once: see lmdb-store.ts.
test.each([
  ['before its first entry', 0, 0],
  ['half-way', 20_000, 20_000],
  ['before its last entry', 39_999, 20_000],
  ['after its last entry, and before the head', 40_000, 40_000],
])('a restore that was killed %s is taken away by who opens the store', async (_, given, written) => {
  const directory = join(root, `killed-${given}`);
  const { signal, stderr } = await runScript('restoring-half.js', { directory, entries: 40_000, given });
  expect(signal, stderr).toBe('SIGKILL');
  expect(await onDisk(directory)).toEqual({ isRestoring: true, contracts: 1, codes: 1, entries: written });
  const store = lmdbStore(directory);
  expect(await store.open()).toEqual({ head: undefined, contracts: [] });
  expect(await store.statistics()).toMatchObject({ entries: 0, contracts: 0 });
  expect(await store.heights()).toBeUndefined();
  await expect(store.code('77'.repeat(32))).rejects.toMatchObject({ code: 'ERR_STORE_CORRUPT' });
  const view = await store.view();
  expect(view.chain).toEqual({ head: undefined, contracts: [] });
  for await (const entry of view.state()) expect(entry).toBeUndefined();
  view.close();
  await store.close();
  // It was `open` that did this, and not what was asked for afterwards.
  expect(await onDisk(directory)).toEqual({ isRestoring: false, contracts: 0, codes: 0, entries: 0 });
  {
    await using runtime = await openChain(directory);
    expect(runtime.head).toBeUndefined();
    expect(await runtime.restore(snapshot)).toEqual(head);
    expect(await runtime.stateHash()).toBe(stateHash);
    const { durable } = await runtime.execute({ transactions: sampleCalls(runtime, 1) });
    expect((await durable).height).toBe(head.height + 1n);
  }
  await using again = await openChain(directory);
  expect(again.height).toBe(head.height + 1n);
});
