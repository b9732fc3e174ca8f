import { beforeEach, expect, test } from 'vitest';
import {
  assertParallelEqualsSequential,
  type CallGenerator,
  type ContractCall,
  Random,
  type TestChain,
  testChain,
} from '../../dist/host/testing/index.js';
import '../../dist/host/testing/matchers.js';
import { allow, balance, mintedToken, WEALTH } from '../support/paying.js';
import { contractWasm } from '../support/runtimes.js';

const PEOPLE = ['alice', 'bob', 'carol'];

async function opened(chain: TestChain, people: readonly string[]) {
  const [gold, silver] = [await mintedToken(chain, 'gold', people), await mintedToken(chain, 'silver', people)];
  const init = { token0: gold, token1: silver };
  const exchange = await chain.deploy(await contractWasm('exchange'), { init });
  await allow(chain, exchange, [gold, silver], people);
  return { gold, silver, exchange };
}

const chain = await testChain();
const { gold, silver, exchange } = await opened(chain, PEOPLE);
const empty = chain.snapshot();
await exchange.as('alice').addLiquidity({ amount0: 100_000n, amount1: 400_000n, least: 0n });
const filled = chain.snapshot();
const LATER = chain.time + 1000n;

beforeEach(() => chain.revert(filled));

const product = async (): Promise<bigint> => {
  const { reserve0, reserve1 } = (await exchange.view.reserves()) as { reserve0: bigint; reserve1: bigint };
  expect([await balance(gold, exchange), await balance(silver, exchange)]).toEqual([reserve0, reserve1]);
  return reserve0 * reserve1;
};

test('the first provider sets the ratio, and some shares are nobody’s', async () => {
  expect(await exchange.view.reserves()).toEqual({ reserve0: 100_000n, reserve1: 400_000n, shares: 200_000n });
  expect(await exchange.view.sharesOf({ owner: chain.account('alice') })).toBe(199_000n);
  chain.revert(empty);
  const little = exchange.as('alice').addLiquidity({ amount0: 1000n, amount1: 1000n, least: 0n });
  await expect(little).toRevert('too little liquidity');
  await expect(exchange.as('alice').swap({ token: gold, amountIn: 5n, least: 0n, deadline: LATER })).toRevert(
    'no liquidity',
  );
});

test('later providers pay in the ratio of the pool', async () => {
  const added = exchange.as('bob').addLiquidity({ amount0: 10_000n, amount1: 1_000_000n, least: 20_000n });
  expect(await added).toBe(20_000n);
  expect(await balance(silver, chain.account('bob'))).toBe(WEALTH - 40_000n);
  const least = exchange.as('bob').addLiquidity({ amount0: 10_000n, amount1: 40_000n, least: 20_001n });
  await expect(least).toRevert('too little liquidity');
});

test('up to all that one has may be offered of one token', async () => {
  const all = 2n ** 64n - 1n;
  const added = exchange.as('bob').addLiquidity({ amount0: 10_000n, amount1: all, least: 20_000n });
  expect(await added).toBe(20_000n);
  // A pool with less of that token than of shares.
  chain.revert(empty);
  await exchange.as('alice').addLiquidity({ amount0: 10n, amount1: 400_000n, least: 0n });
  const thin = chain.snapshot();
  // Of one unit less the shares still fit.
  for (const amount0 of [all, all / 200n + 1n]) {
    chain.revert(thin);
    expect(await exchange.as('bob').addLiquidity({ amount0, amount1: 400_000n, least: 2000n })).toBe(2000n);
  }
  expect(await balance(gold, chain.account('bob'))).toBe(WEALTH - 10n);
});

test('a swap pays by the product, less the fee, and announces what it paid', async () => {
  const before = await product();
  const quoted = await exchange.view.quote({ token: gold, amountIn: 10_000n });
  // 9,970 of 10,000 count: 400,000 * 9,970 / 109,970.
  expect(quoted).toBe(36_264n);
  const receipt = await exchange
    .as('bob')
    .swap({ token: gold, amountIn: 10_000n, least: quoted, deadline: LATER })
    .receipt();
  expect(receipt.value).toBe(quoted);
  expect(receipt).toEmit(exchange, 'Swapped', {
    trader: chain.account('bob'),
    paid: gold,
    amountIn: 10_000n,
    amountOut: quoted,
  });
  expect(await balance(silver, chain.account('bob'))).toBe(WEALTH + quoted);
  expect(await product()).toBeGreaterThan(before);
});

test('nothing moves where a swap fails, in whichever contract', async () => {
  const before = await chain.stateHash();
  const swap = (args: object, as = 'bob') =>
    exchange.as(as).swap({ token: gold, amountIn: 10_000n, least: 0n, deadline: LATER, ...args });
  await expect(swap({ least: 36_265n })).toRevert('too little received');
  await expect(swap({ amountIn: 0n })).toRevert('too little received');
  await expect(swap({ deadline: chain.time - 1n })).toRevert('too late');
  await expect(swap({ token: exchange })).toRevert('not traded here');
  await expect(swap({ amountIn: 2n ** 64n - 1n })).toRevert('overflow');
  await expect(swap({ amountIn: WEALTH + 1n })).toRevert('insufficient balance');
  await expect(swap({}, 'mallory')).toRevert('insufficient allowance');
  expect(await chain.stateHash()).toBe(before);
});

test('shares are worth their part, fees included, and no more', async () => {
  await exchange.as('bob').swap({ token: silver, amountIn: 300_000n, least: 0n, deadline: LATER });
  const shares = await exchange.view.sharesOf({ owner: chain.account('alice') });
  await expect(exchange.as('alice').removeLiquidity({ shares: shares + 1n, least0: 0n, least1: 0n })).toRevert(
    'insufficient shares',
  );
  await expect(exchange.as('alice').removeLiquidity({ shares, least0: 0n, least1: 700_000n })).toRevert(
    'too little received',
  );
  const { amount0, amount1 } = await exchange.as('alice').removeLiquidity({ shares, least0: 0n, least1: 0n });
  expect(amount0 * amount1).toBeGreaterThan((100_000n * 400_000n * 99n * 99n) / 10_000n);
  await product();
});

test('the same token twice is no pair', async () => {
  const same = chain.deploy(await contractWasm('exchange'), { init: { token0: gold, token1: gold } });
  await expect(same).rejects.toThrow('the tokens are the same');
});

const CROWD = Array.from({ length: 8 }, (_, index) => `trader ${index}`);
type World = Awaited<ReturnType<typeof opened>>;

async function setUp(other: TestChain): Promise<World> {
  const world = await opened(other, CROWD);
  await world.exchange.as('trader 0').addLiquidity({ amount0: 50_000n, amount1: 90_000n, least: 0n });
  return world;
}

const calls: CallGenerator<World> = (random, world) => {
  const trader = world.exchange.as(random.pick(CROWD));
  const amount = 1n + random.bigint(20_000n);
  if (random.chance(0.2)) return trader.addLiquidity({ amount0: amount, amount1: amount * 2n, least: 0n });
  if (random.chance(0.2)) return trader.removeLiquidity({ shares: amount, least0: 0n, least1: 0n });
  const token = random.chance(0.5) ? world.gold : world.silver;
  return trader.swap({ token, amountIn: amount, least: random.bigint(20_000n), deadline: LATER * 2n });
};

test('a share never loses any of its product, and the books are those of the tokens, whatever is called', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  console.info(`exchange: seed ${seed}`);
  const random = new Random(seed);
  await using other = await testChain();
  const world = await setUp(other);
  const state = async (): Promise<Record<'reserve0' | 'reserve1' | 'shares', bigint>> => world.exchange.view.reserves();
  let before = await state();
  let succeeded = 0;
  for (let block = 0; block < 15; block++) {
    const { receipts } = await other.block(Array.from({ length: 20 }, () => calls(random, world, []) as ContractCall));
    succeeded += receipts.filter(({ status }) => status === 'ok').length;
    const after = await state();
    expect([await balance(world.gold, world.exchange), await balance(world.silver, world.exchange)]).toEqual([
      after.reserve0,
      after.reserve1,
    ]);
    // reserve0 * reserve1 / shares^2 never falls.
    expect(after.reserve0 * after.reserve1 * before.shares ** 2n).toBeGreaterThanOrEqual(
      before.reserve0 * before.reserve1 * after.shares ** 2n,
    );
    before = after;
  }
  expect(succeeded).toBeGreaterThan(30);
  const owned = await Promise.all(
    CROWD.map(async (name) => world.exchange.view.sharesOf({ owner: chain.account(name) })),
  );
  expect(owned.reduce<bigint>((sum, shares) => sum + shares, 1000n)).toBe(before.shares);
});

test('swaps and liquidity are the same in parallel', async () => {
  await assertParallelEqualsSequential(setUp, calls, { blocks: 2, calls: 300 });
});
