import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  abaSameValue,
  chain,
  compute,
  counter,
  hotspot,
  mainnet,
  p2p,
  type Workload,
  type WorkloadCall,
} from '../../dist/bench/index.js';
import { bundledBlocks, readBundledBlocks } from '../../dist/bench/mainnet/input.js';

const block = readBundledBlocks([15_274_915]);

/** Everything a workload consists of, for the first three blocks. */
function digest(workload: Workload): string {
  const blocks = [0, 1, 2].map((index) => [workload.preparation(index), workload.block(index)]);
  return createHash('sha256')
    .update(JSON.stringify([workload.name, workload.params, workload.contracts, blocks]))
    .digest('hex');
}

/** Which transfers fail for want of funds, by a model that knows balances only. */
function failedTransfers(preparation: readonly WorkloadCall[], calls: readonly WorkloadCall[]): readonly number[] {
  const funding = preparation.filter(({ method }) => method === 'mint');
  const balances = new Map<string, bigint>();
  const key = (contract: string, account: string): string => `${contract} ${account}`;
  const add = (account: string, amount: bigint): void => {
    balances.set(account, (balances.get(account) ?? 0n) + amount);
  };
  for (const { contract, args } of funding) add(key(contract, args.to as string), BigInt(args.amount as string));
  return calls.flatMap(({ sender, contract, method, args }, index) => {
    if (!method.startsWith('transfer')) return [];
    const amount = BigInt(args.amount as string);
    if ((balances.get(key(contract, sender)) ?? 0n) < amount) return [index];
    add(key(contract, sender), -amount);
    add(key(contract, args.to as string), amount);
    return [];
  });
}

const builders: readonly [string, (seed: number) => Workload][] = [
  ['p2p', (seed) => p2p({ accounts: 50, blockSize: 100 }, seed)],
  ['compute', (seed) => compute({ accounts: 50, blockSize: 100, rounds: 7 }, seed)],
  ['mainnet', (seed) => mainnet({ transactions: block, blockSize: 300 }, seed)],
  ['chain', (seed) => chain({ distance: 3, blockSize: 100 }, seed)],
  ['hotspot', (seed) => hotspot({ keys: 50, hotRatio: 0.5, hotShare: 0.1, blockSize: 100 }, seed)],
  ['counter', (seed) => counter({ accounts: 50, counter: 'delta', blockSize: 100 }, seed)],
  ['aba-samevalue', (seed) => abaSameValue({ accounts: 50, blockSize: 100 }, seed)],
];

test('the same seed gives the same bytes as ever', () => {
  expect(Object.fromEntries(builders.map(([name, build]) => [name, digest(build(1))]))).toMatchInlineSnapshot(`
    {
      "aba-samevalue": "52779a744ecddcb83e94340eb9ce41f7a6723609926fa11fc5f9b6a054938a09",
      "chain": "df4914a38e21805bbe7d252c2b90905425f26cd5820947c79cd21c481e0840f6",
      "compute": "7c6db11b41b18e164646eae98ba7ba875f0efc92abfeb803fba22d992e720a0a",
      "counter": "a53a6b957c972455491550707080ad48a3101cde3ee333b51e4072538ed91418",
      "hotspot": "e9ff02b082d48f569219934f5053235282d71202b0a194d4a7c6cf673962393d",
      "mainnet": "fd4a925ec8a5d20b14691abe221ece7ff3ca99ab18d2830267abaf2b2fbdd3da",
      "p2p": "8671d8eb38becb575aa59c1dcb6edada3f98cb05423150139b55b591b9a2a1f5",
    }
  `);
});

test.each(builders)('%s: another seed gives other bytes', (_, build) => {
  expect(digest(build(2))).not.toBe(digest(build(1)));
});

test('accounts and their funds do not depend on the block size', () => {
  const small = p2p({ accounts: 20, blockSize: 10 }, 3);
  const large = p2p({ accounts: 20, blockSize: 500 }, 3);
  expect(small.preparation(0)).toEqual(large.preparation(0));
  expect(small.block(1)).toEqual(large.block(1).slice(0, 10));
});

test('nobody pays themselves, and every account takes part', () => {
  const workload = p2p({ accounts: 3, blockSize: 200 }, 1);
  const calls = workload.block(0);
  expect(calls.filter(({ sender, args }) => sender === args.to)).toEqual([]);
  expect(new Set(calls.map(({ sender }) => sender)).size).toBe(3);
  expect(new Set(calls.map(({ args }) => args.to)).size).toBe(3);
});

test('a few per cent of the transfers lack funds, and which ones depends on the order', () => {
  const workload = p2p({ accounts: 1_000, blockSize: 10_000 }, 1);
  const [funding, calls] = [workload.preparation(0), workload.block(0)];
  const failed = failedTransfers(funding, calls).map((index) => calls[index]);
  expect(failed.length / calls.length).toBeGreaterThan(0.01);
  expect(failed.length / calls.length).toBeLessThan(0.08);
  const reversed = calls.toReversed();
  const failedReversed = failedTransfers(funding, reversed).map((index) => reversed[index]);
  expect(new Set(failedReversed)).not.toEqual(new Set(failed));
});

test('mainnet: most transfers succeed, some fail, and which ones depends on the order', () => {
  const workload = mainnet({ transactions: block, blockSize: block.length }, 1);
  const [funding, calls] = [workload.preparation(0), workload.block(0)];
  const failed = failedTransfers(funding, calls).map((index) => calls[index]);
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.length / calls.length).toBeLessThan(0.1);
  const reversed = calls.toReversed();
  const failedReversed = failedTransfers(funding, reversed).map((index) => reversed[index]);
  expect(new Set(failedReversed)).not.toEqual(new Set(failed));
});

test('mainnet: a block that comes round again does the same with accounts of its own', () => {
  const workload = mainnet({ transactions: block.slice(0, 200), blockSize: 100 }, 1);
  const outcome = (index: number): readonly number[] =>
    failedTransfers(workload.preparation(index), workload.block(index));
  expect(outcome(2)).toEqual(outcome(0));
  const senders = (index: number): Set<string> => new Set(workload.block(index).map(({ sender }) => sender));
  expect(senders(2).size).toBe(senders(0).size);
  expect([...senders(2)].filter((each) => senders(0).has(each))).toEqual([]);
});

test('every bundled transaction converts, and every block is there', () => {
  const numbers = bundledBlocks();
  expect(numbers.length).toBe(47);
  const transactions = readBundledBlocks(numbers);
  expect(transactions.length).toBe(15_904);
  const workload = mainnet({ transactions, blockSize: transactions.length }, 1);
  expect(workload.block(0).length).toBe(15_904);
  for (const { args } of workload.block(0)) {
    if (args.amount !== undefined) expect(BigInt(args.amount)).toBeLessThan(2n ** 64n);
  }
});

test.each([1, 2, 7, 150])('chain: each call reads what the call %i before it wrote', (distance) => {
  const workload = chain({ distance, blockSize: 50 }, 1);
  const calls = [0, 1, 2, 3, 4].flatMap((index) => workload.block(index));
  const writers = new Map<string, number>();
  for (const [index, { method, args }] of calls.entries()) {
    expect(method).toBe('derive');
    expect(writers.get(args.from as string)).toBe(index < distance ? undefined : index - distance);
    writers.set(args.to as string, index);
  }
  for (const index of [0, 3]) expect(new Set(workload.block(index).map(({ args }) => args.to)).size).toBe(50);
});

test('hotspot: every call takes the same key by default', () => {
  const workload = hotspot({ keys: 10_000, hotRatio: 1, hotShare: 0, blockSize: 500 }, 1);
  expect(new Set(workload.block(0).map(({ args }) => args.cell))).toEqual(new Set(['0']));
});

test('hotspot: hot keys are as many as said, and taken as often as said', () => {
  const workload = hotspot({ keys: 1_000, hotRatio: 0.8, hotShare: 0.05, blockSize: 20_000 }, 1);
  const cells = workload.block(0).map(({ args }) => Number(args.cell));
  const hot = cells.filter((cell) => cell < 50);
  // Within five standard deviations of 16,000.
  expect(Math.abs(hot.length - 16_000)).toBeLessThan(5 * Math.sqrt(20_000 * 0.8 * 0.2));
  expect(new Set(hot).size).toBe(50);
  // Of 950 others, drawn 4,000 times, some are never drawn.
  expect(new Set(cells).size).toBeGreaterThan(900);
  expect(Math.max(...cells)).toBeLessThan(1_000);
});

test.each([
  { keys: 1, hotRatio: 0, hotShare: 0 },
  { keys: 3, hotRatio: 0, hotShare: 1 },
])('hotspot: where every key is hot there are no others: %o', (parameters) => {
  const cells = hotspot({ ...parameters, blockSize: 100 }, 1).block(0);
  expect(new Set(cells.map(({ args }) => args.cell)).size).toBe(parameters.keys);
});

test('hotspot: with a ratio of 0 no call takes a hot key', () => {
  const calls = hotspot({ keys: 5, hotRatio: 0, hotShare: 0.4, blockSize: 100 }, 1).block(0);
  expect(new Set(calls.map(({ args }) => args.cell))).toEqual(new Set(['2', '3', '4']));
});

test('counter: the three kinds differ in the method alone', () => {
  const blocks = (['delta', 'plain', 'none'] as const).map((kind) => {
    const workload = counter({ accounts: 20, counter: kind, blockSize: 100 }, 1);
    return { funding: workload.preparation(0), calls: workload.block(0) };
  });
  expect(blocks.map(({ calls }) => calls[0]?.method)).toEqual(['transferAdding', 'transferWriting', 'transfer']);
  const withoutMethod = blocks.map(({ funding, calls }) => [funding, calls.map(({ method: _, ...call }) => call)]);
  expect(withoutMethod[1]).toEqual(withoutMethod[0]);
  expect(withoutMethod[2]).toEqual(withoutMethod[0]);
});
