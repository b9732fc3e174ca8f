import { beforeEach, describe, expect, test } from 'vitest';
import {
  type Account,
  assertParallelEqualsSequential,
  type CallGenerator,
  type ContractCall,
  Random,
  type TestChain,
  type TestContract,
  testChain,
} from '../../dist/host/testing/index.js';
import '../../dist/host/testing/matchers.js';
import { contractWasm } from '../support/runtimes.js';

const chain = await testChain();
const [owner, farm, ship, shop, lab] = ['owner', 'farm', 'ship', 'shop', 'lab'].map((name) => chain.account(name)) as [
  Account,
  Account,
  Account,
  Account,
  Account,
];
const goods = await chain.deploy(await contractWasm('supply-chain'), { as: owner });
await goods.as(owner).setRole({ account: farm, role: 'producer', given: true });
await goods.as(owner).setRole({ account: lab, role: 'certifier', given: true });
await goods.as(farm).register({ item: 7n, description: 'coffee, 60 kg', place: 'Huila' });
const registered = chain.snapshot();

beforeEach(() => chain.revert(registered));

async function deliver(from: Account, to: Account, place: string): Promise<void> {
  await goods.as(from).handOver({ item: 7n, to });
  await goods.as(to).receive({ item: 7n, place });
}

describe('an item', () => {
  test('is registered once, by a producer', async () => {
    expect(await goods.view.itemOf({ item: 7n })).toEqual({
      producer: farm.address,
      holder: farm.address,
      receiver: null,
      description: 'coffee, 60 kg',
      steps: 1,
      recalled: false,
    });
    const register = { description: 'tea', place: 'Assam' };
    await expect(goods.as(farm).register({ item: 7n, ...register })).toRevert('already registered');
    await expect(goods.as(ship).register({ item: 8n, ...register })).toRevert('only a producer may do this');
    await expect(goods.as(farm).register({ item: 8n, ...register })).toEmit(goods, 'Registered', {
      item: 8n,
      producer: farm,
      description: 'tea',
    });
  });

  test('changes hands where both sides confirm it', async () => {
    await expect(goods.as(farm).handOver({ item: 7n, to: ship })).toEmit(goods, 'Offered', { from: farm, to: ship });
    expect(await goods.view.itemOf({ item: 7n })).toMatchObject({ holder: farm.address, receiver: ship.address });
    await expect(goods.as(shop).receive({ item: 7n, place: '' })).toRevert('not offered');
    await expect(goods.as(ship).receive({ item: 7n, place: 'Cartagena' })).toEmit(goods, 'Received', {
      item: 7n,
      from: farm,
      to: ship,
      place: 'Cartagena',
    });
    // Again, and without an offer.
    await expect(goods.as(ship).receive({ item: 7n, place: 'Cartagena' })).toRevert('not offered');
    await expect(goods.as(farm).handOver({ item: 7n, to: shop })).toRevert('only the holder may do this');
    await expect(goods.as(ship).handOver({ item: 7n, to: ship })).toRevert('to the holder');
    expect(await goods.view.itemOf({ item: 7n })).toMatchObject({ holder: ship.address, receiver: null, steps: 2 });
  });

  test('stays where the offer was taken back, or made to somebody else', async () => {
    await expect(goods.as(farm).keep({ item: 7n })).toRevert('not offered');
    await goods.as(farm).handOver({ item: 7n, to: ship });
    await expect(goods.as(ship).keep({ item: 7n })).toRevert('only the holder may do this');
    await expect(goods.as(farm).keep({ item: 7n })).toEmit(goods, 'Kept', { item: 7n });
    await expect(goods.as(ship).receive({ item: 7n, place: '' })).toRevert('not offered');
    await goods.as(farm).handOver({ item: 7n, to: ship });
    await goods.as(farm).handOver({ item: 7n, to: shop });
    await expect(goods.as(ship).receive({ item: 7n, place: '' })).toRevert('not offered');
    await expect(goods.as(shop).receive({ item: 7n, place: 'Hamburg' })).toSucceed();
  });

  test('has a history of where it was when, in pages', async () => {
    const start = chain.time;
    await chain.advance({ seconds: 60 });
    await expect(goods.as(farm).move({ item: 7n, place: 'Bogotá' })).toEmit(goods, 'Moved', { place: 'Bogotá' });
    await expect(goods.as(ship).move({ item: 7n, place: '' })).toRevert('only the holder may do this');
    await deliver(farm, ship, 'Cartagena');
    await chain.advance({ seconds: 3600 });
    await deliver(ship, shop, 'Hamburg');
    const history = [
      { step: 0, by: farm.address, place: 'Huila', time: start },
      { step: 1, by: farm.address, place: 'Bogotá', time: start + 60n },
      { step: 2, by: ship.address, place: 'Cartagena', time: start + 60n },
      { step: 2, by: shop.address, place: 'Hamburg', time: start + 3660n },
    ];
    const page = async (first: number, count: number) => goods.view.historyOf({ item: 7n, first, count });
    expect(await page(0, 50)).toEqual(history);
    expect(await page(1, 2)).toEqual(history.slice(1, 3));
    expect(await page(3, 2 ** 32 - 1)).toEqual(history.slice(3));
    for (const [first, count] of [
      [0, 0],
      [4, 1],
      [2 ** 32 - 1, 2 ** 32 - 1],
    ] as const)
      expect(await page(first, count)).toEqual([]);
    await chain.block(
      Array.from({ length: 60 }, (_, index) => goods.as(shop).move({ item: 7n, place: `shelf ${index}` })),
    );
    expect(await page(0, 64)).toHaveLength(50);
    expect(await page(50, 64)).toHaveLength(14);
  });

  test('that there is not is not found by anybody', async () => {
    const item = 9n;
    for (const call of [
      goods.view.itemOf({ item }),
      goods.view.historyOf({ item, first: 0, count: 1 }),
      goods.view.certificateOf({ item, standard: 'organic' }),
      goods.as(farm).handOver({ item, to: ship }),
      goods.as(farm).keep({ item }),
      goods.as(farm).receive({ item, place: '' }),
      goods.as(farm).move({ item, place: '' }),
      goods.as(lab).certify({ item, standard: 'organic' }),
      goods.as(farm).recall({ item, reason: '' }),
    ])
      await expect(call).toRevert('no such item');
  });

  test('costs no more to move than it should', async () => {
    await expect(goods.as(farm).move({ item: 7n, place: 'Bogotá' })).toUseGas({ atMost: 40_000 });
  });
});

describe('a certificate', () => {
  const standard = 'organic';
  const certificate = async () => goods.view.certificateOf({ item: 7n, standard });

  test('is given by a certifier, once, and taken back by the same', async () => {
    await goods.as(owner).setRole({ account: ship, role: 'certifier', given: true });
    expect(await certificate()).toBeNull();
    await expect(goods.as(farm).certify({ item: 7n, standard })).toRevert('only a certifier may do this');
    await expect(goods.as(lab).certify({ item: 7n, standard })).toEmit(goods, 'Certified', {
      item: 7n,
      by: lab,
      standard,
      valid: true,
    });
    expect(await certificate()).toEqual({ by: lab.address, time: chain.time });
    await expect(goods.as(ship).certify({ item: 7n, standard })).toRevert('already certified');
    await expect(goods.as(ship).withdrawCertificate({ item: 7n, standard })).toRevert('not certified by you');
    await expect(goods.as(lab).withdrawCertificate({ item: 7n, standard })).toEmit(goods, 'Certified', {
      valid: false,
    });
    expect(await certificate()).toBeNull();
    await expect(goods.as(lab).withdrawCertificate({ item: 7n, standard })).toRevert('not certified by you');
  });

  test('is nothing to a recalled item', async () => {
    await goods.as(lab).certify({ item: 7n, standard });
    await goods.as(farm).recall({ item: 7n, reason: 'mould' });
    expect(await certificate()).toBeNull();
    await expect(goods.as(lab).certify({ item: 7n, standard: 'fair' })).toRevert('recalled');
  });
});

describe('a recall', () => {
  test('is its producer’s alone, and for good', async () => {
    await deliver(farm, ship, 'Cartagena');
    for (const who of [ship, owner, lab])
      await expect(goods.as(who).recall({ item: 7n, reason: '' })).toRevert('only the producer may do this');
    await expect(goods.as(farm).recall({ item: 7n, reason: 'mould' })).toEmit(goods, 'Recalled', { reason: 'mould' });
    await expect(goods.as(farm).recall({ item: 7n, reason: 'mould' })).toRevert('recalled');
    expect(await goods.view.historyOf({ item: 7n, first: 2, count: 1 })).toMatchObject([{ step: 3, place: 'mould' }]);
  });

  test('lets the item go nowhere but back', async () => {
    await deliver(farm, ship, 'Cartagena');
    await goods.as(ship).handOver({ item: 7n, to: shop });
    await goods.as(farm).recall({ item: 7n, reason: 'mould' });
    await expect(goods.as(shop).receive({ item: 7n, place: '' })).toRevert('recalled');
    await expect(goods.as(ship).handOver({ item: 7n, to: shop })).toRevert('recalled');
    await goods.as(ship).move({ item: 7n, place: 'the harbour' });
    await deliver(ship, farm, 'Huila');
    expect(await goods.view.itemOf({ item: 7n })).toMatchObject({ holder: farm.address, recalled: true, steps: 5 });
  });
});

test('roles are given and taken by the owner', async () => {
  const role = { account: ship, role: 'producer', given: true };
  await expect(goods.as(farm).setRole(role)).toRevert('only the owner may do this');
  await expect(goods.as(owner).setRole({ ...role, role: 'owner' })).toRevert('no such role');
  const taken = { ...role, account: farm, given: false };
  await expect(goods.as(owner).setRole(taken)).toEmit(goods, 'RoleSet', taken);
  await expect(goods.as(farm).register({ item: 8n, description: '', place: '' })).toRevert(
    'only a producer may do this',
  );
});

/** Few items that many want to have, and move. */
const calls: CallGenerator<TestContract> = (random, subject, accounts) => {
  const item = BigInt(random.below(3));
  const to = random.pick(accounts);
  const who = subject.as(random.pick(accounts));
  switch (random.below(8)) {
    case 0:
      return who.register({ item: BigInt(random.below(6)), description: 'more', place: 'there' });
    case 1:
      return who.recall({ item: BigInt(random.below(6)), reason: 'why not' });
    case 2:
      return who.certify({ item, standard: 'good' });
    case 3:
      return who.withdrawCertificate({ item, standard: 'good' });
    case 4:
      return who.move({ item, place: `place ${random.below(100)}` });
    case 5:
      return who.keep({ item });
    default:
      // All of them say that they hand it over, and the other that it is received: some are right.
      return [
        ...accounts.map((from) => subject.as(from).handOver({ item, to })),
        subject.as(to).receive({ item, place: 'here' }),
      ];
  }
};

async function setUp(other: TestChain): Promise<TestContract> {
  const subject = await other.deploy(await contractWasm('supply-chain'));
  const people = [0, 1, 2, 3].map((index) => other.account(`account ${index}`));
  const given = true;
  await other.block([
    ...people.map((account) => subject.as('deployer').setRole({ account, role: 'producer', given })),
    ...people.map((account) => subject.as('deployer').setRole({ account, role: 'certifier', given })),
    ...people.slice(0, 3).map((who, item) => subject.as(who).register({ item, description: 'x', place: 'y' })),
  ]);
  return subject;
}

test('the history of an item ends with its holder, and has every step, whatever is called', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const random = new Random(seed);
  await using other = await testChain();
  const subject = await setUp(other);
  const people = [0, 1, 2, 3].map((index) => other.account(`account ${index}`));
  const made = Array.from({ length: 60 }, () => calls(random, subject, people)).flat() as ContractCall[];
  const { receipts } = await other.block(made);
  const done = (item: bigint, ...methods: string[]) =>
    receipts.filter(({ status, call }) => status === 'ok' && call.args.item === item && methods.includes(call.method))
      .length;
  let handed = 0;
  for (const item of [0n, 1n, 2n]) {
    const state = await subject.view.itemOf({ item });
    const history = [];
    for (let first = 0; first < state.steps; first += 50)
      history.push(...(await subject.view.historyOf({ item, first, count: 50 })));
    expect(history, `seed ${seed}`).toHaveLength(1 + done(item, 'move', 'receive', 'recall'));
    const held = history.filter(({ step }) => step === 0 || step === 2);
    expect(held.at(-1).by, `seed ${seed}`).toEqual(state.holder);
    handed += held.length - 1;
  }
  expect(handed, `seed ${seed}`).toBeGreaterThan(0);
});

test('it is the same in parallel', async () => {
  await assertParallelEqualsSequential(setUp, calls, { blocks: 2, calls: 500, accounts: 4 });
});
