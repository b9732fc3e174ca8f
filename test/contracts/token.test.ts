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
const NOBODY = new Uint8Array(32);

const chain = await testChain();
const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => chain.account(name)) as [Account, Account, Account];
const token = await chain.deploy(await contractWasm('token'));
await token.as('minter').mint({ to: alice, amount: 100n });
const funded = chain.snapshot();

beforeEach(() => chain.revert(funded));

async function balances(): Promise<bigint[]> {
  return Promise.all([alice, bob, carol].map(async (owner) => token.view.balanceOf({ owner })));
}

test('it has a name, a symbol and decimals', async () => {
  expect([await token.view.name(), await token.view.symbol(), await token.view.decimals()]).toEqual([
    'Sample Token',
    'SMPL',
    6,
  ]);
});

describe('the supply', () => {
  test('grows by mints and shrinks by burns, which are announced', async () => {
    const minted = await token.as(bob).mint({ to: carol, amount: 5n }).receipt();
    expect(minted).toEmit(token, 'Transfer', { from: NOBODY, to: carol, amount: 5n });
    const burnt = await token.as(alice).burn({ amount: 100n }).receipt();
    expect(burnt).toEmit(token, 'Transfer', { from: alice, to: NOBODY, amount: 100n });
    expect(await token.view.totalSupply()).toBe(5n);
    expect(await balances()).toEqual([0n, 0n, 5n]);
  });

  test('is never more than 64 bits, and nobody burns what they have not', async () => {
    await token.as(alice).mint({ to: bob, amount: LARGEST - 100n });
    await expect(token.as(alice).mint({ to: bob, amount: 1n })).toRevert('total supply overflow');
    await expect(token.as(carol).burn({ amount: 1n })).toRevert('insufficient balance');
    expect(await token.as(carol).burn({ amount: 0n })).toBeUndefined();
    expect(await token.view.totalSupply()).toBe(LARGEST);
    await token.as(bob).transfer({ to: alice, amount: LARGEST - 100n });
    expect(await balances()).toEqual([LARGEST, 0n, 0n]);
  });
});

describe('a transfer', () => {
  test('moves tokens and is announced', async () => {
    const receipt = await token.as(alice).transfer({ to: bob, amount: 30n }).receipt();
    expect(receipt.value).toBe(true);
    expect(token.events(receipt)).toEqual([
      { name: 'Transfer', fields: { from: alice.address, to: bob.address, amount: 30n } },
    ]);
    expect(await balances()).toEqual([70n, 30n, 0n]);
  });

  test('of nothing and to oneself changes nothing, of too much fails', async () => {
    const before = await chain.stateHash();
    await expect(token.as(alice).transfer({ to: alice, amount: 100n })).toSucceed();
    expect(await chain.stateHash()).toBe(before);
    await expect(token.as(carol).transfer({ to: alice, amount: 0n })).toSucceed();
    await expect(token.as(alice).transfer({ to: alice, amount: 101n })).toRevert('insufficient balance');
    await expect(token.as(bob).transfer({ to: alice, amount: LARGEST })).toRevert('insufficient balance');
    expect(await balances()).toEqual([100n, 0n, 0n]);
  });

  test('costs what workloads count on', async () => {
    await expect(token.as(alice).transfer({ to: bob, amount: 1n })).toUseGas({ atMost: 11_000 });
  });
});

describe('an allowance', () => {
  const allowance = async () => token.view.allowance({ owner: alice, spender: bob });

  test('is what the spender may move, and is used up', async () => {
    const receipt = await token.as(alice).approve({ spender: bob, amount: 50n }).receipt();
    expect(receipt).toEmit(token, 'Approval', { owner: alice, spender: bob, amount: 50n });
    expect(await token.as(bob).transferFrom({ from: alice, to: carol, amount: 30n })).toBe(true);
    expect(await allowance()).toBe(20n);
    expect(await balances()).toEqual([70n, 0n, 30n]);
    await expect(token.as(bob).transferFrom({ from: alice, to: carol, amount: 21n })).toRevert(
      'insufficient allowance',
    );
    await expect(token.as(bob).transferFrom({ from: alice, to: bob, amount: 20n })).toEmit(token, 'Transfer', {
      from: alice,
      to: bob,
      amount: 20n,
    });
    // The same call again.
    await expect(token.as(bob).transferFrom({ from: alice, to: bob, amount: 20n })).toRevert('insufficient allowance');
    expect(await allowance()).toBe(0n);
  });

  test('is for one spender of one owner, the owner not excepted', async () => {
    await token.as(alice).approve({ spender: bob, amount: 50n });
    for (const [who, from] of [
      [carol, alice],
      [alice, alice],
      [bob, carol],
      [alice, bob],
    ] as const)
      await expect(token.as(who).transferFrom({ from, to: carol, amount: 1n })).toRevert('insufficient allowance');
  });

  test('replaces the one before, and can be taken back', async () => {
    await token.as(alice).approve({ spender: bob, amount: 50n });
    await token.as(alice).approve({ spender: bob, amount: 10n });
    expect(await allowance()).toBe(10n);
    await token.as(alice).approve({ spender: bob, amount: 0n });
    await expect(token.as(bob).transferFrom({ from: alice, to: bob, amount: 1n })).toRevert('insufficient allowance');
  });

  test('does not make up for a balance, and is as it was where the transfer fails', async () => {
    await token.as(alice).approve({ spender: bob, amount: 500n });
    await expect(token.as(bob).transferFrom({ from: alice, to: bob, amount: 101n })).toRevert('insufficient balance');
    expect(await allowance()).toBe(500n);
  });

  test('without a limit is not used up', async () => {
    await token.as(alice).approve({ spender: bob, amount: LARGEST });
    await token.as(bob).transferFrom({ from: alice, to: bob, amount: 60n });
    expect(await allowance()).toBe(LARGEST);
  });
});

/** Mostly about one account, with every method. */
const calls: CallGenerator<TestContract> = (random, subject, accounts) => {
  const who = () => (random.chance(0.4) ? accounts[0] : random.pick(accounts));
  const caller = subject.as(random.pick(accounts));
  const amount = random.bigint(300n);
  switch (random.below(8)) {
    case 0:
      return caller.mint({ to: who(), amount });
    case 1:
      return caller.burn({ amount });
    case 2:
      return caller.approve({ spender: who(), amount: random.chance(0.2) ? LARGEST : amount });
    case 3:
    case 4:
      return caller.transferFrom({ from: who(), to: who(), amount });
    default:
      return caller.transfer({ to: who(), amount });
  }
};

async function setUp(fresh: TestChain): Promise<TestContract> {
  const subject = await fresh.deploy(await contractWasm('token'));
  const to = Array.from({ length: 8 }, (_, index) => fresh.account(`account ${index}`));
  await fresh.block(to.map((account) => subject.as('minter').mint({ to: account, amount: 1000n })));
  return subject;
}

test('the supply is the sum of the balances, whatever is called', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const random = new Random(seed);
  const accounts = Array.from({ length: 8 }, (_, index) => chain.account(`account ${index}`));
  await token.as(alice).burn({ amount: 100n });
  const made = Array.from({ length: 400 }, () => calls(random, token, accounts) as ContractCall);
  const { receipts } = await chain.block(made);
  expect(receipts.filter(({ status }) => status === 'ok').length, `seed ${seed}`).toBeGreaterThan(50);
  const held = await Promise.all(accounts.map(async (owner) => token.view.balanceOf({ owner })));
  expect(
    held.reduce((sum, balance) => sum + balance, 0n),
    `seed ${seed}`,
  ).toBe(await token.view.totalSupply());
});

test('it is the same in parallel', async () => {
  await assertParallelEqualsSequential(setUp, calls, { blocks: 2, calls: 500 });
});
