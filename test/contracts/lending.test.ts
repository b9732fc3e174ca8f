import { beforeEach, expect, test } from 'vitest';
import { assertParallelEqualsSequential, type TestChain, testChain } from '../../dist/host/testing/index.js';
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
await pool.as('alice').deposit({ amount: 100_000n });
await pool.as('bob').addCollateral({ amount: 10_000n });
const lent = chain.snapshot();
beforeEach(() => chain.revert(lent));

const position = async (name: string) => pool.view.positionOf({ account: chain.account(name) });

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
  expect((await position('alice')).deposited).toBe(101_000n);
  expect(await pool.as('bob').repay({ amount: 2n ** 64n - 1n })).toBe(11_000n);
  expect((await position('bob')).owed).toBe(0n);
  await pool.as('bob').removeCollateral({ amount: 10_000n });
  await pool.as('alice').withdraw({ amount: 101_000n });
  expect(await balance(coin, chain.account('alice'))).toBe(WEALTH + 1000n);
  expect(await balance(coin, pool)).toBe(0n);
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
  expect(alice.deposited).toBeGreaterThanOrEqual(101_000n);
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
  await expect(pool.as('carol').setPrice({ price: 1n })).toRevert();
  await expect(pool.as('oracle').setPrice({ price: 0n })).toRevert('no price');
  await pool.as('oracle').setPrice({ price: 1_600_000n });
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

test('more than is there is not taken', async () => {
  await expect(pool.as('bob').repay({ amount: 1n })).toRevert('nothing is owed');
  await expect(pool.as('bob').removeCollateral({ amount: 10_001n })).toRevert('insufficient collateral');
  await expect(pool.as('carol').deposit({ amount: WEALTH + 1n })).toRevert('insufficient balance');
  await expect(pool.as('carol').deposit({ amount: 0n })).toRevert('too little');
  await expect(pool.as('mallory').deposit({ amount: 1n })).toRevert('insufficient allowance');
});

test('lending and borrowing are the same in parallel', async () => {
  const people = ['oracle', ...Array.from({ length: 8 }, (_, index) => `account ${index}`)];
  await assertParallelEqualsSequential(
    async (other) => {
      const world = await opened(other, people);
      await other.block(
        people.flatMap((name) => [
          world.pool.as(name).deposit({ amount: 10_000n }),
          world.pool.as(name).addCollateral({ amount: 1000n }),
        ]),
      );
      return world;
    },
    (random, world) => {
      const who = random.pick(people);
      const account = world.pool.as(who);
      const amount = random.bigint(1500n);
      if (random.chance(0.1)) return world.pool.as('oracle').setPrice({ price: 500_000n + random.bigint(2_000_000n) });
      return random.pick([
        account.deposit({ amount }),
        account.withdraw({ amount }),
        account.borrow({ amount }),
        account.repay({ amount }),
        account.removeCollateral({ amount }),
        account.liquidate({ account: chain.account(random.pick(people)), amount }),
      ]);
    },
    { blocks: 4, calls: 100 },
  );
});
