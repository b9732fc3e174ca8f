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

const PEOPLE = ['owner', 'alice', 'bob'];

async function opened(chain: TestChain, people: readonly string[]) {
  const [coin, reward] = [await mintedToken(chain, 'coin', people), await mintedToken(chain, 'reward', people)];
  const staking = await chain.deploy(await contractWasm('staking'), {
    init: { staked: coin, reward },
    as: 'owner',
  });
  await allow(chain, staking, [coin, reward], people);
  return { coin, reward, staking };
}

const chain = await testChain();
const { coin, reward, staking } = await opened(chain, PEOPLE);
const before = chain.snapshot();
beforeEach(() => chain.revert(before));

const earned = async (name: string): Promise<bigint> => staking.view.earned({ staker: chain.account(name) });

test('rewards go by stake and time', async () => {
  const funded = { amount: 1000n, end: chain.time + 100n };
  await expect(staking.as('owner').fund({ amount: 1000n, seconds: 100n })).toEmit(staking, 'Funded', funded);
  await staking.as('alice').stake({ amount: 300n });
  await chain.advance({ seconds: 50 });
  expect(await earned('alice')).toBe(499n);
  await staking.as('bob').stake({ amount: 100n });
  await chain.advance({ seconds: 40 });
  // 400 more: three parts of four are alice's.
  expect([await earned('alice'), await earned('bob')]).toEqual([799n, 100n]);
  const receipt = await staking.as('alice').claim().receipt();
  expect(receipt).toEmit(staking, 'RewardPaid', { staker: chain.account('alice'), amount: 799n });
  expect(await balance(reward, chain.account('alice'))).toBe(WEALTH + 799n);
  expect(await staking.as('alice').claim()).toBe(0n);
  // It ends when it ends.
  await chain.advance({ seconds: 1000 });
  expect([await earned('alice'), await earned('bob')]).toEqual([75n, 125n]);
});

test('what was not used up is spread with what comes next', async () => {
  await staking.as('owner').fund({ amount: 1000n, seconds: 100n });
  await staking.as('alice').stake({ amount: 1n });
  await chain.advance({ seconds: 50 });
  await staking.as('owner').fund({ amount: 500n, seconds: 100n });
  await chain.advance({ seconds: 100 });
  expect(await earned('alice')).toBe(1500n);
});

test('a stake is given back, in parts, and earns no more', async () => {
  await staking.as('owner').fund({ amount: 100n, seconds: 100n });
  await staking.as('alice').stake({ amount: 300n });
  await expect(staking.as('alice').unstake({ amount: 301n })).toRevert('insufficient stake');
  await expect(staking.as('bob').unstake({ amount: 1n })).toRevert('insufficient stake');
  await expect(staking.as('alice').unstake({ amount: 0n })).toRevert('insufficient stake');
  await staking.as('alice').unstake({ amount: 300n });
  await chain.advance({ seconds: 50 });
  expect(await earned('alice')).toBe(0n);
  expect(await balance(coin, chain.account('alice'))).toBe(WEALTH);
  expect(await staking.view.totalStaked()).toBe(0n);
});

test('a block whose time is before that of others makes no rewards', async () => {
  await staking.as('owner').fund({ amount: 1000n, seconds: 100n });
  await staking.as('alice').stake({ amount: 300n });
  await chain.advance({ seconds: 50 });
  await staking.as('alice').unstake({ amount: 1n });
  const { time } = chain;
  await chain.setTime(time - 40n);
  await staking.as('alice').unstake({ amount: 1n });
  await chain.setTime(time + 10n);
  expect(await earned('alice')).toBeLessThanOrEqual(600n);
});

test('what cannot be is refused', async () => {
  await expect(staking.as('alice').fund({ amount: 100n, seconds: 1n })).toRevert('only the owner may do this');
  await expect(staking.as('owner').fund({ amount: 100n, seconds: 0n })).toRevert('too short');
  await expect(staking.as('owner').fund({ amount: 0n, seconds: 10n })).toRevert('nothing to earn');
  await expect(staking.as('alice').stake({ amount: 0n })).toRevert('nothing to stake');
  await expect(staking.as('alice').stake({ amount: WEALTH + 1n })).toRevert('insufficient balance');
  await expect(staking.as('mallory').stake({ amount: 1n })).toRevert('insufficient allowance');
  const same = chain.deploy(await contractWasm('staking'), { init: { staked: coin, reward: coin } });
  await expect(same).rejects.toThrow('the tokens are the same');
});

test('the largest amounts and the longest times do not wrap around', async () => {
  const rich = 2n ** 63n + 1n;
  await coin.as('minter').mint({ to: chain.account('alice'), amount: rich });
  await staking.as('alice').stake({ amount: rich });
  await staking.as('owner').fund({ amount: WEALTH, seconds: 1n });
  await chain.advance({ seconds: 10 });
  expect(await earned('alice')).toBe(WEALTH - 1n);
});

test('all that is paid in is earned: a rate need not be whole, and time waits for the first stake', async () => {
  await staking.as('owner').fund({ amount: 199n, seconds: 100n });
  await chain.advance({ seconds: 70 });
  await staking.as('alice').stake({ amount: 1n });
  await chain.advance({ seconds: 50 });
  expect(await earned('alice')).toBe(99n);
  // Nobody has a stake again.
  await staking.as('alice').unstake({ amount: 1n });
  await chain.advance({ seconds: 1000 });
  await staking.as('bob').stake({ amount: 1n });
  await chain.advance({ seconds: 1000 });
  expect([await earned('alice'), await earned('bob')]).toEqual([99n, 99n]);
  // A little is lost where it is counted, less than a unit each time.
  await staking.as('owner').fund({ amount: 1n, seconds: 1n });
  await chain.advance({ seconds: 1 });
  expect(await earned('bob')).toBe(100n);
});

test('whoever stakes has the stake back, though the owner has made rewards too many to count', async () => {
  const all = 2n ** 64n - 1n - 2n * WEALTH;
  await reward.as('minter').mint({ to: chain.account('owner'), amount: all - WEALTH });
  await staking.as('owner').stake({ amount: 1n });
  await staking.as('owner').fund({ amount: all, seconds: 1n });
  await chain.advance({ seconds: 1 });
  // To the only staker; and once more, when there is another one.
  const again = (await staking.as('owner').claim()) as bigint;
  await staking.as('alice').stake({ amount: 300n });
  await staking.as('owner').fund({ amount: again, seconds: 1n });
  await chain.advance({ seconds: 1 });
  await expect(staking.as('alice').unstake({ amount: 300n })).toRevert('overflow');
  expect(await staking.as('alice').abandon()).toBe(300n);
  expect(await balance(coin, chain.account('alice'))).toBe(WEALTH);
  expect(await staking.view.totalStaked()).toBe(1n);
  await expect(staking.as('alice').abandon()).toRevert('insufficient stake');
});

test('what was promised is not spread thinner', async () => {
  await staking.as('owner').fund({ amount: 1000n, seconds: 100n });
  await staking.as('alice').stake({ amount: 1n });
  await chain.advance({ seconds: 50 });
  await expect(staking.as('owner').fund({ amount: 1n, seconds: 1000n })).toRevert('slower than before');
  await expect(staking.as('owner').fund({ amount: 499n, seconds: 100n })).toRevert('slower than before');
  await staking.as('owner').fund({ amount: 500n, seconds: 100n });
  await chain.advance({ seconds: 100 });
  await staking.as('owner').fund({ amount: 1n, seconds: 1000n });
});

const CROWD = ['owner', ...Array.from({ length: 8 }, (_, index) => `staker ${index}`)];
type World = Awaited<ReturnType<typeof opened>>;

async function setUp(other: TestChain): Promise<World> {
  const world = await opened(other, CROWD);
  await world.staking.as('owner').fund({ amount: 100_000n, seconds: 1000n });
  await other.block(CROWD.slice(1).map((name) => world.staking.as(name).stake({ amount: 100n })));
  await other.advance({ seconds: 100 });
  return world;
}

const calls: CallGenerator<World> = (random, world) => {
  const staker = world.staking.as(random.pick(CROWD));
  const amount = random.bigint(200n);
  return random.pick([() => staker.stake({ amount }), () => staker.unstake({ amount }), () => staker.claim()])();
};

test('it has what is staked, and the rewards that are paid or to be had, whatever is called', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  console.info(`staking: seed ${seed}`);
  const random = new Random(seed);
  await using other = await testChain();
  const world = await setUp(other);
  const sum = async (view: (staker: unknown) => Promise<bigint>) =>
    (await Promise.all(CROWD.map(async (name) => view(chain.account(name))))).reduce((total, each) => total + each, 0n);
  for (let block = 0; block < 5; block++) {
    await other.block(Array.from({ length: 60 }, () => calls(random, world, []) as ContractCall));
    const staked = await sum(async (staker) => world.staking.view.stakeOf({ staker }));
    expect(await world.staking.view.totalStaked()).toBe(staked);
    expect(await balance(world.coin, world.staking)).toBe(staked);
    const owed = await sum(async (staker) => world.staking.view.earned({ staker }));
    expect(await balance(world.reward, world.staking)).toBeGreaterThanOrEqual(owed);
    await other.advance({ seconds: 300 });
  }
  // All of it is had in the end, but for less than a unit where a call has counted.
  await other.block(CROWD.map((name) => world.staking.as(name).claim()));
  expect(await balance(world.reward, world.staking)).toBeLessThan(5n * 60n);
});

test('stakers are the same in parallel', async () => {
  await assertParallelEqualsSequential(
    setUp,
    (random, world, accounts) =>
      random.chance(0.1) ? world.staking.as(random.pick(CROWD)).abandon() : calls(random, world, accounts),
    { blocks: 2, calls: 300 },
  );
});
