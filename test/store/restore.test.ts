import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CapacityError, createRuntime, memoryStore, type Runtime } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { scriptPath } from '../support/child.js';
import { address } from '../support/programs.js';
import { Random } from '../support/random.js';
import { contractWasm } from '../support/runtimes.js';
import { growChain, openChain, sampleCalls, TINY_MEMORY, TOKEN } from '../support/sample-chain.js';

let root: string;
let file: string;
let height: bigint;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'blockstm-restore-'));
  const source = join(root, 'source');
  file = join(root, 'snapshot');
  await growChain(source, 10);
  await using runtime = await openChain(source);
  // Enough for several transactions of the store.
  const token = runtime.contract(TOKEN);
  for (let from = 0; from < 24_000; from += 3000) {
    const transactions = Array.from({ length: 3000 }, (_, index) => address(1000 + from + index)).map((to) =>
      token?.transaction(to, 'mint', { to, amount: 1n }),
    );
    await (await runtime.execute({ transactions: transactions.filter((each) => each !== undefined) })).durable;
  }
  height = (await runtime.snapshot(file))?.height ?? 0n;
});

afterAll(() => rm(root, { recursive: true }));

/** A chain of its own, from the first block on, which is there when it is opened again. */
async function beginsAnew(open: () => Promise<Runtime>): Promise<void> {
  {
    await using runtime = await open();
    expect(runtime.height).toBe(0n);
    const counter = await runtime.deploy(await contractWasm('counter'), { address: TOKEN });
    const transactions = [counter.transaction(TOKEN, 'add', { amount: 5n })];
    await (await runtime.execute({ transactions })).durable;
  }
  await using runtime = await open();
  expect(runtime.height).toBe(2n);
  const counter = runtime.contract(TOKEN);
  const view = counter && (await runtime.view(counter.transaction(TOKEN, 'get')));
  expect(view && counter?.decodeOutput('get', view.output)).toBe(5n);
  expect(await runtime.replay()).toEqual({ blocks: 2, difference: undefined });
}

test.each(['lmdb', 'memory'] as const)('%s: a snapshot that is damaged changes nothing', async (kind) => {
  const bytes = await readFile(file);
  const bad = join(root, 'bad');
  const target = join(root, `damaged-${kind}`);
  const store = kind === 'lmdb' ? lmdbStore(target) : memoryStore();
  const open = () => createRuntime({ store, workers: 1, limits: { ...TINY_MEMORY, locations: 65_536 } });
  {
    await using runtime = await open();
    const empty = await runtime.stateHash();
    // Near the end, so that most of it has been read in before it is found.
    for (const at of [5, 100, bytes.length >> 1, bytes.length - 30_000, bytes.length - 3]) {
      const damaged = Buffer.from(bytes);
      damaged[at] = (damaged[at] as number) ^ 16;
      for (const content of [damaged, bytes.subarray(0, at)]) {
        await writeFile(bad, content);
        const refused = { name: 'StoreError', code: 'ERR_STORE_CORRUPT', message: expect.stringContaining(bad) };
        await expect(runtime.restore(bad)).rejects.toMatchObject(refused);
      }
    }
    expect(runtime.head).toBeUndefined();
    expect(await runtime.stateHash()).toBe(empty);
  }
  await beginsAnew(open);
  if (kind === 'memory') return;
  // And the good one after a bad one.
  await using other = await openChain(join(root, 'good-after-bad'));
  await expect(other.restore(bad)).rejects.toMatchObject({ code: 'ERR_STORE_CORRUPT' });
  expect((await other.restore(file))?.height).toBe(height);
  const { durable } = await other.execute({ transactions: sampleCalls(other, 1) });
  expect((await durable).height).toBe(height + 1n);
});

test('a process that is killed while it reads a snapshot in has all of it, or nothing', async () => {
  const seed = Number(process.env.SEED ?? Date.now() % 1e9);
  console.log(`SEED=${seed}`);
  const random = new Random(seed);
  const found: bigint[] = [];
  for (let round = 0; round < 3; round++) {
    const directory = join(root, `killed-${round}`);
    const child = spawn(process.execPath, [scriptPath('restoring.js'), JSON.stringify({ directory, file })], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const delay = random.below(400);
    await new Promise((resolve) => setTimeout(resolve, delay));
    child.kill('SIGKILL');
    await once(child, 'exit');
    const at = await (async () => {
      await using runtime = await openChain(directory);
      return runtime.height;
    })();
    found.push(at);
    expect([0n, height]).toContain(at);
    if (at === 0n) await beginsAnew(() => openChain(directory));
  }
  console.log(`heights found: ${found}`);
});

test('a chain that a runtime cannot hold is not gone on with', async () => {
  const store = memoryStore();
  {
    await using runtime = await createRuntime({ store, workers: 1, limits: TINY_MEMORY });
    await expect(runtime.restore(file)).rejects.toBeInstanceOf(CapacityError);
    await expect(runtime.execute({ transactions: [] })).rejects.toMatchObject({
      name: 'StoreError',
      code: 'ERR_STORE',
    });
  }
  await using runtime = await createRuntime({ store, workers: 1, limits: { ...TINY_MEMORY, locations: 65_536 } });
  expect(runtime.height).toBe(height);
});
