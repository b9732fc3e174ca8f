import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Branch, createRuntime, type Runtime, type RuntimeOptions } from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { probeWasm } from '../support/probe.js';
import { address } from '../support/programs.js';
import { Random } from '../support/random.js';

const PROBE = address(700);
const SMALL = { memoryMiB: 16, locations: 2048, transactions: 2048 };

const opened: Runtime[] = [];
const directories: string[] = [];
afterAll(async () => {
  for (const runtime of opened) await runtime.close();
  for (const directory of directories) await rm(directory, { recursive: true });
});

async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'blockstm-evict-'));
  directories.push(directory);
  return directory;
}

async function start(options: RuntimeOptions): Promise<Runtime> {
  const runtime = await createRuntime({ workers: 2, ...options });
  opened.push(runtime);
  await runtime.deploy(await probeWasm(), { address: PROBE });
  return runtime;
}

/** Values of all lengths, those that have a block of the heap among them, written over one another, read and removed. */
function calls(branch: Branch, block: number, count: number) {
  const random = new Random(block);
  const probe = branch.contract(PROBE);
  return Array.from({ length: count }, () => {
    const keyLength = 1 + random.below(256);
    const dice = random.below(10);
    if (dice < 6) return probe?.transaction(address(1), 'store', { keyLength, valueLength: random.below(40_000) });
    return probe?.transaction(address(1), dice < 8 ? 'load' : 'erase', { keyLength });
  }).filter((call) => call !== undefined);
}

test.each(['sequential', 'block-stm'] as const)(
  'under %s values that are written over again and again outlive everything leaving memory',
  async (executor) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const directory = await temporaryDirectory();
    const small = await start({ executor, store: lmdbStore(join(directory, executor)), limits: SMALL });
    const whole = await start({ executor: 'sequential', limits: { ...SMALL, memoryMiB: 256 } });
    for (let block = 0; block < 300 && small.metrics().evictions < 6; block++) {
      const mine = await small.execute({ transactions: calls(small, seed + block, 40) });
      const expected = await whole.execute({ transactions: calls(whole, seed + block, 40) });
      expect([...mine.receipts], `seed ${seed}, block ${block}`).toEqual([...expected.receipts]);
    }
    expect(small.metrics().evictions).toBe(6);
    expect(await small.stateHash(), `seed ${seed}`).toBe(await whole.stateHash());
  },
);

test('without a store too, a fork that differs in more than fits beside the chain is left again', async () => {
  const runtime = await start({ executor: 'sequential', limits: SMALL });
  const before = await runtime.stateHash();
  const fork = runtime.fork();
  const probe = runtime.contract(PROBE);
  const store = (keyLength: number, valueLength: number) =>
    probe?.transaction(address(1), 'store', { keyLength, valueLength }) as never;
  for (let keyLength = 1; keyLength <= 80; keyLength++) {
    await fork.execute({ transactions: [store(keyLength, 65_000)] });
  }
  await fork.close();
  for (let block = 0; block < 3; block++) {
    expect(await runtime.stateHash()).toBe(before);
    await runtime.execute({ transactions: [probe?.transaction(address(1), 'load', { keyLength: 3 }) as never] });
  }
});

test('the chain finds room again after a fork that has removed all of it', async () => {
  const directory = await temporaryDirectory();
  const runtime = await start({ executor: 'sequential', store: lmdbStore(join(directory, 'removed')), limits: SMALL });
  const probe = runtime.contract(PROBE);
  const of = (method: string, keyLength: number, args: object) =>
    probe?.transaction(address(1), method, { keyLength, ...args }) as never;
  for (let keyLength = 1; keyLength <= 120; keyLength++) {
    await runtime.execute({ transactions: [of('store', keyLength, { valueLength: 60_000 })] });
  }
  const before = await runtime.stateHash();
  const fork = runtime.fork();
  for (let keyLength = 1; keyLength <= 120; keyLength++)
    await fork.execute({ transactions: [of('erase', keyLength, {})] });
  const { receipts } = await runtime.execute({ transactions: [of('load', 7, {})] });
  expect(receipts.get(0).status).toBe('ok');
  expect(await runtime.stateHash()).toBe(before);
  await fork.close();
});
