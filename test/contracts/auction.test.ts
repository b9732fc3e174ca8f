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

interface House {
  readonly auction: TestContract;
  readonly nft: TestContract;
  readonly coin: TestContract;
}

/** All bidders have coins that the auction may take. */
async function openHouse(chain: TestChain, bidders: readonly Account[], coins: bigint): Promise<House> {
  const auction = await chain.deploy(await contractWasm('auction'));
  const nft = await chain.deploy(await contractWasm('nft'), { as: 'artist' });
  const coin = await chain.deploy(await contractWasm('token'));
  await chain.block([
    nft.as('artist').setApprovalForAll({ operator: auction, approved: true }),
    ...bidders.flatMap((bidder) => [
      coin.as('minter').mint({ to: bidder, amount: coins }),
      coin.as(bidder).approve({ spender: auction, amount: LARGEST }),
    ]),
  ]);
  return { auction, nft, coin };
}

const chain = await testChain();
const people = ['artist', 'ann', 'ben', 'eve'].map((name) => chain.account(name));
const [artist, ann, ben, eve] = people as [Account, Account, Account, Account];
const { auction, nft, coin } = await openHouse(chain, [ann, ben], 1000n);
await nft.as(artist).mint({ to: artist, uri: 'ipfs://one' });
const unopened = chain.snapshot();
const first = { auction: 1n };
await auction.as(artist).open({ nft, id: 1n, coin, reserve: 100n, seconds: 3600n });
const opened = chain.snapshot();

beforeEach(() => chain.revert(opened));

const bid = (who: Account, amount: bigint): ContractCall => auction.as(who).bid({ ...first, amount });
const balance = async (owner: Account | TestContract) => coin.view.balanceOf({ owner });
const credit = async (owner: Account) => auction.view.creditOf({ coin, owner });

describe('opening', () => {
  test('takes what is for sale into custody', async () => {
    expect(await nft.view.ownerOf({ id: 1n })).toEqual(auction.address);
    expect(await auction.view.auctionOf(first)).toEqual({
      seller: artist.address,
      nft: nft.address,
      id: 1n,
      coin: coin.address,
      reserve: 100n,
      end: chain.time + 3600n,
      bidder: null,
      bid: 0n,
      settled: false,
    });
    // It is sold only once.
    await expect(auction.as(artist).open({ nft, id: 1n, coin, reserve: 1n, seconds: 1n })).toRevert('wrong owner');
  });

  test('is announced, takes time, and is for who owns the thing', async () => {
    chain.revert(unopened);
    const offer = { nft, id: 1n, coin, reserve: 100n, seconds: 60n };
    await expect(auction.as(artist).open({ ...offer, seconds: 0n })).toRevert('no time to bid');
    await expect(auction.as(artist).open({ ...offer, seconds: LARGEST })).toRevert('overflow');
    await expect(auction.as(eve).open(offer)).toRevert('wrong owner');
    await expect(auction.as(artist).open({ ...offer, id: 2n })).toRevert('no such token');
    await expect(auction.as(artist).open({ ...offer, nft: ann })).toFail('unknownContract');
    await expect(auction.as(artist).open({ ...offer, nft: auction })).toFail('unknownMethod');
    await nft.as(artist).setApprovalForAll({ operator: auction, approved: false });
    await expect(auction.as(artist).open(offer)).toRevert('not allowed');
    await nft.as(artist).approve({ spender: auction, id: 1n });
    const receipt = await auction.as(artist).open(offer).receipt();
    expect(receipt.value).toBe(1n);
    expect(receipt).toEmit(auction, 'Opened', { auction: 1n, seller: artist, id: 1n, end: chain.time + 60n });
    expect(receipt).toEmit(nft, 'Transfer', { from: artist, to: auction, id: 1n });
  });
});

describe('a bid', () => {
  test('is paid at once, and given back to who is outbid', async () => {
    const receipt = await bid(ann, 100n).receipt();
    expect(receipt).toEmit(auction, 'BidPlaced', { auction: 1n, bidder: ann, amount: 100n });
    expect(receipt).toEmit(coin, 'Transfer', { from: ann, to: auction, amount: 100n });
    await bid(ben, 101n);
    expect(await auction.view.auctionOf(first)).toMatchObject({ bidder: ben.address, bid: 101n });
    expect([await balance(ann), await balance(auction), await credit(ann)]).toEqual([900n, 201n, 100n]);
    const withdrawn = await auction.as(ann).withdraw({ coin }).receipt();
    expect(withdrawn.value).toBe(100n);
    expect(withdrawn).toEmit(auction, 'Withdrawn', { coin, owner: ann, amount: 100n });
    expect([await balance(ann), await balance(auction), await credit(ann)]).toEqual([1000n, 101n, 0n]);
    await expect(auction.as(ann).withdraw({ coin })).toRevert('nothing to withdraw');
    await expect(auction.as(ben).withdraw({ coin })).toRevert('nothing to withdraw');
  });

  test('is at least the reserve, and more than the one before', async () => {
    for (const amount of [0n, 99n]) await expect(bid(ann, amount)).toRevert('below the reserve');
    await bid(ann, 200n);
    for (const amount of [150n, 200n]) await expect(bid(ben, amount)).toRevert('below the highest bid');
    // Who bids against themselves has the first bid back.
    await bid(ann, 300n);
    expect([await credit(ann), await balance(ann)]).toEqual([200n, 500n]);
  });

  test('of nothing is none, also without a reserve', async () => {
    await nft.as(artist).mint({ to: artist, uri: '' });
    await auction.as(artist).open({ nft, id: 2n, coin, reserve: 0n, seconds: 1n });
    await expect(auction.as(ann).bid({ auction: 2n, amount: 0n })).toRevert('below the reserve');
    await expect(auction.as(ann).bid({ auction: 2n, amount: 1n })).toSucceed();
  });

  test('is not nobody’s: what nobody has bought could not be handed over, nor given back', async () => {
    const nobody = new Uint8Array(32);
    await coin.as(ann).transfer({ to: nobody, amount: 500n });
    await coin.as(nobody).approve({ spender: auction, amount: 500n });
    await expect(auction.as(nobody).bid({ auction: 1n, amount: 500n })).toRevert('the zero address cannot bid');
  });

  test('is in coins that one has, and lets the auction take', async () => {
    const before = await chain.stateHash();
    await expect(bid(ann, 1001n)).toRevert('insufficient balance');
    await expect(bid(eve, 100n)).toRevert('insufficient allowance');
    await expect(bid(ann, LARGEST)).toRevert('insufficient balance');
    expect(await chain.stateHash()).toBe(before);
  });

  test('is for those who buy, in time, in an auction that there is', async () => {
    await expect(bid(artist, 100n)).toRevert('the seller cannot bid');
    await expect(auction.as(ann).bid({ auction: 2n, amount: 100n })).toRevert('no such auction');
    await chain.advance({ seconds: 3599 });
    await expect(bid(ann, 100n)).toSucceed();
    await chain.advance({ seconds: 1 });
    await expect(bid(ben, 200n)).toRevert('the auction is over');
  });

  test('costs no more than it should', async () => {
    await bid(ann, 100n);
    await expect(bid(ben, 200n)).toUseGas({ atMost: 70_000 });
  });
});

describe('settling', () => {
  test('gives the winner the thing, and the seller the bid, once', async () => {
    await bid(ann, 100n);
    await bid(ben, 250n);
    await expect(auction.as(eve).settle(first)).toRevert('the auction is still open');
    await chain.advance({ seconds: 3600 });
    await expect(auction.as(eve).settle(first)).toEmit(auction, 'Settled', {
      auction: 1n,
      winner: ben,
      amount: 250n,
    });
    expect(await nft.view.ownerOf({ id: 1n })).toEqual(ben.address);
    await expect(auction.as(eve).settle(first)).toRevert('already settled');
    await expect(auction.as(artist).cancel(first)).toRevert('already settled');
    await expect(bid(ann, 300n)).toRevert('the auction is over');
    expect(await auction.as(artist).withdraw({ coin })).toBe(250n);
    expect(await auction.as(ann).withdraw({ coin })).toBe(100n);
    expect([await balance(artist), await balance(ann), await balance(ben), await balance(auction)]).toEqual([
      250n,
      1000n,
      750n,
      0n,
    ]);
  });

  test('gives the thing back where nobody has bid', async () => {
    await chain.advance({ seconds: 3600 });
    await expect(auction.as(eve).settle(first)).toEmit(auction, 'Settled', { winner: null, amount: 0n });
    expect(await nft.view.ownerOf({ id: 1n })).toEqual(artist.address);
    expect(await credit(artist)).toBe(0n);
    await expect(auction.as(eve).settle({ auction: 2n })).toRevert('no such auction');
    await expect(auction.view.auctionOf({ auction: 0n })).toRevert('no such auction');
  });

  test('is not needed where the seller thinks better of it before the first bid', async () => {
    await expect(auction.as(ann).cancel(first)).toRevert('only the seller may do this');
    await expect(auction.as(ann).cancel({ auction: 2n })).toRevert('no such auction');
    const before = chain.snapshot();
    await bid(ann, 100n);
    await expect(auction.as(artist).cancel(first)).toRevert('there is a bid');
    chain.revert(before);
    await expect(auction.as(artist).cancel(first)).toEmit(auction, 'Settled', { winner: null });
    expect(await nft.view.ownerOf({ id: 1n })).toEqual(artist.address);
    await expect(bid(ann, 100n)).toRevert('the auction is over');
  });

  /** Takes any token; to give one is `giving`. */
  const custodian = async (giving: string): Promise<TestContract> =>
    chain.deploy({
      name: 'custodian',
      source: `import { Address, Map, revert, Value } from "blockstm/assembly";
        const taken = new Value<bool>();
        const work = new Map<u64, u64>();
        export function transferFrom(from: Address, to: Address, id: u64): void {
          if (!taken.get()) taken.set(true);
          else ${giving};
        }`,
    });

  async function sold(things: TestContract): Promise<void> {
    await auction.as(eve).open({ nft: things, id: 5n, coin, reserve: 1n, seconds: 3600n });
    await auction.as(ann).bid({ auction: 2n, amount: 400n });
    await chain.advance({ seconds: 3600 });
  }

  test('does nothing where the thing cannot be moved; then the bidder calls it off, when the seller has had time', async () => {
    await sold(await custodian('revert("mine")'));
    await expect(auction.as(eve).settle({ auction: 2n })).toRevert('mine');
    await expect(auction.as(ann).callOff({ auction: 2n })).toRevert('it can still be settled');
    await chain.advance({ seconds: 86_400 });
    await expect(auction.as(ben).callOff({ auction: 2n })).toRevert('not the highest bidder');
    await expect(auction.as(ann).callOff({ auction: 2n })).toEmit(auction, 'CalledOff', { bidder: ann, amount: 400n });
    expect([await credit(ann), await credit(eve)]).toEqual([400n, 0n]);
    await expect(auction.as(ann).callOff({ auction: 2n })).toRevert('not the highest bidder');
    await expect(auction.as(ben).bid({ auction: 2n, amount: 500n })).toRevert('the auction is over');
  });

  test('that nobody asked for is made up for: called off, the thing is the seller’s again', async () => {
    await bid(ann, 400n);
    await chain.advance({ seconds: 3600 + 86_400 });
    const before = chain.snapshot();
    await auction.as(ann).callOff(first);
    await expect(auction.as(eve).settle(first)).toEmit(auction, 'Settled', { winner: null, amount: 0n });
    expect(await nft.view.ownerOf({ id: 1n })).toEqual(artist.address);
    expect([await credit(ann), await credit(artist)]).toEqual([400n, 0n]);
    chain.revert(before);
    await auction.as(eve).settle(first);
    await expect(auction.as(ann).callOff(first)).toRevert('already settled');
  });

  test('cannot be spoilt by little gas or a deep stack', async () => {
    await sold(await custodian('for (let index: u64 = 0; index < 5000; index++) work.set(index, id)'));
    await expect(auction.as(ben).settle({ auction: 2n }, { gasLimit: 4_000_000 })).toFail('outOfGas');
    const spoiler = await chain.deploy({
      name: 'spoiler',
      source: `import { Address } from "blockstm/assembly";
        import { call, stageMethod, stageTarget, tryCallVoid } from "blockstm/assembly/call";
        import { push } from "blockstm/assembly/abi";
        function down(depth: u32, at: Address): u32 {
          if (depth > 0) return down(depth - 1, at) + 1;
          stageTarget(at);
          const name = stageMethod("settle");
          push(2);
          return tryCallVoid(name, 8).ok ? 1000000 : 0;
        }
        export function settle(depth: u32, at: Address): u32 { return down(depth, at); }`,
    });
    const outcome = async (depth: number) => {
      const before = chain.snapshot();
      const { status } = await spoiler.as(ann).settle({ depth, at: auction }).receipt();
      const { settled } = (await auction.view.auctionOf({ auction: 2n })) as { settled: boolean };
      // Whole, or not at all.
      expect([await credit(ann), await credit(eve)], `depth ${depth}`).toEqual(settled ? [0n, 400n] : [0n, 0n]);
      chain.revert(before);
      return { status, settled };
    };
    let [least, most] = [0, 2 ** 17];
    while (most - least > 1) {
      const depth = (least + most) >> 1;
      if ((await outcome(depth)).settled) least = depth;
      else most = depth;
    }
    // Here there was stack enough for who settles, and not for the house.
    expect(await outcome(most)).toEqual({ status: 'ok', settled: false });
    await expect(auction.as(ann).settle({ auction: 2n })).toEmit(auction, 'Settled', { winner: ann, amount: 400n });
  });

  test('pays in coins that may lie, but only about themselves', async () => {
    const lie = await chain.deploy({
      name: 'lie',
      source: `import { Address } from "blockstm/assembly";
        export function transferFrom(from: Address, to: Address, amount: u64): bool { return amount != 2; }
        export function transfer(to: Address, amount: u64): bool { return false; }`,
    });
    await nft.as(artist).mint({ to: artist, uri: '' });
    await auction.as(artist).open({ nft, id: 2n, coin: lie, reserve: 1n, seconds: 3600n });
    await expect(auction.as(ann).bid({ auction: 2n, amount: 2n })).toRevert('not paid');
    await auction.as(ann).bid({ auction: 2n, amount: 3n });
    await auction.as(ben).bid({ auction: 2n, amount: 4n });
    await expect(auction.as(ann).withdraw({ coin: lie })).toRevert('not paid');
    await expect(auction.as(ann).withdraw({ coin })).toRevert('nothing to withdraw');
    expect(await auction.view.creditOf({ coin: lie, owner: ann })).toBe(3n);
  });

  test('cannot be entered again by the contracts that it calls', async () => {
    const greedy = await chain.deploy({
      name: 'greedy',
      source: `import { Address, context, Value } from "blockstm/assembly";
        import { push, push4, call } from "blockstm/assembly/abi";
        const house = new Value<Address>();
        export function transferFrom(from: Address, to: Address, amount: u64): bool { house.set(to); return true; }
        export function transfer(to: Address, amount: u64): bool {
          const target = house.get();
          const self = context.self();
          push4(target.word0, target.word1, target.word2, target.word3);
          push(0x7761726468746977); // "withdraw"
          push4(self.word0, self.word1, self.word2, self.word3);
          call(8, 32, 0);
          return true;
        }`,
    });
    await nft.as(artist).mint({ to: artist, uri: '' });
    await auction.as(artist).open({ nft, id: 2n, coin: greedy, reserve: 1n, seconds: 3600n });
    await auction.as(ann).bid({ auction: 2n, amount: 2n });
    await auction.as(ben).bid({ auction: 2n, amount: 3n });
    await expect(auction.as(ann).withdraw({ coin: greedy })).toFail('reentrance');
  });
});

/** Auctions at the start. */
const OPENED = 24;

/** Of the auctions, a few are over; all of the bids are kept in one account. */
const calls: CallGenerator<House> = (random, { auction: house, nft: things, coin: coins }, accounts) => {
  const who = random.pick(accounts);
  const id = { auction: BigInt(1 + random.below(OPENED)) };
  switch (random.below(9)) {
    case 0:
      return house.as(who).withdraw({ coin: coins });
    case 1:
      return house.as(who).settle(id);
    case 2:
      return house.as(who).cancel(id);
    case 3:
      return house.as(who).callOff(id);
    case 4:
      return house
        .as('artist')
        .open({ nft: things, id: BigInt(1 + random.below(OPENED)), coin: coins, reserve: 1n, seconds: 60n });
    default:
      return house.as(who).bid({ ...id, amount: 1n + (random.bigint(5000n) >> BigInt(random.below(12))) });
  }
};

async function setUp(other: TestChain): Promise<House> {
  const bidders = [0, 1, 2, 3].map((index) => other.account(`account ${index}`));
  const house = await openHouse(other, bidders, 10_000n);
  const to = other.account('artist');
  await other.block(Array.from({ length: OPENED }, () => house.nft.as('artist').mint({ to, uri: '' })));
  const open = (id: bigint, seconds: bigint) =>
    house.auction.as('artist').open({ nft: house.nft, id, coin: house.coin, reserve: 1n, seconds });
  await other.block(Array.from({ length: OPENED }, (_, index) => open(BigInt(index + 1), index < 6 ? 60n : 600n)));
  await other.block([1n, 3n].map((id) => house.auction.as(bidders[0] as Account).bid({ auction: id, amount: 5n })));
  await other.advance({ seconds: 60 });
  return house;
}

test('it can pay all that it owes, whatever is called', async () => {
  const seed = Math.floor(Math.random() * 2 ** 32);
  const random = new Random(seed);
  await using other = await testChain();
  const house = await setUp(other);
  const bidders = [0, 1, 2, 3].map((index) => other.account(`account ${index}`));
  const made = Array.from({ length: 400 }, () => calls(random, house, bidders) as ContractCall);
  const { receipts } = await other.block(made);
  expect(receipts.filter(({ status }) => status === 'ok').length, `seed ${seed}`).toBeGreaterThan(5);
  let owed = 0n;
  for (const owner of [...bidders, other.account('artist')])
    owed += await house.auction.view.creditOf({ coin: house.coin, owner });
  for (let id = 1n; id <= 2 * OPENED; id++) {
    const { status, value } = await house.auction.view.auctionOf({ auction: id }).receipt();
    if (status === 'ok' && !value.settled) owed += value.bid;
  }
  expect(await house.coin.view.balanceOf({ owner: house.auction }), `seed ${seed}`).toBe(owed);
  expect(await house.coin.view.totalSupply()).toBe(40_000n);
});

test('it is the same in parallel', async () => {
  await assertParallelEqualsSequential(setUp, calls, { blocks: 2, calls: 300, accounts: 4 });
});
