import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import {
  abaSameValue,
  amm,
  auction,
  chain,
  compute,
  counter,
  drift,
  erc20Clusters,
  hotspot,
  hybrid,
  lending,
  mainnet,
  nftMint,
  p2p,
  smallbank,
  WORKLOADS,
  type Workload,
  type WorkloadCall,
  ycsb,
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
  ['drift', (seed) => drift({ keys: 50, pointers: 5, drift: 0.5, blockSize: 100 }, seed)],
  ['erc20-clusters', (seed) => erc20Clusters({ clusters: 3, families: 2, people: 5, blockSize: 100 }, seed)],
  ['amm', (seed) => amm({ users: 50, pools: 4, theta: 0.9, venue: 'exchange', blockSize: 100 }, seed)],
  ['amm, own books', (seed) => amm({ users: 50, pools: 4, theta: 0.9, venue: 'amm', blockSize: 100 }, seed)],
  ['nft-mint', (seed) => nftMint({ users: 50, shards: 8, blockSize: 100 }, seed)],
  ['auction', (seed) => auction({ users: 50, auctions: 6, coins: 3, blockSize: 100 }, seed)],
  ['lending', (seed) => lending({ users: 50, markets: 3, blockSize: 100 }, seed)],
  [
    'ycsb',
    (seed) => ycsb({ records: 50, operations: 4, readRatio: 0.7, theta: 1.1, valueBytes: 20, blockSize: 100 }, seed),
  ],
  ['smallbank', (seed) => smallbank({ customers: 50, theta: 0.9, blockSize: 100 }, seed)],
  ['hybrid', (seed) => hybrid({ users: 50, hotAccess: 0.3, blockSize: 100 }, seed)],
];

test('every workload has its bytes held to a hash', () => {
  expect(new Set(builders.map(([, build]) => build(1).name))).toEqual(new Set(WORKLOADS.map(({ name }) => name)));
});

test('the same seed gives the same bytes as ever', () => {
  expect(Object.fromEntries(builders.map(([name, build]) => [name, digest(build(1))]))).toMatchInlineSnapshot(`
    {
      "aba-samevalue": "52779a744ecddcb83e94340eb9ce41f7a6723609926fa11fc5f9b6a054938a09",
      "amm": "634104b931cc97b177d051a092fd7f36ecb501ca6187080c916719dd04516856",
      "amm, own books": "69918b8fb84a57e3b3fd6a29312ea796c04911c1e0b2c582a24ce38e46974472",
      "auction": "e1552500bb13e3d9f918aa9296e1a7a495828a9b346e9de92edb213ae34a3c5e",
      "chain": "5e1584fabcc743548a9a238fe7294ab418d2b74ca36ddb594b85e341b654b988",
      "compute": "7c6db11b41b18e164646eae98ba7ba875f0efc92abfeb803fba22d992e720a0a",
      "counter": "a53a6b957c972455491550707080ad48a3101cde3ee333b51e4072538ed91418",
      "drift": "7a6a3ee386031bd73d3acbe548618078921463965db46a4e9d97b1f1af89c90e",
      "erc20-clusters": "84d2d304fdfa188ef3ce1df3452b214fe2b34441c350a03df2c4c79846c0fd4e",
      "hotspot": "90a5e0a7d60ebf142d003dee300e53fed316884427567dae9a3fd8d33b62e86c",
      "hybrid": "b0ad8935d3c1d3b11a1c27e7e82a54cab622e480a513ee5f1e8cf88b286a5d87",
      "lending": "b5077e42ab93e6d4c9e2036cb8f118f936d09b2e6fb64d0c9690d146dbb48e3b",
      "mainnet": "e06660c88411ef4d0485a1472fecd94c0a2eb8f65c6392a80058e3b5b32669fe",
      "nft-mint": "ccac1043d17a852262cedb55910cb4e4fd6ace282fd6c7f8aadad4bc8d2e8d83",
      "p2p": "8671d8eb38becb575aa59c1dcb6edada3f98cb05423150139b55b591b9a2a1f5",
      "smallbank": "d3ac3c0fe6892a5b2a73a8ddaae0896b0499f28a0e17c47d8f42cba13bc5c2db",
      "ycsb": "b67badfd7e5763faf25a11f682e97fb3b1c22096485273c2d26e677de4ee53f5",
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
    if (args.amount !== undefined) expect(BigInt(args.amount as string)).toBeLessThan(2n ** 64n);
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

test.each([0, 0.3, 1])('drift %d: so many calls follow their pointer', (probability) => {
  const calls = drift({ keys: 100, pointers: 7, drift: probability, blockSize: 2_000 }, 1).block(0);
  const following = calls.filter(({ args }) => args.drifts === true).length;
  // Within five standard deviations.
  const deviation = Math.sqrt(2_000 * probability * (1 - probability));
  expect(Math.abs(following - 2_000 * probability)).toBeLessThanOrEqual(5 * deviation);
  expect(new Set(calls.map(({ args }) => args.pointer)).size).toBe(7);
  expect(new Set(calls.map(({ args }) => args.count))).toEqual(new Set(['100']));
});

test('erc20-clusters: people pay their own family, in the token of their cluster', () => {
  const parameters = { clusters: 3, families: 4, people: 5, blockSize: 2_000 };
  const workload = erc20Clusters(parameters, 1);
  const family = new Map(
    workload.preparation(0).map(({ args, contract }, index) => [args.to, `${contract} ${Math.floor(index / 5)}`]),
  );
  expect(family.size).toBe(60);
  for (const { sender, contract, args } of workload.block(0)) {
    expect(args.to).not.toBe(sender);
    expect(family.get(args.to as string)).toBe(family.get(sender));
    expect(family.get(sender)?.split(' ')[0]).toBe(contract);
  }
  expect(new Set(workload.block(0).map(({ sender }) => sender)).size).toBe(60);
});

test('erc20-clusters: more accounts than there may be are refused', () => {
  const parameters = { clusters: 100, families: 1_000, people: 11, blockSize: 10 };
  expect(() => erc20Clusters(parameters, 1)).toThrow(
    'params.clusters, params.families, params.people: expected at most 1,000,000 accounts in all, found 100 clusters x 1000 families x 11 people = 1,100,000',
  );
});

test('amm: both venues have the same swaps', () => {
  const parameters = { users: 20, pools: 3, theta: 0.5, blockSize: 300 };
  const [exchanges, books] = (['exchange', 'amm'] as const).map((venue) => amm({ ...parameters, venue }, 1).block(0));
  const swaps = (calls: readonly WorkloadCall[] = []) =>
    calls.map(({ sender, contract, args }) => [sender, contract.split('-')[1], args.amountIn]);
  expect(swaps(exchanges)).toEqual(swaps(books));
});

test('auction: bids only rise, and who withdraws was outbid in that coin since', () => {
  const workload = auction({ users: 10, auctions: 4, coins: 2, blockSize: 500 }, 1);
  const coinOf = new Map(workload.contracts.map(({ name, address }) => [address, Number(name.split('-')[1])]));
  const highest = new Map<string, string>();
  const credits = new Map<string, bigint>();
  let last = 0n;
  let withdrawals = 0;
  for (const { sender, method, args } of [...workload.block(0), ...workload.block(1)]) {
    if (method === 'withdraw') {
      const account = `${sender} ${coinOf.get(args.coin as string)}`;
      expect(credits.get(account)).toBeGreaterThan(0n);
      credits.delete(account);
      withdrawals++;
      continue;
    }
    const amount = BigInt(args.amount as string);
    expect(amount).toBeGreaterThan(last);
    const before = highest.get(args.auction as string);
    if (before !== undefined) credits.set(before, (credits.get(before) ?? 0n) + last);
    highest.set(args.auction as string, `${sender} ${(Number(args.auction) - 1) % 2}`);
    last = amount;
  }
  expect(withdrawals).toBeGreaterThan(80);
  expect(highest.size).toBe(4);
});

test('ycsb: operations read as often as said', () => {
  const calls = ycsb(
    { records: 100, operations: 64, readRatio: 0.95, theta: 0.99, valueBytes: 17, blockSize: 100 },
    1,
  ).block(0);
  const updates = calls.reduce((sum, { args }) => sum + bits(BigInt(args.updates as string)), 0);
  // Within five standard deviations of 320.
  expect(Math.abs(updates - 320)).toBeLessThan(5 * Math.sqrt(6_400 * 0.95 * 0.05));
  for (const { args } of calls)
    expect([(args.keys as readonly string[]).length, String(args.value).length]).toEqual([64, 2 + 2 * 17]);
});

test('hybrid: 60 calls of 100 are transfers of the coin, 20 of tokens, 20 are swaps', () => {
  const calls = hybrid({ users: 100, hotAccess: 0, blockSize: 10_000 }, 1).block(0);
  const share = (chosen: (contract: string) => boolean) => calls.filter(({ contract }) => chosen(contract)).length;
  const shares = ['ledger', 'token', 'exchange'].map((kind) => share((contract) => contract.startsWith(kind)));
  // Within five standard deviations.
  for (const [index, expected] of [6_000, 2_000, 2_000].entries()) {
    expect(Math.abs((shares[index] as number) - expected)).toBeLessThan(250);
  }
  expect(new Set(calls.map(({ contract }) => contract)).size).toBe(6);
  expect(calls.filter(({ sender, args }) => sender === args.to)).toEqual([]);
});

test('hybrid: hot users are as hot as said', () => {
  const workload = hybrid({ users: 100, hotAccess: 0.5, blockSize: 10_000 }, 1);
  const minted = workload.preparation(0).filter(({ method, contract }) => method === 'mint' && contract === 'ledger');
  const hot = new Set(minted.slice(0, 10).map(({ args }) => args.to));
  const ofHot = workload.block(0).filter(({ sender }) => hot.has(sender)).length;
  // One in two, and one in ten of the others; within five standard deviations.
  expect(Math.abs(ofHot - 5_500)).toBeLessThan(250);
});

function bits(word: bigint): number {
  return word.toString(2).replaceAll('0', '').length;
}
