import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { compute, mainnet, p2p, type Workload, type WorkloadCall } from '../../dist/bench/index.js';
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
function failedTransfers(funding: readonly WorkloadCall[], calls: readonly WorkloadCall[]): readonly number[] {
  const balances = new Map<string, bigint>();
  const key = (contract: string, account: string): string => `${contract} ${account}`;
  const add = (account: string, amount: bigint): void => {
    balances.set(account, (balances.get(account) ?? 0n) + amount);
  };
  for (const { contract, args } of funding) add(key(contract, args.to as string), BigInt(args.amount as string));
  return calls.flatMap(({ sender, contract, method, args }, index) => {
    if (method !== 'transfer') return [];
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
];

test('the same seed gives the same bytes as ever', () => {
  expect(Object.fromEntries(builders.map(([name, build]) => [name, digest(build(1))]))).toMatchInlineSnapshot(`
    {
      "compute": "7c6db11b41b18e164646eae98ba7ba875f0efc92abfeb803fba22d992e720a0a",
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
