import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { createRuntime, memoryStore, type Runtime, type RuntimeOptions } from '../../dist/host/index.js';
import { untilCounted } from '../support/contention.js';
import { address, encodeProgram, makePrograms, type ProgramBlock } from '../support/programs.js';
import { contractWasm, SMALL_MEMORY } from '../support/runtimes.js';

const opened: Runtime[] = [];
afterAll(async () => {
  for (const runtime of opened) await runtime.close();
});

async function start(options: RuntimeOptions): Promise<Runtime> {
  const runtime = await createRuntime({ limits: SMALL_MEMORY, store: memoryStore(), ...options });
  opened.push(runtime);
  return runtime;
}

const SETTINGS: readonly RuntimeOptions[] = [
  { executor: 'sequential', workers: 1 },
  { executor: 'block-stm', workers: 1 },
  { executor: 'block-stm', workers: 3 },
  { executor: 'block-stm', workers: 8, policy: { grain: 1, deltas: false } },
  { executor: 'auto', workers: 2, limits: { ...SMALL_MEMORY, gas: 50_000_000 } },
];

test('headers say what blocks are and did, and not how they were executed', async () => {
  const runtimes = await Promise.all(SETTINGS.map(start));
  const wasm = await contractWasm('program');
  for (const runtime of runtimes) await runtime.deploy(wasm, { address: address(500) });
  const hashes = new Set<string>();
  /** Under one setting after another: at once they would take the cores from each other. */
  const check = async (generated: ProgramBlock): Promise<number> => {
    const programs = makePrograms(generated);
    const headers: unknown[] = [];
    let aborts = 0;
    for (const runtime of runtimes) {
      const transactions = programs.map(({ sender, operations }) => ({
        ...runtime.contract(address(500))?.transaction(sender, 'run', { code: encodeProgram(operations) }),
        gasLimit: 100_000_000,
      }));
      const result = await runtime.execute({ transactions: transactions as never });
      aborts += result.stats.aborts;
      headers.push(await result.durable);
    }
    for (const header of headers) expect(header).toEqual(headers[0]);
    hashes.add((headers[0] as { hash: string }).hash);
    return aborts;
  };
  const block = fc.record({
    seed: fc.integer(),
    keys: fc.integer({ min: 1, max: 20 }),
    calls: fc.integer({ min: 0, max: 400 }),
  });
  await fc.assert(
    fc.asyncProperty(block, async (generated) => {
      await check(generated);
    }),
    { numRuns: 40 },
  );
  let blocks = 40;
  await untilCounted(10, () => check({ seed: blocks++, keys: 3, calls: 2000, work: 6000 }));
  expect(hashes.size).toBe(blocks);
  for (const executor of ['sequential', 'block-stm', 'auto'] as const) {
    expect(await (runtimes[0] as Runtime).replay({ executor })).toEqual({ blocks: blocks + 1, difference: undefined });
  }
});

test('a header names the block before, and everything else of it', async () => {
  const runtime = await start({ workers: 1 });
  const counter = await runtime.deploy(await contractWasm('counter'));
  const seed = new Uint8Array(32).fill(3);
  const transactions = [counter.transaction(address(1), 'add', { amount: 1n })];
  const first = runtime.head;
  const result = await runtime.execute({ transactions, context: { timestamp: 9n, chainId: 5n, seed } });
  const header = await result.durable;
  expect(header).toMatchObject({ height: 2n, timestamp: 9n, chainId: 5n, seed, parentHash: first?.hash });
  expect(runtime.head).toEqual(header);
  // The same calls on another state.
  const other = await (await runtime.execute({ transactions, context: { timestamp: 9n, chainId: 5n, seed } })).durable;
  expect(other.callsHash).toBe(header.callsHash);
  expect(other.receiptsHash).not.toBe(header.receiptsHash);
  expect(other.writesHash).not.toBe(header.writesHash);
});

test('a block is kept as it was given, and found again', async () => {
  const runtime = await start({ workers: 1, clock: () => 1_700_000_000_900 });
  const counter = await runtime.deploy(await contractWasm('counter'));
  const add = counter.transaction(address(1), 'add', { amount: 7n }, { gasLimit: 1_000_000 });
  const odd = { ...add, method: 'nothing', input: Uint8Array.of(1, 2, 3) };
  const nobody = { ...add, contract: address(77) };
  const { receipts, durable } = await runtime.execute({ transactions: [add, odd, nobody, add] });
  const header = await durable;
  expect(header.timestamp).toBe(1_700_000_000n);
  const block = await runtime.block(2n);
  expect(block).toEqual({ header, deployments: [], transactions: [add, odd, nobody, add], receipts: [...receipts] });
  expect(await runtime.receipt(2n, 1)).toEqual(receipts.get(1));
  expect(await runtime.receipt(2n, 4)).toBeUndefined();
  expect(await runtime.receipt(3n, 0)).toBeUndefined();
  expect((await runtime.block(1n))?.deployments).toEqual([
    { address: counter.address, codeHash: counter.codeHash, isUpgrade: false },
  ]);
  await expect(runtime.block(2 as never)).rejects.toMatchObject({ code: 'ERR_ARGUMENT' });
  const heights: bigint[] = [];
  for await (const { header: each } of runtime.blocks()) heights.push(each.height);
  expect(heights).toEqual([1n, 2n]);
});

test('with a store heights count up by one, and another is refused', async () => {
  const runtime = await start({ workers: 1 });
  const gap = runtime.execute({ transactions: [], context: { height: 5n } });
  await expect(gap).rejects.toMatchObject({
    code: 'ERR_ARGUMENT',
    message: expect.stringContaining('has height 1, found 5'),
  });
  expect((await runtime.execute({ transactions: [], context: { height: 1n } })).height).toBe(1n);
});

test('without a store what needs one says so', async () => {
  await using runtime = await createRuntime({ workers: 1, limits: SMALL_MEMORY });
  const result = await runtime.execute({ transactions: [] });
  expect(() => result.durable).toThrow(expect.objectContaining({ code: 'ERR_NO_STORE' }));
  expect(() => runtime.head).toThrow(expect.objectContaining({ code: 'ERR_NO_STORE' }));
  for (const ask of [
    () => runtime.block(1n),
    () => runtime.replay(),
    () => runtime.snapshot('x'),
    () => runtime.prune(1n),
  ]) {
    await expect(ask()).rejects.toMatchObject({ code: 'ERR_NO_STORE' });
  }
});

test('calls that were encoded before a contract was deployed find it when they are executed', async () => {
  const runtime = await start({ workers: 1 });
  const other = await start({ workers: 1 });
  const counter = await other.deploy(await contractWasm('counter'), { address: address(9) });
  const encoded = await runtime.encodeBlock({ transactions: [counter.transaction(address(1), 'add', { amount: 2n })] });
  expect((await runtime.execute(encoded)).receipts.get(0).error?.code).toBe('unknownContract');
  await runtime.deploy(await contractWasm('counter'), { address: address(9) });
  expect((await runtime.execute(encoded)).receipts.get(0).status).toBe('ok');
  expect(await runtime.replay()).toEqual({ blocks: 3, difference: undefined });
});

test('subscribers get blocks and events from then on, and an end', async () => {
  const runtime = await start({ workers: 1 });
  const token = await runtime.deploy(await contractWasm('token'));
  const transfer = (amount: bigint) => token.transaction(address(1), 'transfer', { to: address(2), amount });
  const mint = token.transaction(address(1), 'mint', { to: address(1), amount: 100n });
  await runtime.execute({ transactions: [mint] });
  const blocks = runtime.subscribe('blocks');
  const events = runtime.subscribe('events', { contract: token.address, topic: 'Transfer' });
  const none = runtime.subscribe('events', { topic: 'Nothing' });
  await runtime.execute({ transactions: [transfer(1n), transfer(1000n), transfer(2n)] });
  await runtime.execute({ transactions: [transfer(3n)] });
  await runtime.close();
  const seen: unknown[] = [];
  for await (const { height, index, topic } of events) seen.push([height, index, Buffer.from(topic).toString()]);
  expect(seen).toEqual([
    [3n, 0, 'Transfer'],
    [3n, 2, 'Transfer'],
    [4n, 0, 'Transfer'],
  ]);
  const heights: bigint[] = [];
  for await (const { height } of blocks) heights.push(height);
  expect(heights).toEqual([3n, 4n]);
  expect((await none.next()).done).toBe(true);
});

test('a subscriber that falls too far behind is told so, and the runtime goes on', async () => {
  await using runtime = await createRuntime({ workers: 1, executor: 'sequential', limits: SMALL_MEMORY });
  const blocks = runtime.subscribe('blocks');
  for (let block = 0; block < 1025; block++) await runtime.execute({ transactions: [] });
  await expect(blocks.next()).rejects.toMatchObject({ code: 'ERR_CAPACITY', limit: 'subscribe' });
  expect(runtime.height).toBe(1025n);
});

test('metrics count what was done', async () => {
  const runtime = await start({ workers: 1 });
  const counter = await runtime.deploy(await contractWasm('counter'));
  const add = counter.transaction(address(1), 'add', { amount: 1n });
  await (await runtime.execute({ transactions: [add, { ...add, method: 'nothing' }] })).durable;
  await runtime.view(add);
  await expect(runtime.execute({ transactions: [add], context: { height: 9n } })).rejects.toThrow();
  expect(runtime.metrics()).toMatchObject({
    height: 2n,
    durableHeight: 2n,
    blocks: 2,
    rejectedBlocks: 1,
    calls: 2,
    failedCalls: 1,
    executions: 2,
    views: 1,
    pendingBlocks: 0,
    evictions: 0,
  });
});
