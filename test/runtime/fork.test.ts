import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type Branch,
  createRuntime,
  type Limits,
  memoryStore,
  type Runtime,
  type Store,
} from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { address } from '../support/programs.js';
import { Random } from '../support/random.js';
import { contractWasm, SMALL_MEMORY } from '../support/runtimes.js';

const LEDGER = address(900);
const SHAPE = { accounts: 40, calls: 30 };

/** A block is known by its number: the same calls every time. */
function ledgerCalls(branch: Branch, block: number, { accounts, calls }: Pick<Keeping, 'accounts' | 'calls'> = SHAPE) {
  const random = new Random(block);
  const ledger = branch.contract(LEDGER);
  return Array.from({ length: calls }, () => {
    const [from, to] = [address(random.below(accounts)), address(random.below(accounts))];
    const amount = BigInt(random.below(50));
    const method = random.below(3) === 0 ? 'mint' : 'transfer';
    return ledger?.transaction(from, method, { to, amount });
  }).filter((call) => call !== undefined);
}

/** The state after these blocks, by a runtime that knows of no branches. */
async function stateAfter(blocks: readonly number[], shape: Pick<Keeping, 'accounts' | 'calls'>): Promise<string> {
  await using runtime = await createRuntime({ executor: 'sequential', workers: 1, limits: SMALL_MEMORY });
  await runtime.deploy(await contractWasm('ledger'), { address: LEDGER });
  for (const block of blocks) await runtime.execute({ transactions: ledgerCalls(runtime, block, shape) });
  return await runtime.stateHash();
}

interface Line {
  readonly branch: Branch;
  readonly blocks: number[];
}

interface Keeping {
  readonly name: string;
  readonly store: (directory: string) => Store | undefined;
  readonly limits: Partial<Limits>;
  readonly accounts: number;
  /** In a block. */
  readonly calls: number;
}

const kept: Keeping[] = [
  { name: 'no store', store: () => undefined, limits: SMALL_MEMORY, ...SHAPE },
  { name: 'a store in memory', store: () => memoryStore(), limits: SMALL_MEMORY, ...SHAPE },
  { name: 'a store on disk', store: (directory) => lmdbStore(directory), limits: SMALL_MEMORY, ...SHAPE },
  // Each branch differs in less than that from the chain, and all together are more.
  {
    name: 'a store on disk and too little memory',
    store: (directory) => lmdbStore(directory),
    limits: { ...SMALL_MEMORY, locations: 1024 },
    accounts: 5000,
    calls: 16,
  },
];

test.each(kept)(
  'with $name, branches that fork and go on at random each have the state of their own blocks',
  async ({ store, limits, ...shape }) => {
    const seed = Math.floor(Math.random() * 2 ** 31);
    const directory = await mkdtemp(join(tmpdir(), 'blockstm-fork-'));
    const random = new Random(seed);
    const options = { executor: 'block-stm', workers: 2, limits } as const;
    const chain = store(directory);
    const runtime = await createRuntime(chain === undefined ? options : { ...options, store: chain });
    try {
      await runtime.deploy(await contractWasm('ledger'), { address: LEDGER });
      const lines: Line[] = [{ branch: runtime, blocks: [] }];
      let closed = 0;
      for (let step = 0; step < 100; step++) {
        const line = lines[random.below(lines.length)] as Line;
        const forks = lines.slice(1);
        const last = forks[random.below(Math.max(1, forks.length))];
        if (step % 10 === 2) lines.push({ branch: line.branch.fork(), blocks: [...line.blocks] });
        else if (step % 10 === 5)
          expect(await line.branch.stateHash(), `seed ${seed}`).toBe(await stateAfter(line.blocks, shape));
        else if (step % 10 === 8 && forks.length > 3 && last !== undefined) {
          await last.branch.close();
          lines.splice(lines.indexOf(last), 1);
          closed++;
        } else {
          const block = random.below(1000);
          await line.branch.execute({ transactions: ledgerCalls(line.branch, block, shape) });
          line.blocks.push(block);
        }
      }
      expect(closed).toBeGreaterThan(0);
      if (limits.locations === 1024) expect(runtime.metrics().evictions).toBeGreaterThan(0);
      for (const { branch, blocks } of lines) {
        expect(await branch.stateHash(), `seed ${seed}`).toBe(await stateAfter(blocks, shape));
      }
      if (chain !== undefined) {
        // What is kept is the chain, and nothing of its forks.
        expect(await runtime.replay()).toMatchObject({
          blocks: (lines[0] as Line).blocks.length + 1,
          difference: undefined,
        });
      }
    } finally {
      await runtime.close();
      await rm(directory, { recursive: true });
    }
  },
);

async function withToken(): Promise<Runtime> {
  const runtime = await createRuntime({ executor: 'sequential', workers: 1, limits: SMALL_MEMORY });
  await runtime.deploy(await contractWasm('ledger'), { address: LEDGER });
  return runtime;
}

test('a contract that one branch deploys is none of the other’s', async () => {
  await using runtime = await withToken();
  const fork = runtime.fork();
  const counterWasm = await contractWasm('counter');
  const inFork = await fork.deploy(counterWasm);
  const add = inFork.transaction(address(1), 'add', { amount: 5n });
  expect((await fork.execute({ transactions: [add] })).receipts.get(0).status).toBe('ok');
  expect((await runtime.execute({ transactions: [add] })).receipts.get(0).error?.code).toBe('unknownContract');
  expect(runtime.contract(inFork.address)).toBeUndefined();
  const inChain = await runtime.deploy(counterWasm, { address: inFork.address });
  expect(inChain.address).toEqual(inFork.address);
  const get = inChain.transaction(address(1), 'get');
  expect(inChain.decodeOutput('get', (await runtime.view(get)).output)).toBe(0n);
  expect(inChain.decodeOutput('get', (await fork.view(get)).output)).toBe(5n);
  await runtime.deploy(counterWasm, { address: address(77) });
  expect(fork.contract(address(77))).toBeUndefined();
});

test('heights go on from where a fork began, and durable is for the chain only', async () => {
  await using runtime = await withToken();
  const fork = runtime.fork();
  await fork.execute({ transactions: [] });
  const result = await fork.execute({ transactions: [], context: { height: 70n } });
  expect([fork.height, runtime.height]).toEqual([70n, 1n]);
  expect(() => result.durable).toThrow(expect.objectContaining({ code: 'ERR_NO_STORE' }));
});

test('a closed fork is refused, and so is one whose runtime is closed', async () => {
  const runtime = await withToken();
  const [one, two] = [runtime.fork(), runtime.fork()];
  await one.close();
  await one.close();
  await expect(one.execute({ transactions: [] })).rejects.toMatchObject({
    code: 'ERR_CLOSED',
    message: 'the fork is closed',
  });
  expect(() => one.fork()).toThrow(expect.objectContaining({ code: 'ERR_CLOSED' }));
  await runtime.close();
  await expect(two.view(ledgerCalls(two, 1)[0] as never)).rejects.toMatchObject({ code: 'ERR_CLOSED' });
});

test('a block that was encoded for the chain is none of a fork’s', async () => {
  await using runtime = await withToken();
  const fork = runtime.fork();
  const encoded = await runtime.encodeBlock({ transactions: ledgerCalls(runtime, 1) });
  await expect(fork.execute(encoded)).rejects.toMatchObject({ code: 'ERR_ARGUMENT' });
});

test.each([false, true])(
  'a fork that is closed while its block runs takes nothing of the chain with it (it had moved on: %s)',
  async (moved) => {
    await using runtime = await withToken();
    await runtime.execute({ transactions: ledgerCalls(runtime, 1) });
    const before = await runtime.stateHash();
    for (let round = 0; round < 5; round++) {
      const fork = runtime.fork();
      if (moved) await fork.execute({ transactions: ledgerCalls(fork, 2) });
      const running = fork.execute({ transactions: ledgerCalls(fork, 3) }).catch((error: unknown) => error);
      for (let turn = 0; turn < round; turn++) await new Promise((resolve) => setImmediate(resolve));
      await fork.close();
      await running;
      expect(await runtime.stateHash()).toBe(before);
    }
    await runtime.execute({ transactions: ledgerCalls(runtime, 4) });
    expect(await runtime.stateHash()).toBe(await stateAfter([1, 4], SHAPE));
  },
);

test('forks of forks can be thousands deep', async () => {
  await using runtime = await withToken();
  let fork = runtime.fork();
  for (let depth = 0; depth < 3000; depth++) {
    const next = fork.fork();
    await fork.close();
    fork = next;
  }
  const [call] = ledgerCalls(fork, 1);
  expect((await fork.execute({ transactions: [call as never] })).receipts.length).toBe(1);
});

test('a block for whose results the machine has no memory has not happened', async () => {
  const store = memoryStore();
  await using runtime = await createRuntime({ executor: 'sequential', workers: 1, limits: SMALL_MEMORY, store });
  await runtime.deploy(await contractWasm('ledger'), { address: LEDGER });
  await runtime.execute({ transactions: ledgerCalls(runtime, 1) });
  const before = await runtime.stateHash();
  const Shared = globalThis.SharedArrayBuffer;
  // One more is refused in each round: of the transactions, the reports, the writes, and what the store is given.
  for (let allowed = 0; allowed < 5; allowed++) {
    let made = 0;
    globalThis.SharedArrayBuffer = class extends Shared {
      constructor(bytes: number) {
        if (made++ === allowed) throw new RangeError('Array buffer allocation failed');
        super(bytes);
      }
    } as typeof SharedArrayBuffer;
    const refused = runtime.execute({ transactions: ledgerCalls(runtime, 2) });
    await expect(refused).rejects.toMatchObject({ code: 'ERR_CAPACITY', limit: 'memory' });
    globalThis.SharedArrayBuffer = Shared;
    expect(runtime.height).toBe(2n);
    expect(await runtime.stateHash()).toBe(before);
  }
  await (await runtime.execute({ transactions: ledgerCalls(runtime, 2) })).durable;
  expect(await runtime.replay()).toEqual({ blocks: 3, difference: undefined });
});
