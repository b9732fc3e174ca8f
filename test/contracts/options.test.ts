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

const PEOPLE = ['writer', 'holder', 'other'];

async function opened(chain: TestChain, people: readonly string[]) {
  const [grain, coin] = [await mintedToken(chain, 'grain', people), await mintedToken(chain, 'coin', people)];
  const options = await chain.deploy(await contractWasm('options'));
  await allow(chain, options, [grain, coin], people);
  return { grain, coin, options };
}

const chain = await testChain();
const { grain, coin, options } = await opened(chain, PEOPLE);
const expiry = chain.time + 100n;
const terms = { asset: grain, amount: 50n, currency: coin, premium: 7n, strike: 500n, expiry };
const id = (await options.as('writer').write(terms)) as bigint;
const offered = chain.snapshot();
beforeEach(() => chain.revert(offered));

const [writer, holder, other] = PEOPLE.map((name) => chain.account(name));
const has = async (owner: unknown) => [await balance(grain, owner), await balance(coin, owner)];

test('an option is written, bought and exercised', async () => {
  expect(await has(options)).toEqual([50n, 0n]);
  expect(await options.as('holder').buy({ id }).receipt()).toEmit(options, 'Bought', { id, holder });
  await chain.advance({ seconds: 100 });
  expect(await options.as('holder').exercise({ id }).receipt()).toEmit(options, 'Exercised', { id });
  expect(await has(holder)).toEqual([WEALTH + 50n, WEALTH - 507n]);
  expect(await has(writer)).toEqual([WEALTH - 50n, WEALTH + 507n]);
  expect(await has(options)).toEqual([0n, 0n]);
  expect(await options.view.optionOf({ id })).toMatchObject({ state: 2, holder: holder?.address, strike: 500n });
  await expect(options.as('holder').exercise({ id })).toRevert('it is not sold');
  await expect(options.as('holder').buy({ id })).toRevert('it is not offered');
  await expect(options.as('writer').reclaim({ id })).toRevert('it has ended');
});

test('one that nobody buys or exercises is reclaimed, and not before', async () => {
  await expect(options.as('other').reclaim({ id })).toRevert('not the writer');
  const unsold = chain.snapshot();
  await options.as('writer').reclaim({ id });
  expect(await has(writer)).toEqual([WEALTH, WEALTH]);
  await expect(options.as('holder').buy({ id })).toRevert('it is not offered');
  chain.revert(unsold);
  await options.as('holder').buy({ id });
  await chain.advance({ seconds: 100 });
  await expect(options.as('writer').reclaim({ id })).toRevert('it has not expired');
  await chain.advance({ seconds: 1 });
  await expect(options.as('holder').exercise({ id })).toRevert('it has expired');
  await options.as('writer').reclaim({ id });
  expect(await has(writer)).toEqual([WEALTH, WEALTH + 7n]);
  await expect(options.as('writer').reclaim({ id })).toRevert('it has ended');
});

test('it can be handed on, by its holder', async () => {
  await expect(options.as('holder').assign({ id, to: other })).toRevert('it is not sold');
  await options.as('holder').buy({ id });
  await expect(options.as('other').assign({ id, to: other })).toRevert('not the holder');
  await expect(options.as('holder').assign({ id, to: other })).toEmit(options, 'Assigned', { id, holder: other });
  await expect(options.as('holder').exercise({ id })).toRevert('not the holder');
  await options.as('other').exercise({ id });
  expect(await has(other)).toEqual([WEALTH + 50n, WEALTH - 500n]);
});

test('what cannot be is refused, and nothing is locked', async () => {
  const before = await chain.stateHash();
  const write = (change: object, as = 'writer') => options.as(as).write({ ...terms, ...change });
  await expect(write({ amount: 0n })).toRevert('nothing is offered');
  await expect(write({ currency: grain })).toRevert('the tokens are the same');
  await expect(write({ expiry: chain.time })).toRevert('it has expired');
  await expect(write({ amount: WEALTH })).toRevert('insufficient balance');
  await expect(write({}, 'mallory')).toRevert('insufficient allowance');
  await expect(options.as('holder').buy({ id: 2n })).toRevert('no such option');
  await expect(options.as('mallory').buy({ id })).toRevert('insufficient allowance');
  expect(await chain.stateHash()).toBe(before);
  expect(await options.view.count()).toBe(1n);
});

const CROWD = Array.from({ length: 8 }, (_, index) => `person ${index}`);
type World = Awaited<ReturnType<typeof opened>>;

function lastingTerms({ grain, coin }: World) {
  return { ...terms, asset: grain, currency: coin, expiry: expiry * 2n };
}

/** With as many options as there will be about. */
async function setUp(other: TestChain): Promise<World> {
  const world = await opened(other, CROWD);
  const later = lastingTerms(world);
  await other.block(
    Array.from({ length: 20 }, (_, index) => world.options.as(CROWD[index % 8] as string).write(later)),
  );
  return world;
}

const calls: CallGenerator<World> = (random, world) => {
  const person = world.options.as(random.pick(CROWD));
  const option = { id: 1n + random.bigint(30n) };
  const price = { premium: random.bigint(10n), strike: random.bigint(100n), expiry: expiry * 2n };
  return random.pick([
    () => person.write({ asset: world.grain, amount: 1n + random.bigint(50n), currency: world.coin, ...price }),
    () => person.buy(option),
    () => person.exercise(option),
    () => person.reclaim(option),
    () => person.assign({ ...option, to: chain.account(random.pick(CROWD)) }),
  ])();
};

test('it has what is promised and nothing else, whatever is called', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  console.info(`options: seed ${seed}`);
  const random = new Random(seed);
  await using chain = await testChain();
  const world = await setUp(chain);
  await chain.block(Array.from({ length: 300 }, () => calls(random, world, []) as ContractCall));
  // Who may exercise or reclaim one seldom draws it: whatever is drawn, one is exercised and one reclaimed.
  const id = 1n + ((await world.options.view.count()) as bigint);
  const [own, other] = [world.options.as('person 0'), world.options.as('person 1')];
  const sure = await chain.block([
    ...[1, 2].map(() => own.write(lastingTerms(world))),
    other.buy({ id }),
    other.exercise({ id }),
    own.reclaim({ id: id + 1n }),
  ]);
  expect([...sure.receipts].every(({ status }) => status === 'ok')).toBe(true);
  await chain.setTime(2n * expiry + 1n);
  await chain.block(Array.from({ length: 50 }, () => calls(random, world, []) as ContractCall));
  const written = (await world.options.view.count()) as bigint;
  const states = new Set<number>();
  let promised = 0n;
  for (let id = 1n; id <= written; id++) {
    const { state, amount } = await world.options.view.optionOf({ id });
    states.add(state);
    if (state < 2) promised += amount;
  }
  expect(states).toEqual(new Set([0, 1, 2, 3]));
  expect(await balance(world.grain, world.options)).toBe(promised);
  expect(await balance(world.coin, world.options)).toBe(0n);
});

test('writers and holders are the same in parallel', async () => {
  await assertParallelEqualsSequential(setUp, calls, { blocks: 2, calls: 300 });
});
