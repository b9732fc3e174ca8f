import { beforeEach, expect, test } from 'vitest';
import { type ContractCall, testChain } from '../../dist/host/testing/index.js';
import '../../dist/host/testing/matchers.js';
import { contractWasm } from '../support/runtimes.js';

/** A token that does as it was told: says yes or no, fails, or calls back whoever calls it, and fails with that or survives it. */
const source = `import { Address, context, revert, Value } from "blockstm/assembly";
  import { push } from "blockstm/assembly/abi";
  import { callVoid, stageMethod, stageTarget, tryCallVoid } from "blockstm/assembly/call";
  const plan = new Value<string>();
  const method = new Value<string>();
  const input = new Value<u64[]>();
  const entered = new Value<bool>();
  export function prepare(what: string, name: string, words: u64[]): void {
    plan.set(what);
    method.set(name);
    input.set(words);
  }
  export function transferFrom(from: Address, to: Address, amount: u64): bool { return act(); }
  export function transfer(to: Address, amount: u64): bool { return act(); }
  @view export function wasEntered(): bool { return entered.get(); }
  function act(): bool {
    const what = plan.get();
    if (what == "no") return false;
    if (what == "fail") revert("mine");
    const words = input.get();
    const name = method.get();
    stageTarget(context.sender());
    const length = stageMethod(name);
    for (let index = 0; index < words.length; index++) push(words[index]);
    if (what == "enter") callVoid(length, 8 * words.length);
    else if (tryCallVoid(length, 8 * words.length).ok) entered.set(true);
    return true;
  }`;

const chain = await testChain();
const deploy = async (name: string, init: Record<string, unknown>) =>
  chain.deploy(await contractWasm(name), { as: 'alice', init });
const hostile = { name: 'hostile', source };
const [one, two] = [await chain.deploy(hostile, { name: 'one' }), await chain.deploy(hostile, { name: 'two' })];
const exchange = await deploy('exchange', { token0: one, token1: two });
const lending = await deploy('lending', { lent: one, collateral: two, price: 1_000_000n });
const staking = await deploy('staking', { staked: one, reward: two });
const dao = await deploy('dao', { token: one, quorum: 1n, period: 60n, grace: 10_000n });
const options = await chain.deploy(await contractWasm('options'));
const auction = await chain.deploy(await contractWasm('auction'));
const begun = chain.snapshot();
beforeEach(() => chain.revert(begun));

const [alice, bob] = [chain.account('alice'), chain.account('bob')];
const expiry = chain.time + 10_000n;
const terms = { asset: one, amount: 5n, currency: two, premium: 1n, strike: 2n, expiry };
const setPrice = async (price: bigint) => lending.as(alice).setPrice({ price });

type Step = () => ContractCall;
/** Between calls in each of which a token is moved, what else has to happen. */
type Course = readonly (Step | { readonly nft: Step } | { readonly first: () => Promise<unknown> })[];

const courses: Record<string, Course> = {
  exchange: [
    () => exchange.as(alice).addLiquidity({ amount0: 10_000n, amount1: 10_000n, least: 0n }),
    () => exchange.as(alice).swap({ token: one, amountIn: 100n, least: 0n, deadline: expiry }),
    () => exchange.as(alice).removeLiquidity({ shares: 100n, least0: 0n, least1: 0n }),
  ],
  lending: [
    () => lending.as(alice).deposit({ amount: 1000n }),
    () => lending.as(bob).addCollateral({ amount: 100n }),
    () => lending.as(bob).borrow({ amount: 60n }),
    () => lending.as(bob).repay({ amount: 10n }),
    () => lending.as(bob).removeCollateral({ amount: 10n }),
    { first: () => setPrice(600_000n) },
    () => lending.as(alice).liquidate({ account: bob, amount: 5n }),
    { first: () => setPrice(100_000n) },
    () => lending.as(alice).liquidate({ account: bob, amount: 1000n }),
    () => lending.as(alice).withdraw({ amount: 900n }),
  ],
  staking: [
    () => staking.as(alice).fund({ amount: 100n, seconds: 10n }),
    () => staking.as(bob).stake({ amount: 10n }),
    { first: async () => chain.advance({ seconds: 5 }) },
    () => staking.as(bob).claim(),
    () => staking.as(bob).unstake({ amount: 5n }),
    () => staking.as(bob).abandon(),
  ],
  dao: [
    () => dao.as(alice).join({ amount: 10n }),
    () => dao.as(bob).donate({ amount: 10n }),
    { first: async () => dao.as(alice).propose({ to: bob, amount: 5n, reason: '' }) },
    { first: async () => dao.as(alice).vote({ id: 1n, isFor: true }) },
    { first: async () => chain.advance({ seconds: 61 }) },
    () => dao.as(alice).execute({ id: 1n }),
    () => dao.as(alice).leave({ amount: 10n }),
  ],
  options: [
    () => options.as(alice).write(terms),
    () => options.as(alice).write(terms),
    () => options.as(bob).buy({ id: 1n }),
    () => options.as(bob).exercise({ id: 1n }),
    () => options.as(alice).reclaim({ id: 2n }),
  ],
  auction: [
    // Of one, which is no NFT but answers as one.
    { nft: () => auction.as(alice).open({ nft: one, id: 1n, coin: two, reserve: 1n, seconds: 60n }) },
    () => auction.as(bob).bid({ auction: 1n, amount: 5n }),
    () => auction.as('carol').bid({ auction: 1n, amount: 6n }),
    () => auction.as(bob).withdraw({ coin: two }),
    { first: async () => chain.advance({ seconds: 60 }) },
    { nft: () => auction.as(alice).settle({ auction: 1n }) },
    () => auction.as(alice).withdraw({ coin: two }),
  ],
};

async function tell(what: string, call: ContractCall): Promise<void> {
  const bytes = Buffer.from(call.transaction.input);
  const words = Array.from({ length: bytes.length / 8 }, (_, index) => bytes.readBigUInt64LE(8 * index));
  await chain.block([one, two].map((token) => token.as(bob).prepare({ what, name: call.method, words })));
}

/** What the token does, and what the message of the call's failure has in it; where it survives, the call succeeds. */
const ends = { no: 'not paid', fail: 'mine', enter: 'reentrance', try: 'succeeded' };

test.each(Object.keys(courses))('%s does nothing where a token says no, and is not entered by one', async (name) => {
  for (const step of courses[name] as Course) {
    if ('first' in step) {
      await step.first();
      continue;
    }
    for (const [what, end] of Object.entries(ends)) {
      // An NFT says nothing.
      if ('nft' in step && what === 'no') continue;
      const call = 'nft' in step ? step.nft() : step();
      await tell(what, call);
      const { status, error } = await call.receipt();
      expect(status === 'ok' ? 'succeeded' : `${error?.code} ${error?.message}`, `${call.method}, ${what}`).toContain(
        end,
      );
    }
  }
  for (const token of [one, two]) expect(await token.view.wasEntered()).toBe(false);
});

test('rewards that a lying token makes too many to count are not told as few', async () => {
  const earn = async (amount: bigint) => {
    await staking.as(alice).fund({ amount, seconds: 1n });
    await chain.advance({ seconds: 1 });
  };
  await staking.as(bob).stake({ amount: 1n });
  await earn(2n ** 63n);
  // Of each unit staked, less than 2^64.
  await staking.as(bob).stake({ amount: 2n });
  expect(await staking.view.earned({ staker: bob })).toBe(2n ** 63n);
  await earn(2n ** 63n + 2n ** 62n);
  await expect(staking.view.earned({ staker: bob })).rejects.toThrow('overflow');
});
