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

const PEOPLE = ['oracle', 'alice', 'bob', 'carol'];
const YEAR = 31_536_000;
/** Two coins for a gem. */
const PRICE = 2_000_000n;

async function opened(chain: TestChain, people: readonly string[]) {
  const [coin, gem] = [await mintedToken(chain, 'coin', people), await mintedToken(chain, 'gem', people)];
  const init = { lent: coin, collateral: gem, price: PRICE };
  const pool = await chain.deploy(await contractWasm('lending'), { init, as: 'oracle' });
  await allow(chain, pool, [coin, gem], people);
  return { coin, gem, pool };
}

const chain = await testChain();
const { coin, gem, pool } = await opened(chain, PEOPLE);
const open = chain.snapshot();
await pool.as('alice').deposit({ amount: 100_000n });
await pool.as('bob').addCollateral({ amount: 10_000n });
const lent = chain.snapshot();
beforeEach(() => chain.revert(lent));

const position = async (name: string) => pool.view.positionOf({ account: chain.account(name) });

test('collateral that nothing is owed on comes and goes', async () => {
  const moved = { account: chain.account('carol'), amount: 70n };
  await expect(pool.as('carol').addCollateral({ amount: 70n })).toEmit(pool, 'CollateralAdded', moved);
  expect(await balance(gem, chain.account('carol'))).toBe(WEALTH - 70n);
  await expect(pool.as('carol').removeCollateral({ amount: 70n })).toEmit(pool, 'CollateralRemoved', moved);
  expect(await balance(gem, chain.account('carol'))).toBe(WEALTH);
});

test('what can be borrowed is bounded by the collateral', async () => {
  // 66 % of 20,000 coins.
  await expect(pool.as('bob').borrow({ amount: 13_201n })).toRevert('insufficient collateral');
  const receipt = await pool.as('bob').borrow({ amount: 13_200n }).receipt();
  expect(receipt).toEmit(pool, 'Borrowed', { account: chain.account('bob'), amount: 13_200n });
  expect(await balance(coin, chain.account('bob'))).toBe(WEALTH + 13_200n);
  expect(await position('bob')).toEqual({ deposited: 0n, collateral: 10_000n, owed: 13_200n, covered: 16_000n });
  await expect(pool.as('bob').borrow({ amount: 1n })).toRevert('insufficient collateral');
  await expect(pool.as('bob').removeCollateral({ amount: 1n })).toRevert('insufficient collateral');
  await expect(pool.as('carol').borrow({ amount: 1n })).toRevert('insufficient collateral');
});

test('interest goes from borrowers to depositors', async () => {
  await pool.as('bob').borrow({ amount: 10_000n });
  await chain.advance({ seconds: YEAR });
  expect((await position('bob')).owed).toBe(11_000n);
  // All of it, but for what is nobody's.
  expect((await position('alice')).deposited).toBe(100_999n);
  expect(await pool.as('bob').repay({ amount: 2n ** 64n - 1n })).toBe(11_000n);
  expect((await position('bob')).owed).toBe(0n);
  await pool.as('bob').removeCollateral({ amount: 10_000n });
  await pool.as('alice').withdraw({ amount: 100_999n });
  expect(await balance(coin, chain.account('alice'))).toBe(WEALTH + 999n);
  expect(await balance(coin, pool)).toBe(1n);
});

test('interest is the same however often somebody asks for it', async () => {
  await pool.as('bob').borrow({ amount: 10_000n });
  for (let block = 0; block < 5; block++) {
    await chain.advance({ seconds: 1 });
    await pool.as('carol').deposit({ amount: 2n });
  }
  // What is begun is owed.
  expect((await position('bob')).owed).toBe(10_001n);
  await chain.advance({ seconds: YEAR - 5 });
  // With the interest on interest, which is far less than a unit.
  expect((await position('bob')).owed).toBe(11_001n);
});

test('a later depositor buys shares at what they are worth', async () => {
  await pool.as('bob').borrow({ amount: 10_000n });
  await chain.advance({ seconds: YEAR });
  await pool.as('carol').deposit({ amount: 50_000n });
  const [alice, carol] = [await position('alice'), await position('carol')];
  expect(carol.deposited).toBeLessThanOrEqual(50_000n);
  expect(carol.deposited).toBeGreaterThan(49_990n);
  expect(alice.deposited).toBeGreaterThanOrEqual(100_999n);
});

test('a first depositor cannot make a share worth so much that the next one pays for it', async () => {
  chain.revert(open);
  await pool.as('bob').addCollateral({ amount: 10n });
  await pool.as('bob').deposit({ amount: 1n });
  await pool.as('bob').borrow({ amount: 1n });
  await chain.advance({ seconds: 1 });
  // The pool's two units are the one share's. Each round pays for one more as little less than for two as there is, and takes a unit back for one.
  for (let worth = 2n; worth < 5000n; worth = 3n * worth - 2n) {
    await pool.as('bob').deposit({ amount: 2n * worth - 1n });
    await pool.as('bob').withdraw({ amount: 1n });
  }
  await pool.as('carol').deposit({ amount: 9000n });
  expect((await position('carol')).deposited).toBeGreaterThanOrEqual(8990n);
});

test('what is lent out cannot be withdrawn', async () => {
  await pool.as('bob').borrow({ amount: 10_000n });
  await expect(pool.as('alice').withdraw({ amount: 90_001n })).toRevert('insufficient cash');
  await expect(pool.as('alice').withdraw({ amount: 100_001n })).toRevert('insufficient deposit');
  await expect(pool.as('carol').withdraw({ amount: 1n })).toRevert('insufficient deposit');
  await pool.as('alice').withdraw({ amount: 90_000n });
  await expect(pool.as('bob').borrow({ amount: 1n })).toRevert('insufficient cash');
});

test('a loan is liquidated when its collateral has lost too much, and only then', async () => {
  await pool.as('bob').borrow({ amount: 13_000n });
  const liquidate = (amount: bigint) => pool.as('carol').liquidate({ account: chain.account('bob'), amount });
  await expect(liquidate(1000n)).toRevert('the loan is covered');
  await expect(pool.as('carol').setPrice({ price: 1n })).toRevert('only a oracle may do this');
  await expect(pool.as('oracle').setPrice({ price: 0n })).toRevert('no price');
  const price = 1_600_000n;
  await expect(pool.as('oracle').setPrice({ price })).toEmit(pool, 'PriceSet', { price });
  // 80 % of 16,000.
  const receipt = await liquidate(10_000n).receipt();
  // Half of 13,000 at 1.6, and a twentieth more.
  expect(receipt).toEmit(pool, 'Liquidated', {
    account: chain.account('bob'),
    liquidator: chain.account('carol'),
    paid: 6500n,
    collateral: 4265n,
  });
  expect(await balance(gem, chain.account('carol'))).toBe(WEALTH + 4265n);
  expect(await position('bob')).toMatchObject({ owed: 6500n, collateral: 5735n });
  await expect(liquidate(1n)).toRevert('the loan is covered');
});

/** What carol's liquidation of bob's loan says. */
const liquidated = async (amount: bigint) =>
  pool
    .as('carol')
    .liquidate({ account: chain.account('bob'), amount })
    .receipt();
const ALL = 2n ** 64n - 1n;

test('a loan that is worth more than its collateral is liquidated whole, and all depositors bear the loss', async () => {
  await pool.as('carol').deposit({ amount: 50_000n });
  await pool.as('bob').borrow({ amount: 13_000n });
  await pool.as('oracle').setPrice({ price: 1_000_000n });
  const receipt = await liquidated(ALL);
  // 10,000 gems are worth 10,000 and are sold for 9,524: a twentieth less.
  expect(receipt).toEmit(pool, 'Liquidated', { paid: 9524n, collateral: 10_000n });
  expect(receipt).toEmit(pool, 'Lost', { account: chain.account('bob'), amount: 3476n });
  expect(await position('bob')).toEqual({ deposited: 0n, collateral: 0n, owed: 0n, covered: 0n });
  const { cash, debtShares } = await pool.view.marketState();
  expect([cash, debtShares]).toEqual([146_524n, 0n]);
  expect(await balance(coin, pool)).toBe(cash);
  // Two thirds of it and one.
  expect((await position('alice')).deposited).toBe(97_682n);
  expect((await position('carol')).deposited).toBe(48_841n);
  for (const name of ['alice', 'carol']) await pool.as(name).withdraw({ amount: (await position(name)).deposited });
  expect(await balance(coin, pool)).toBe(1n);
});

test('a part of such a loan is paid for a part of the collateral, until none is left', async () => {
  await pool.as('bob').borrow({ amount: 13_000n });
  // Worth 13,333: not enough for all that is owed and a twentieth more.
  await pool.as('oracle').setPrice({ price: 1_333_300n });
  const first = await liquidated(8000n);
  expect(first).toEmit(pool, 'Liquidated', { paid: 8000n, collateral: 6300n });
  expect(first).not.toEmit(pool, 'Lost');
  expect(await position('bob')).toMatchObject({ owed: 5000n, collateral: 3700n });
  const rest = await liquidated(ALL);
  expect(rest).toEmit(pool, 'Liquidated', { paid: 4699n, collateral: 3700n });
  expect(rest).toEmit(pool, 'Lost', { amount: 301n });
  expect((await position('alice')).deposited).toBe(99_699n);
});

test('collateral that is worth nothing ends a loan all the same', async () => {
  await pool.as('bob').borrow({ amount: 13_000n });
  await pool.as('oracle').setPrice({ price: 1n });
  const receipt = await liquidated(0n);
  expect(receipt).toEmit(pool, 'Liquidated', { paid: 0n, collateral: 10_000n });
  expect(receipt).toEmit(pool, 'Lost', { amount: 13_000n });
  expect((await position('alice')).deposited).toBe(87_000n);
  await expect(pool.as('carol').liquidate({ account: chain.account('bob'), amount: 0n })).toRevert(
    'the loan is covered',
  );
  // Whoever lost nothing by it goes on as before.
  await pool.as('oracle').setPrice({ price: PRICE });
  await pool.as('bob').addCollateral({ amount: 100n });
  await pool.as('bob').borrow({ amount: 100n });
  expect((await position('bob')).owed).toBe(100n);
});

test('collateral that is worth less than what makes a loan less ends it, too', async () => {
  await pool.as('bob').borrow({ amount: 13_000n });
  await chain.advance({ seconds: YEAR });
  await pool.as('oracle').setPrice({ price: 100n });
  // A single coin; a share of debt is worth more.
  expect(await liquidated(ALL)).toEmit(pool, 'Liquidated', { paid: 1n, collateral: 10_000n });
  expect(await position('bob')).toMatchObject({ owed: 0n, collateral: 0n });
  expect((await position('alice')).deposited).toBe(87_001n);
});

test('a pool that has lost everything can begin again', async () => {
  await pool.as('bob').addCollateral({ amount: 90_000n });
  await pool.as('bob').borrow({ amount: 100_000n });
  await pool.as('oracle').setPrice({ price: 1n });
  await liquidated(0n);
  expect((await position('alice')).deposited).toBe(0n);
  await pool.as('carol').deposit({ amount: 50_000n });
  expect((await position('carol')).deposited).toBeGreaterThanOrEqual(49_998n);
  expect((await position('alice')).deposited).toBeLessThanOrEqual(1n);
  await pool.as('carol').withdraw({ amount: 49_998n });
});

test('where so much is lost that the shares of a deposit could not be counted, it is refused, and a smaller one is not', async () => {
  await coin.as('minter').mint({ to: chain.account('carol'), amount: 2n ** 40n });
  await pool.as('bob').addCollateral({ amount: 90_000n });
  await pool.as('bob').borrow({ amount: 100_000n });
  await pool.as('oracle').setPrice({ price: 1n });
  await liquidated(0n);
  // A thousand shares for each of alice's units and of nobody's, and a single unit left.
  const most = ALL / (100_001n * 1000n) - 1n;
  for (const amount of [most + 1n, most + 2n, 2n ** 40n])
    await expect(pool.as('carol').deposit({ amount })).toRevert('too many shares');
  await pool.as('carol').deposit({ amount: most });
  await pool.as('carol').withdraw({ amount: most });
  expect(await balance(coin, chain.account('carol'))).toBe(WEALTH + 2n ** 40n);
});

test('a price that makes collateral worth more than can be counted locks nothing', async () => {
  await gem.as('minter').mint({ to: chain.account('bob'), amount: WEALTH });
  await pool.as('bob').addCollateral({ amount: 2n * WEALTH - 10_000n });
  await pool.as('bob').borrow({ amount: 13_000n });
  await pool.as('oracle').setPrice({ price: ALL });
  expect((await position('bob')).covered).toBe((ALL * 80n) / 100n);
  await pool.as('bob').removeCollateral({ amount: 2n * WEALTH - 1n });
  await expect(pool.as('bob').removeCollateral({ amount: 1n })).toRevert('insufficient collateral');
  await pool.as('bob').repay({ amount: ALL });
  await pool.as('bob').removeCollateral({ amount: 1n });
  expect(await balance(gem, pool)).toBe(0n);
});

test('no deposit is so large that it cannot be had back', async () => {
  chain.revert(open);
  await coin.as('minter').mint({ to: chain.account('alice'), amount: 2n ** 63n });
  // A share is a thousandth, and a thousand are nobody's.
  const most = ALL / 1000n - 1n;
  for (const more of [1n, 2n])
    await expect(pool.as('alice').deposit({ amount: most + more })).toRevert('too many shares');
  await pool.as('alice').deposit({ amount: most });
  await pool.as('alice').withdraw({ amount: most });
  expect(await balance(coin, pool)).toBe(0n);
});

test('a block whose time is before that of others takes no interest back, and none twice', async () => {
  await pool.as('bob').borrow({ amount: 10_000n });
  const { time } = chain;
  await chain.advance({ seconds: YEAR });
  await pool.as('carol').deposit({ amount: 2n });
  await chain.setTime(time);
  expect((await position('bob')).owed).toBe(11_000n);
  await pool.as('carol').deposit({ amount: 2n });
  await chain.setTime(time + BigInt(YEAR));
  expect((await position('bob')).owed).toBe(11_000n);
});

test('a payment that takes nothing off a loan is refused', async () => {
  await pool.as('bob').borrow({ amount: 13_200n });
  await chain.advance({ seconds: 3 * YEAR });
  await expect(pool.as('bob').repay({ amount: 1n })).toRevert('too little');
  await expect(pool.as('bob').repay({ amount: 0n })).toRevert('too little');
  // 17,160 are owed on 20,000.
  for (const amount of [0n, 1n])
    await expect(pool.as('carol').liquidate({ account: chain.account('bob'), amount })).toRevert('too little');
  expect((await position('bob')).owed).toBe(17_160n);
});

test('the owner says who sets the price', async () => {
  const account = chain.account('carol');
  await expect(pool.as('carol').setOracle({ account, allowed: true })).toRevert('only the owner may do this');
  const allowed = { account, allowed: true };
  await expect(pool.as('oracle').setOracle(allowed)).toEmit(pool, 'OracleSet', allowed);
  await pool.as('oracle').setOracle({ account: chain.account('oracle'), allowed: false });
  await expect(pool.as('oracle').setPrice({ price: 1n })).toRevert('only a oracle may do this');
  await expect(pool.as('carol').setPrice({ price: 1n })).toSucceed();
});

test('more than is there is not taken, nor nothing', async () => {
  await expect(pool.as('bob').repay({ amount: 1n })).toRevert('nothing is owed');
  await expect(pool.as('bob').removeCollateral({ amount: 10_001n })).toRevert('insufficient collateral');
  await expect(pool.as('carol').deposit({ amount: WEALTH + 1n })).toRevert('insufficient balance');
  await expect(pool.as('carol').deposit({ amount: 0n })).toRevert('too little');
  await expect(pool.as('bob').addCollateral({ amount: 0n })).toRevert('too little');
  await expect(pool.as('bob').removeCollateral({ amount: 0n })).toRevert('too little');
  await expect(pool.as('mallory').deposit({ amount: 1n })).toRevert('insufficient allowance');
});

const CROWD = ['oracle', ...Array.from({ length: 8 }, (_, index) => `account ${index}`)];
type World = Awaited<ReturnType<typeof opened>>;

async function setUp(other: TestChain): Promise<World> {
  const world = await opened(other, CROWD);
  await other.block(
    CROWD.flatMap((name) => [
      world.pool.as(name).deposit({ amount: 10_000n }),
      world.pool.as(name).addCollateral({ amount: 1000n }),
    ]),
  );
  return world;
}

const calls: CallGenerator<World> = (random, world) => {
  const who = random.pick(CROWD);
  const account = world.pool.as(who);
  const amount = random.bigint(1500n);
  if (random.chance(0.1)) return world.pool.as('oracle').setPrice({ price: 300_000n + random.bigint(2_000_000n) });
  return random.pick([
    () => account.deposit({ amount }),
    () => account.withdraw({ amount }),
    () => account.borrow({ amount }),
    () => account.repay({ amount }),
    () => account.addCollateral({ amount }),
    () => account.removeCollateral({ amount }),
    () => account.liquidate({ account: chain.account(random.pick(CROWD)), amount }),
  ])();
};

/** That the books are those of the tokens, and say of the whole what they say of its parts. */
async function balanced(world: World, because: string): Promise<void> {
  const state: Record<'cash' | 'debtShares' | 'index', bigint> = await world.pool.view.marketState();
  const { cash, debtShares, index } = state;
  const positions = await Promise.all(
    CROWD.map(async (name) => world.pool.view.positionOf({ account: chain.account(name) })),
  );
  const sum = (field: string) => positions.reduce<bigint>((total, each) => total + each[field], 0n);
  expect(await balance(world.coin, world.pool), because).toBe(cash);
  expect(await balance(world.gem, world.pool), because).toBe(sum('collateral'));
  const debts = (debtShares * index + 2n ** 64n - 1n) >> 64n;
  expect(sum('owed'), because).toBeGreaterThanOrEqual(debts);
  // Each is rounded up.
  expect(sum('owed'), because).toBeLessThanOrEqual(debts + BigInt(CROWD.length));
  expect(sum('deposited'), because).toBeLessThanOrEqual(cash + debts);
}

test('it owes what it has and is owed, through interest, liquidations and losses', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  console.info(`lending: seed ${seed}`);
  const random = new Random(seed);
  await using other = await testChain();
  const world = await setUp(other);
  let losses = 0;
  for (let block = 0; block < 5; block++) {
    const made = Array.from({ length: 100 }, () => calls(random, world, []) as ContractCall);
    const { receipts } = await other.block(made);
    losses += receipts.flatMap((receipt) => world.pool.events(receipt)).filter(({ name }) => name === 'Lost').length;
    await balanced(world, `seed ${seed}, block ${block}`);
    await other.advance({ seconds: YEAR / 4 });
  }
  // In the end, all is worth nothing, and nobody owes anything any more.
  await world.pool.as('oracle').setPrice({ price: 1n });
  const end = CROWD.map((name) => world.pool.as('oracle').liquidate({ account: chain.account(name), amount: 0n }));
  const { receipts } = await other.block(end);
  losses += receipts.flatMap((receipt) => world.pool.events(receipt)).filter(({ name }) => name === 'Lost').length;
  expect(losses, `seed ${seed}`).toBeGreaterThan(0);
  await balanced(world, `seed ${seed}, after`);
  expect((await world.pool.view.marketState()).debtShares, `seed ${seed}`).toBe(0n);
  for (const name of CROWD) {
    const { deposited } = await world.pool.view.positionOf({ account: chain.account(name) });
    // Nobody comes too late.
    if (deposited > 0n) await world.pool.as(name).withdraw({ amount: deposited });
  }
});

test('lending and borrowing are the same in parallel', async () => {
  await assertParallelEqualsSequential(setUp, calls, { blocks: 2, calls: 300 });
});
