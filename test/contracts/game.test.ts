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

const LARGEST = 2n ** 64n - 1n;
const [WOOD, IRON, SWORD] = [1, 2, 3];

const chain = await testChain();
const [master, ann, ben, eve] = ['master', 'ann', 'ben', 'eve'].map((name) => chain.account(name)) as [
  Account,
  Account,
  Account,
  Account,
];
const game = await chain.deploy(await contractWasm('game'), { as: master });
const swordRecipe = {
  product: SWORD,
  ingredients: [
    { item: WOOD, quantity: 1n },
    { item: IRON, quantity: 3n },
  ],
  quantity: 1n,
};
await chain.block([
  game.as(ann).join({ name: 'Ann' }),
  game.as(ben).join({ name: 'Ben' }),
  game.as(master).give({ player: ann, item: WOOD, quantity: 10n }),
  game.as(master).give({ player: ann, item: IRON, quantity: 10n }),
  game.as(master).reward({ player: ben, amount: 1000n }),
  game.as(master).setRecipe(swordRecipe),
]);
const begun = chain.snapshot();

beforeEach(() => chain.revert(begun));

const items = async (player: Account, item: number) => game.view.itemsOf({ player, item });
const coins = async (player: Account) => game.view.coinsOf({ player });

describe('a player', () => {
  test('joins once, with a name that nobody has', async () => {
    expect(await game.view.characterOf({ player: eve })).toBeNull();
    for (const name of ['', 'x'.repeat(25)]) await expect(game.as(eve).join({ name })).toRevert('bad name');
    await expect(game.as(eve).join({ name: 'Ann' })).toRevert('name taken');
    await expect(game.as(ann).join({ name: 'Ann' })).toRevert('already a player');
    await expect(game.as(eve).join({ name: 'x'.repeat(24) })).toEmit(game, 'Joined', { player: eve });
    expect(await game.view.characterOf({ player: eve })).toEqual({ name: 'x'.repeat(24), crafted: 0n });
  });

  test('is the only one who plays', async () => {
    for (const call of [
      game.as(eve).craft({ product: SWORD, rounds: 1 }),
      game.as(eve).sell({ item: WOOD, quantity: 1n, price: 1n }),
      game.as(eve).buy({ seller: ann, number: 1, quantity: 1n }),
      game.as(master).give({ player: eve, item: WOOD, quantity: 1n }),
      game.as(master).reward({ player: eve, amount: 1n }),
      game.as(master).payFees({ player: eve, amount: 0n }),
    ])
      await expect(call).toRevert('no such player');
  });
});

describe('the master', () => {
  test('alone gives items, coins and recipes', async () => {
    for (const call of [
      game.as(ann).give({ player: ann, item: WOOD, quantity: 1n }),
      game.as(ann).reward({ player: ann, amount: 1n }),
      game.as(ann).setRecipe(swordRecipe),
      game.as(ann).payFees({ player: ann, amount: 0n }),
    ])
      await expect(call).toRevert('only the owner may do this');
  });

  test('says what is given', async () => {
    const given = { player: ann, item: IRON, quantity: 2n };
    await expect(game.as(master).give(given)).toEmit(game, 'Given', given);
    const reward = { player: ben, amount: 5n };
    await expect(game.as(master).reward(reward)).toEmit(game, 'Rewarded', reward);
  });

  test('gives no more than can be counted', async () => {
    await expect(game.as(master).reward({ player: ben, amount: LARGEST })).toRevert('overflow');
    await expect(game.as(master).give({ player: ann, item: WOOD, quantity: LARGEST })).toRevert('overflow');
    expect([await coins(ben), await items(ann, WOOD)]).toEqual([1000n, 10n]);
  });

  test('sets recipes that can be followed, and takes them away', async () => {
    expect(await game.view.recipeOf({ product: SWORD })).toEqual(swordRecipe);
    const ingredients = Array.from({ length: 9 }, (_, item) => ({ item, quantity: 1n }));
    await expect(game.as(master).setRecipe({ product: 4, ingredients, quantity: 1n })).toRevert('too many ingredients');
    const nothing = [{ item: WOOD, quantity: 0n }];
    await expect(game.as(master).setRecipe({ product: 4, ingredients: nothing, quantity: 1n })).toRevert(
      'zero quantity',
    );
    const none = { product: SWORD, quantity: 0n };
    await expect(game.as(master).setRecipe({ ...swordRecipe, ...none })).toEmit(game, 'RecipeSet', none);
    expect(await game.view.recipeOf({ product: SWORD })).toBeNull();
    await expect(game.as(ann).craft({ product: SWORD, rounds: 1 })).toRevert('no such recipe');
  });
});

describe('crafting', () => {
  test('uses up what the recipe says, and counts', async () => {
    await expect(game.as(ann).craft({ product: SWORD, rounds: 3 })).toEmit(game, 'Crafted', {
      player: ann,
      item: SWORD,
      quantity: 3n,
    });
    expect([await items(ann, WOOD), await items(ann, IRON), await items(ann, SWORD)]).toEqual([7n, 1n, 3n]);
    expect(await game.view.characterOf({ player: ann })).toEqual({ name: 'Ann', crafted: 3n });
  });

  test('takes nothing where something is missing', async () => {
    const before = await chain.stateHash();
    await expect(game.as(ann).craft({ product: SWORD, rounds: 4 })).toRevert('not enough items');
    await expect(game.as(ben).craft({ product: SWORD, rounds: 1 })).toRevert('not enough items');
    await expect(game.as(ann).craft({ product: 99, rounds: 1 })).toRevert('no such recipe');
    expect(await chain.stateHash()).toBe(before);
  });

  test('needs an ingredient that is named twice twice, and cannot overflow', async () => {
    const half = { item: WOOD, quantity: 6n };
    await game.as(master).setRecipe({ product: 4, ingredients: [half, half], quantity: 1n });
    await expect(game.as(ann).craft({ product: 4, rounds: 1 })).toRevert('not enough items');
    const much = [{ item: WOOD, quantity: 2n ** 63n }];
    await game.as(master).setRecipe({ product: 4, ingredients: much, quantity: 1n });
    await expect(game.as(ann).craft({ product: 4, rounds: 2 })).toRevert('overflow');
    await game.as(master).setRecipe({ product: 4, ingredients: [], quantity: LARGEST });
    await game.as(ann).craft({ product: 4, rounds: 1 });
    await expect(game.as(ann).craft({ product: 4, rounds: 1 })).toRevert('overflow');
    await expect(game.as(ann).craft({ product: 4, rounds: 0 })).toSucceed();
  });
});

describe('the market', () => {
  const offer = async (quantity = 6n, price = 100n): Promise<number> =>
    game.as(ann).sell({ item: IRON, quantity, price });

  test('takes what is on offer out of the inventory', async () => {
    const receipt = await game.as(ann).sell({ item: IRON, quantity: 6n, price: 100n }).receipt();
    expect(receipt.value).toBe(1);
    expect(receipt).toEmit(game, 'Offered', { seller: ann, number: 1, item: IRON, quantity: 6n, price: 100n });
    expect(await items(ann, IRON)).toBe(4n);
    expect(await game.view.offerOf({ seller: ann, number: 1 })).toEqual({ item: IRON, quantity: 6n, price: 100n });
    await expect(game.as(ann).craft({ product: SWORD, rounds: 2 })).toRevert('not enough items');
    await expect(offer(5n)).rejects.toThrow('not enough items');
    await expect(offer(0n)).rejects.toThrow('zero quantity');
    expect(await offer(4n)).toBe(2);
  });

  test('sells a part, and all of it, and keeps a fee', async () => {
    await offer();
    const receipt = await game.as(ben).buy({ seller: ann, number: 1, quantity: 2n }).receipt();
    expect(receipt.value).toBe(200n);
    expect(receipt).toEmit(game, 'Sold', { seller: ann, buyer: ben, item: IRON, number: 1, quantity: 2n, cost: 200n });
    expect([await coins(ben), await coins(ann), await game.view.feesKept()]).toEqual([800n, 196n, 4n]);
    expect([await items(ben, IRON), await items(ann, IRON)]).toEqual([2n, 4n]);
    expect(await game.view.offerOf({ seller: ann, number: 1 })).toMatchObject({ quantity: 4n });
    await expect(game.as(ben).buy({ seller: ann, number: 1, quantity: 5n })).toRevert('not enough on offer');
    await game.as(ben).buy({ seller: ann, number: 1, quantity: 4n });
    expect(await game.view.offerOf({ seller: ann, number: 1 })).toBeNull();
    await expect(game.as(ben).buy({ seller: ann, number: 1, quantity: 1n })).toRevert('no such offer');
  });

  test('sells nothing on credit, nothing of nothing, and nobody their own', async () => {
    await offer(6n, 1001n);
    await expect(game.as(ben).buy({ seller: ann, number: 1, quantity: 1n })).toRevert('insufficient coins');
    await expect(game.as(ben).buy({ seller: ann, number: 1, quantity: 0n })).toRevert('zero quantity');
    await expect(game.as(ann).buy({ seller: ann, number: 1, quantity: 1n })).toRevert('your own offer');
    await expect(game.as(ben).buy({ seller: ann, number: 2, quantity: 1n })).toRevert('no such offer');
    await expect(game.as(ben).buy({ seller: ben, number: 1, quantity: 1n })).toRevert('your own offer');
    const dear = await offer(4n, LARGEST);
    await expect(game.as(ben).buy({ seller: ann, number: dear, quantity: 2n })).toRevert('overflow');
    expect([await coins(ben), await items(ben, IRON)]).toEqual([1000n, 0n]);
  });

  test('gives a thing away where it costs nothing', async () => {
    const gift = await offer(6n, 0n);
    await game.as(ben).buy({ seller: ann, number: gift, quantity: 6n });
    expect([await coins(ben), await items(ben, IRON)]).toEqual([1000n, 6n]);
  });

  test('gives back what was not sold, once', async () => {
    await offer();
    await game.as(ben).buy({ seller: ann, number: 1, quantity: 2n });
    await expect(game.as(ben).cancel({ number: 1 })).toRevert('no such offer');
    await expect(game.as(ann).cancel({ number: 1 })).toEmit(game, 'Offered', { number: 1, quantity: 0n });
    expect(await items(ann, IRON)).toBe(8n);
    await expect(game.as(ann).cancel({ number: 1 })).toRevert('no such offer');
    await expect(game.as(ben).buy({ seller: ann, number: 1, quantity: 1n })).toRevert('no such offer');
  });

  test('sells the last one to whoever comes first, and spends a coin once', async () => {
    await game.as(eve).join({ name: 'Eve' });
    await game.as(master).reward({ player: eve, amount: 100n });
    await chain.block([offerCall(1n, 100n), offerCall(1n, 100n)]);
    const { receipts } = await chain.block([
      game.as(eve).buy({ seller: ann, number: 1, quantity: 1n }),
      game.as(ben).buy({ seller: ann, number: 1, quantity: 1n }),
      game.as(eve).buy({ seller: ann, number: 2, quantity: 1n }),
    ]);
    expect(receipts.map(({ error }) => error?.message)).toEqual([undefined, 'no such offer', 'insufficient coins']);
  });

  test('pays its fees out', async () => {
    await offer();
    await game.as(ben).buy({ seller: ann, number: 1, quantity: 6n });
    expect(await game.view.feesKept()).toBe(12n);
    await expect(game.as(master).payFees({ player: ben, amount: 13n })).toRevert('underflow');
    await expect(game.as(master).payFees({ player: ben, amount: 12n })).toEmit(game, 'Rewarded', {
      player: ben,
      amount: 12n,
    });
    expect([await game.view.feesKept(), await coins(ben)]).toEqual([0n, 412n]);
  });

  test('costs no more than it should', async () => {
    await offer();
    await expect(game.as(ben).buy({ seller: ann, number: 1, quantity: 1n })).toUseGas({ atMost: 35_000 });
  });

  const offerCall = (quantity: bigint, price: bigint) => game.as(ann).sell({ item: IRON, quantity, price });
});

/** Few players buy, cancel and craft the same few things. */
const calls: CallGenerator<TestContract> = (random, subject, accounts) => {
  const player = random.pick(accounts);
  const who = subject.as(player);
  const number = 1 + random.below(20);
  switch (random.below(8)) {
    case 0:
      return who.craft({ product: SWORD, rounds: random.below(3) });
    case 1:
      return who.cancel({ number });
    case 2:
    case 3:
      return who.sell({ item: 1 + random.below(3), quantity: random.bigint(20n), price: random.bigint(30n) });
    default:
      return who.buy({ seller: random.pick(accounts), number, quantity: 1n + random.bigint(4n) });
  }
};

async function setUp(other: TestChain): Promise<TestContract> {
  const subject = await other.deploy(await contractWasm('game'), { as: 'master' });
  const people = [0, 1, 2].map((index) => other.account(`account ${index}`));
  await other.block([
    subject.as('master').setRecipe(swordRecipe),
    ...people.flatMap((player) => [
      subject.as(player).join({ name: player.name }),
      subject.as('master').reward({ player, amount: 500n }),
      subject.as('master').give({ player, item: WOOD, quantity: 100n }),
      subject.as('master').give({ player, item: IRON, quantity: 300n }),
      subject.as(player).sell({ item: IRON, quantity: 50n, price: 3n }),
    ]),
  ]);
  return subject;
}

test('no coin and no item comes from nowhere or gets lost, whatever is called', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const random = new Random(seed);
  await using other = await testChain();
  const subject = await setUp(other);
  const people = [0, 1, 2].map((index) => other.account(`account ${index}`));
  const made = Array.from({ length: 300 }, () => calls(random, subject, people) as ContractCall);
  const { receipts } = await other.block(made);
  expect(receipts.filter(({ status }) => status === 'ok').length, `seed ${seed}`).toBeGreaterThan(30);
  const offers = [];
  for (const seller of people)
    for (let number = 1; number <= 100; number++) offers.push(subject.view.offerOf({ seller, number }));
  const open = (await Promise.all(offers)).filter((offer) => offer !== null);
  const total = async (item: number): Promise<bigint> => {
    const held = await Promise.all(people.map(async (player) => subject.view.itemsOf({ player, item })));
    const offered = open.filter((offer) => offer.item === item).map(({ quantity }) => quantity);
    return [...held, ...offered].reduce((sum, quantity) => sum + quantity, 0n);
  };
  const crafted = await total(SWORD);
  expect([await total(WOOD), await total(IRON)], `seed ${seed}`).toEqual([300n - crafted, 900n - 3n * crafted]);
  const purses = await Promise.all(people.map(async (player) => subject.view.coinsOf({ player })));
  expect(
    purses.reduce((sum, purse) => sum + purse, await subject.view.feesKept()),
    `seed ${seed}`,
  ).toBe(1500n);
});

test('it is the same in parallel', async () => {
  await assertParallelEqualsSequential(setUp, calls, { blocks: 2, calls: 500, accounts: 3 });
});
