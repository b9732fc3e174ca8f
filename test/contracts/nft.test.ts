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

const NOBODY = new Uint8Array(32);
const FIRST_CHOSEN = 2n ** 63n;

const chain = await testChain();
const [alice, bob, carol] = ['alice', 'bob', 'carol'].map((name) => chain.account(name)) as [Account, Account, Account];
const nft = await chain.deploy(await contractWasm('nft'), { as: 'artist' });
const artist = chain.account('artist');
const fresh = chain.snapshot();

beforeEach(() => chain.revert(fresh));

describe('minting', () => {
  test('numbers tokens in turn and announces them', async () => {
    const receipt = await nft.as(artist).mint({ to: alice, uri: 'ipfs://one' }).receipt();
    expect(receipt.value).toBe(1n);
    expect(nft.events(receipt)).toEqual([{ name: 'Transfer', fields: { from: NOBODY, to: alice.address, id: 1n } }]);
    expect(await nft.as(artist).mint({ to: bob, uri: 'ipfs://two' })).toBe(2n);
    expect(await nft.view.ownerOf({ id: 1n })).toEqual(alice.address);
    expect(await nft.view.tokenUri({ id: 2n })).toBe('ipfs://two');
    expect(await nft.view.balanceOf({ owner: alice })).toBe(1n);
    expect(await nft.view.totalSupply()).toBe(2n);
  });

  test('takes a number that is chosen, once, from 2^63 on', async () => {
    await nft.as(artist).mintId({ to: alice, id: FIRST_CHOSEN, uri: '' });
    await nft.as(artist).mintId({ to: alice, id: 2n ** 64n - 1n, uri: '' });
    await expect(nft.as(artist).mintId({ to: bob, id: FIRST_CHOSEN, uri: '' })).toRevert('already minted');
    for (const id of [0n, 1n, FIRST_CHOSEN - 1n])
      await expect(nft.as(artist).mintId({ to: bob, id, uri: '' })).toRevert('id out of range');
    expect(await nft.as(artist).mint({ to: bob, uri: '' })).toBe(1n);
  });

  test('is for minters, whom the owner names', async () => {
    await expect(nft.as(alice).mint({ to: alice, uri: '' })).toRevert('only a minter may do this');
    await expect(nft.as(alice).mintId({ to: alice, id: FIRST_CHOSEN, uri: '' })).toRevert('only a minter may do this');
    await expect(nft.as(alice).setMinter({ account: alice, allowed: true })).toRevert('only the owner may do this');
    await nft.as(artist).setMinter({ account: alice, allowed: true });
    expect(await nft.view.isMinter({ account: alice })).toBe(true);
    await expect(nft.as(alice).mint({ to: alice, uri: '' })).toSucceed();
    await expect(nft.as(alice).setMinter({ account: bob, allowed: true })).toRevert('only the owner may do this');
    const refused = { account: alice, allowed: false };
    await expect(nft.as(artist).setMinter(refused)).toEmit(nft, 'MinterSet', refused);
    await expect(nft.as(alice).mint({ to: alice, uri: '' })).toRevert('only a minter may do this');
  });

  test('for nobody is refused, and leaves no gap', async () => {
    await expect(nft.as(artist).mint({ to: NOBODY, uri: '' })).toRevert('to nobody');
    await expect(nft.as(artist).mintId({ to: NOBODY, id: FIRST_CHOSEN, uri: '' })).toRevert('to nobody');
    expect(await nft.as(artist).mint({ to: bob, uri: '' })).toBe(1n);
  });
});

describe('a token', () => {
  beforeEach(async () => {
    await nft.as(artist).mint({ to: alice, uri: 'ipfs://one' });
  });
  const move = (who: Account, from: Account, to: Account | Uint8Array, id = 1n): ContractCall =>
    nft.as(who).transferFrom({ from, to, id });

  test('is moved by its owner', async () => {
    await expect(move(alice, alice, bob)).toEmit(nft, 'Transfer', { from: alice, to: bob, id: 1n });
    expect(await nft.view.ownerOf({ id: 1n })).toEqual(bob.address);
    expect(await nft.view.balanceOf({ owner: alice })).toBe(0n);
    await expect(move(alice, alice, bob)).toRevert('wrong owner');
    await expect(move(alice, bob, alice)).toRevert('not allowed');
  });

  test('stays where it is when moved to its owner', async () => {
    await expect(move(alice, alice, alice)).toSucceed();
    expect(await nft.view.balanceOf({ owner: alice })).toBe(1n);
  });

  test('is moved once by who was approved', async () => {
    await expect(nft.as(alice).approve({ spender: bob, id: 1n })).toEmit(nft, 'Approval', {
      owner: alice,
      spender: bob,
      id: 1n,
    });
    expect(await nft.view.approvedFor({ id: 1n })).toEqual(bob.address);
    await move(bob, alice, carol);
    expect(await nft.view.approvedFor({ id: 1n })).toBeNull();
    await expect(move(bob, carol, bob)).toRevert('not allowed');
  });

  test('is no longer moved by whose approval was taken back', async () => {
    await nft.as(alice).approve({ spender: bob, id: 1n });
    await nft.as(alice).approve({ spender: NOBODY, id: 1n });
    await expect(move(bob, alice, bob)).toRevert('not allowed');
    expect(await nft.view.approvedFor({ id: 1n })).toBeNull();
    // The zero address is nobody, also where it calls.
    await expect(nft.as(NOBODY).transferFrom({ from: alice, to: bob, id: 1n })).toRevert('not allowed');
  });

  test('is moved and approved by operators of its owner', async () => {
    await expect(nft.as(alice).setApprovalForAll({ operator: bob, approved: true })).toEmit(nft, 'ApprovalForAll', {
      owner: alice,
      operator: bob,
      approved: true,
    });
    expect(await nft.view.isApprovedForAll({ owner: alice, operator: bob })).toBe(true);
    await nft.as(bob).approve({ spender: carol, id: 1n });
    await move(carol, alice, carol);
    await expect(move(bob, carol, bob)).toRevert('not allowed');
    await nft.as(alice).setApprovalForAll({ operator: bob, approved: false });
    await move(carol, carol, alice);
    await expect(move(bob, alice, bob)).toRevert('not allowed');
  });

  test('is not approved by strangers, nor by who was approved', async () => {
    await nft.as(alice).approve({ spender: bob, id: 1n });
    await expect(nft.as(bob).approve({ spender: carol, id: 1n })).toRevert('not allowed');
    await expect(nft.as(carol).approve({ spender: carol, id: 1n })).toRevert('not allowed');
  });

  test('does not go to nobody; it is burnt', async () => {
    await expect(move(alice, alice, NOBODY)).toRevert('to nobody');
    await expect(nft.as(bob).burn({ id: 1n })).toRevert('not allowed');
    await nft.as(alice).approve({ spender: bob, id: 1n });
    await expect(nft.as(bob).burn({ id: 1n })).toEmit(nft, 'Transfer', { from: alice, to: NOBODY, id: 1n });
    expect(await nft.view.totalSupply()).toBe(0n);
    expect(await nft.view.balanceOf({ owner: alice })).toBe(0n);
    await expect(nft.as(alice).burn({ id: 1n })).toRevert('no such token');
    // Its number is not given again.
    expect(await nft.as(artist).mint({ to: bob, uri: '' })).toBe(2n);
  });

  test('that there is not is not found by anybody', async () => {
    for (const call of [
      nft.view.ownerOf({ id: 9n }),
      nft.view.tokenUri({ id: 9n }),
      nft.view.approvedFor({ id: 9n }),
      nft.as(alice).approve({ spender: bob, id: 9n }),
      move(alice, alice, bob, 9n),
    ])
      await expect(call).toRevert('no such token');
  });

  test('costs no more than it should', async () => {
    await expect(move(alice, alice, bob)).toUseGas({ atMost: 25_000 });
  });
});

/** Tokens 1 to 8 change hands between few; some come and go. */
const calls: CallGenerator<TestContract> = (random, subject, accounts) => {
  const [who, to] = [random.pick(accounts), random.pick(accounts)];
  const id = BigInt(1 + random.below(8));
  switch (random.below(10)) {
    case 0:
      return subject.as(artist).mint({ to, uri: 'x' });
    case 1:
      return subject.as(artist).mintId({ to, id: FIRST_CHOSEN + id, uri: 'y' });
    case 2:
      return subject.as(who).burn({ id: random.chance(0.5) ? id : FIRST_CHOSEN + id });
    case 3:
      return subject.as(who).approve({ spender: to, id });
    case 4:
      return subject.as(who).setApprovalForAll({ operator: to, approved: random.chance(0.7) });
    default:
      return subject.as(who).transferFrom({ from: random.pick(accounts), to, id });
  }
};

async function setUp(other: TestChain): Promise<TestContract> {
  const subject = await other.deploy(await contractWasm('nft'), { as: 'artist' });
  const owners = Array.from({ length: 8 }, (_, index) => other.account(`account ${index % 3}`));
  await other.block(owners.map((to) => subject.as('artist').mint({ to, uri: 'first' })));
  return subject;
}

test('every token has one owner, and balances count them, whatever is called', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const random = new Random(seed);
  const accounts = Array.from({ length: 3 }, (_, index) => chain.account(`account ${index}`));
  const made = Array.from({ length: 300 }, () => calls(random, nft, accounts) as ContractCall);
  const { receipts } = await chain.block(made);
  expect(receipts.filter(({ status }) => status === 'ok').length, `seed ${seed}`).toBeGreaterThan(50);
  const minted = receipts.filter(({ status, call }) => status === 'ok' && call.method === 'mint').length;
  expect(receipts.flatMap(({ call, value }) => (call.method === 'mint' ? [value] : []))).toEqual(
    Array.from({ length: minted }, (_, index) => BigInt(index + 1)),
  );
  const ids = [
    ...Array.from({ length: minted }, (_, index) => BigInt(index + 1)),
    ...Array.from({ length: 9 }, (_, index) => FIRST_CHOSEN + BigInt(index)),
  ];
  const looked = await Promise.all(ids.map(async (id) => nft.view.ownerOf({ id }).receipt()));
  const found = looked.flatMap(({ value }) =>
    value === undefined ? [] : [Buffer.from(value as never).toString('hex')],
  );
  expect(await nft.view.totalSupply(), `seed ${seed}`).toBe(BigInt(found.length));
  for (const owner of accounts) {
    const owned = found.filter((each) => each === Buffer.from(owner.address).toString('hex')).length;
    expect(await nft.view.balanceOf({ owner }), `seed ${seed}`).toBe(BigInt(owned));
  }
});

test('it is the same in parallel', async () => {
  await assertParallelEqualsSequential(setUp, calls, { blocks: 2, calls: 500, accounts: 3 });
});
