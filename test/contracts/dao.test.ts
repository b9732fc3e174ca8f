import { beforeEach, expect, test } from 'vitest';
import { assertParallelEqualsSequential, type TestChain, testChain } from '../../dist/host/testing/index.js';
import '../../dist/host/testing/matchers.js';
import { allow, balance, mintedToken, WEALTH } from '../support/paying.js';
import { contractWasm } from '../support/runtimes.js';

const PEOPLE = ['alice', 'bob', 'carol'];

async function founded(chain: TestChain, people: readonly string[]) {
  const token = await mintedToken(chain, 'token', people);
  const init = { token, quorum: 100n, period: 60n };
  const dao = await chain.deploy(await contractWasm('dao'), { init });
  await allow(chain, dao, [token], people);
  return { token, dao };
}

const chain = await testChain();
const { token, dao } = await founded(chain, PEOPLE);
const [alice, bob, carol] = PEOPLE.map((name) => chain.account(name));
await dao.as('alice').join({ amount: 80n });
await dao.as('bob').join({ amount: 70n });
await dao.as('carol').donate({ amount: 1000n });
const payment = { to: carol, amount: 300n, reason: 'paint for the fence' };
const id = (await dao.as('alice').propose(payment)) as bigint;
const proposed = chain.snapshot();
beforeEach(() => chain.revert(proposed));

const over = () => chain.advance({ seconds: 61 });

test('a payment that is voted for is made, once', async () => {
  const receipt = await dao.as('alice').vote({ id, isFor: true }).receipt();
  expect(receipt).toEmit(dao, 'Voted', { id, voter: alice, isFor: true, power: 80n });
  await dao.as('bob').vote({ id, isFor: false });
  await expect(dao.as('carol').execute({ id })).toRevert('the vote goes on');
  await over();
  expect(await dao.view.tallyOf({ id })).toEqual({ yes: 80n, no: 70n });
  await expect(dao.as('carol').execute({ id })).toEmit(dao, 'Executed', { id });
  expect(await balance(token, carol)).toBe(WEALTH - 700n);
  expect(await dao.view.treasuryBalance()).toBe(700n);
  expect(await dao.view.proposalOf({ id })).toMatchObject({ isExecuted: true, reason: payment.reason });
  await expect(dao.as('carol').execute({ id })).toRevert('executed already');
});

test('one without a quorum, a majority or the money is not', async () => {
  await dao.as('alice').vote({ id, isFor: true });
  await over();
  await expect(dao.as('alice').execute({ id })).toRevert('too few votes');
  chain.revert(proposed);
  await dao.as('alice').vote({ id, isFor: false });
  await dao.as('bob').vote({ id, isFor: true });
  await over();
  await expect(dao.as('alice').execute({ id })).toRevert('voted down');
  chain.revert(proposed);
  const large = await dao.as('bob').propose({ ...payment, amount: 1001n });
  await dao.as('alice').vote({ id: large, isFor: true });
  await dao.as('bob').vote({ id: large, isFor: true });
  await over();
  await expect(dao.as('alice').execute({ id: large })).toRevert('the treasury has too little');
});

test('members vote once, in time, with what they have locked', async () => {
  await expect(dao.as('carol').vote({ id, isFor: true })).toRevert('not a member');
  await expect(dao.as('carol').propose(payment)).toRevert('not a member');
  await dao.as('alice').vote({ id, isFor: true });
  await expect(dao.as('alice').vote({ id, isFor: true })).toRevert('voted already');
  await expect(dao.as('alice').vote({ id, isFor: false })).toRevert('voted already');
  await expect(dao.as('alice').vote({ id: 9n, isFor: true })).toRevert('no such proposal');
  await over();
  await expect(dao.as('bob').vote({ id, isFor: true })).toRevert('the vote is over');
});

test('no token votes twice: what has voted stays until the vote is over', async () => {
  await dao.as('alice').vote({ id, isFor: true });
  await expect(dao.as('alice').leave({ amount: 1n })).toRevert('bound by a vote');
  await dao.as('bob').leave({ amount: 70n });
  await expect(dao.as('bob').vote({ id, isFor: true })).toRevert('not a member');
  await over();
  await expect(dao.as('alice').leave({ amount: 81n })).toRevert('insufficient power');
  await dao.as('alice').leave({ amount: 80n });
  expect(await balance(token, alice)).toBe(WEALTH);
  expect(await dao.view.powerOf({ account: alice })).toBe(0n);
});

test('the treasury is not the members’, nor the other way round', async () => {
  expect(await balance(token, dao)).toBe(1150n);
  await dao.as('bob').leave({ amount: 70n });
  expect(await dao.view.treasuryBalance()).toBe(1000n);
  await expect(dao.as('mallory').join({ amount: 1n })).toRevert('insufficient allowance');
  await expect(dao.as('bob').donate({ amount: 2n ** 64n - 1n })).toRevert('overflow');
  expect(bob).toBeDefined();
});

test('votes are the same in parallel', async () => {
  const people = Array.from({ length: 8 }, (_, index) => `member ${index}`);
  await assertParallelEqualsSequential(
    async (other) => {
      const world = await founded(other, people);
      await other.block(people.map((name) => world.dao.as(name).join({ amount: 50n })));
      await other.block([world.dao.as('member 0').propose({ to: carol, amount: 10n, reason: '' })]);
      return world;
    },
    (random, world) => {
      const member = world.dao.as(random.pick(people));
      const about = { id: 1n + random.bigint(4n) };
      const amount = random.bigint(40n);
      return random.pick([
        member.vote({ ...about, isFor: random.chance(0.6) }),
        member.join({ amount }),
        member.leave({ amount }),
        member.donate({ amount }),
        member.propose({ to: carol, amount, reason: 'again' }),
        member.execute(about),
      ]);
    },
    { blocks: 4, calls: 100 },
  );
});
