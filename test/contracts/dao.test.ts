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

async function founded(chain: TestChain, people: readonly string[]) {
  const token = await mintedToken(chain, 'token', people);
  const init = { token, quorum: 100n, period: 60n, grace: 1000n };
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
  await expect(dao.as('bob').leave({ amount: 70n })).toEmit(dao, 'Left', { member: bob, amount: 70n });
  expect([await balance(token, dao), await dao.view.treasuryBalance()]).toEqual([1080n, 1000n]);
  await expect(dao.as('bob').donate({ amount: 5n })).toEmit(dao, 'Donated', { donor: bob, amount: 5n });
  expect([await balance(token, dao), await dao.view.treasuryBalance()]).toEqual([1085n, 1005n]);
  await expect(dao.as('bob').join({ amount: 3n })).toEmit(dao, 'Joined', { member: bob, amount: 3n });
  expect([await balance(token, dao), await dao.view.treasuryBalance()]).toEqual([1088n, 1005n]);
  await expect(dao.as('mallory').join({ amount: 1n })).toRevert('insufficient allowance');
  await expect(dao.as('bob').donate({ amount: 2n ** 64n - 1n })).toRevert('overflow');
});

test('a payment that was voted for lapses', async () => {
  await dao.as('alice').vote({ id, isFor: true });
  await dao.as('bob').vote({ id, isFor: true });
  expect(await dao.view.proposalOf({ id })).toMatchObject({ end: chain.time + 60n, deadline: chain.time + 1060n });
  await chain.advance({ seconds: 1061 });
  await expect(dao.as('alice').execute({ id })).toRevert('it has lapsed');
  await chain.setTime(chain.time - 1n);
  await expect(dao.as('alice').execute({ id })).toSucceed();
});

test('a payment to the DAO itself, or to nobody, is not proposed', async () => {
  for (const to of [dao, new Uint8Array(32)])
    await expect(dao.as('alice').propose({ ...payment, to })).toRevert('nobody to pay');
});

test('votes are not borrowed: only what was locked before the proposal counts', async () => {
  await dao.as('carol').join({ amount: 1000n });
  await expect(dao.as('carol').vote({ id, isFor: true })).toRevert('locked too late');
  // Whoever adds to what is locked has had the vote.
  await dao.as('bob').join({ amount: 1n });
  await expect(dao.as('bob').vote({ id, isFor: true })).toRevert('locked too late');
  const next = await dao.as('carol').propose(payment);
  await expect(dao.as('carol').vote({ id: next, isFor: true })).toEmit(dao, 'Voted', { power: 1000n });
  await expect(dao.as('bob').vote({ id: next, isFor: true })).toEmit(dao, 'Voted', { power: 71n });
});

test('no token votes twice, though time goes back', async () => {
  await dao.as('alice').vote({ id, isFor: true });
  const { time } = chain;
  await over();
  await dao.as('alice').leave({ amount: 80n });
  await token.as('alice').transfer({ to: carol, amount: 80n });
  await chain.setTime(time);
  await dao.as('carol').join({ amount: 80n });
  await expect(dao.as('carol').vote({ id, isFor: true })).toRevert('locked too late');
});

test('what cannot be is refused', async () => {
  await expect(dao.as('alice').join({ amount: 0n })).toRevert('nothing to lock');
  await expect(dao.as('alice').leave({ amount: 0n })).toRevert('nothing to unlock');
  await expect(dao.as('alice').donate({ amount: 0n })).toRevert('nothing to give');
  const wasm = await contractWasm('dao');
  for (const [init, message] of [
    [{ token, quorum: 1n, period: 0n, grace: 1n }, 'a vote takes time'],
    [{ token, quorum: 1n, period: 1n, grace: 0n }, 'a payment takes time'],
  ] as const)
    await expect(chain.deploy(wasm, { init })).rejects.toThrow(message);
});

const CROWD = Array.from({ length: 8 }, (_, index) => `member ${index}`);
type World = Awaited<ReturnType<typeof founded>>;

async function setUp(other: TestChain): Promise<World> {
  const world = await founded(other, CROWD);
  await other.block(CROWD.map((name) => world.dao.as(name).join({ amount: 50n })));
  const propose = (amount: bigint) => world.dao.as('member 0').propose({ to: carol, amount, reason: '' });
  await other.block([1n, 10n, 20n, 200n].map(propose));
  return world;
}

const calls: CallGenerator<World> = (random, world) => {
  const member = world.dao.as(random.pick(CROWD));
  const about = { id: 1n + random.bigint(5n) };
  const amount = random.bigint(40n);
  switch (random.below(12)) {
    case 0:
      return member.join({ amount });
    case 1:
      return member.leave({ amount });
    case 2:
      return member.propose({ to: carol, amount, reason: 'again' });
    case 3:
    case 4:
      return member.donate({ amount });
    case 5:
    case 6:
      return member.execute(about);
    default:
      return member.vote({ ...about, isFor: random.chance(0.7) });
  }
};

test('it has what is locked and what the treasury has, and pays what was voted for, once, whatever is called', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  console.info(`dao: seed ${seed}`);
  const random = new Random(seed);
  await using other = await testChain();
  const world = await setUp(other);
  const paid = new Set<bigint>();
  const voted = new Map<bigint, Map<string, bigint>>();
  for (let block = 0; block < 4; block++) {
    // Whatever is drawn, something is voted for, and paid.
    const sure = block === 0 ? CROWD.map((name) => world.dao.as(name).vote({ id: 2n, isFor: true })) : [];
    if (block === 3) sure.push(world.dao.as('member 0').execute({ id: 2n }));
    const made = [...sure, ...Array.from({ length: 80 }, () => calls(random, world, []) as ContractCall)];
    const { receipts } = await other.block(made);
    for (const { name, fields } of receipts.flatMap((receipt) => world.dao.events(receipt))) {
      const { id: about, voter, power } = fields as { id: bigint; voter: Uint8Array; power: bigint };
      if (name === 'Executed') {
        expect(paid.has(about)).toBe(false);
        paid.add(about);
      }
      if (name === 'Voted') {
        const ballots = voted.get(about) ?? new Map();
        voted.set(about, ballots);
        const who = Buffer.from(voter).toString('hex');
        expect(ballots.has(who)).toBe(false);
        ballots.set(who, power);
      }
    }
    const powers = await Promise.all(
      CROWD.map(async (name) => world.dao.view.powerOf({ account: chain.account(name) })),
    );
    const locked = powers.reduce<bigint>((sum, power) => sum + power, 0n);
    expect(await balance(world.token, world.dao)).toBe(locked + (await world.dao.view.treasuryBalance()));
    await other.advance({ seconds: 61 });
  }
  expect(paid.size).toBeGreaterThan(0);
  let sum = 0n;
  for (const id of paid) {
    const { yes, no } = await world.dao.view.tallyOf({ id });
    expect(yes).toBeGreaterThan(no);
    expect(yes + no).toBeGreaterThanOrEqual(100n);
    expect(yes + no).toBe([...(voted.get(id)?.values() ?? [])].reduce((total, power) => total + power, 0n));
    sum += (await world.dao.view.proposalOf({ id })).amount;
  }
  expect(await balance(world.token, carol)).toBe(sum);
});

test('votes are the same in parallel', async () => {
  await assertParallelEqualsSequential(setUp, calls, { blocks: 2, calls: 300 });
});
