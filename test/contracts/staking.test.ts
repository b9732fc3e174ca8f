import { beforeEach, expect, test } from 'vitest';
import { assertParallelEqualsSequential, type TestChain, testChain } from '../../dist/host/testing/index.js';
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
  await staking.as('owner').fund({ amount: 1000n, seconds: 100n });
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
  await expect(staking.as('alice').fund({ amount: 100n, seconds: 1n })).toRevert();
  await expect(staking.as('owner').fund({ amount: 100n, seconds: 0n })).toRevert('too short');
  await expect(staking.as('owner').fund({ amount: 9n, seconds: 10n })).toRevert('too short');
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

test('stakers are the same in parallel', async () => {
  const people = ['owner', ...Array.from({ length: 8 }, (_, index) => `staker ${index}`)];
  await assertParallelEqualsSequential(
    async (other) => {
      const world = await opened(other, people);
      await world.staking.as('owner').fund({ amount: 100_000n, seconds: 1000n });
      await other.block(people.slice(1).map((name) => world.staking.as(name).stake({ amount: 100n })));
      await other.advance({ seconds: 100 });
      return world;
    },
    (random, world) => {
      const staker = world.staking.as(random.pick(people));
      const amount = random.bigint(200n);
      return random.pick([staker.stake({ amount }), staker.unstake({ amount }), staker.claim()]);
    },
    { blocks: 4, calls: 100 },
  );
});
