import { fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, test } from 'vitest';
import { CallFailed, type TestChain, type TestContract, testChain } from '../../dist/host/testing/index.js';
import '../../dist/host/testing/matchers.js';
import { contractWasm } from '../support/runtimes.js';

const TOKEN = fileURLToPath(new URL('../../assembly/contracts/token.ts', import.meta.url));

describe('a token', () => {
  let chain: TestChain;
  let token: TestContract;
  // Not closed here: it is at the end of the file.
  beforeEach(async () => {
    chain = await testChain();
    token = await chain.deploy(await contractWasm('token'));
    await token.as('minter').mint({ to: chain.account('alice'), amount: 100n });
  });

  test('awaiting a call makes it in a block of its own', async () => {
    const [alice, bob] = [chain.account('alice'), chain.account('bob')];
    const before = chain.height;
    expect(await token.as(alice).transfer({ to: bob, amount: 30n })).toBe(true);
    expect(chain.height).toBe(before + 1n);
    expect(await token.view.balanceOf({ owner: bob })).toBe(30n);
    expect(chain.height).toBe(before + 1n);
  });

  test('a call that nobody asks for is not made; one that is asked for twice is made once', async () => {
    const before = chain.height;
    const transfer = token.as('alice').transfer({ to: chain.account('bob'), amount: 1n });
    expect(chain.height).toBe(before);
    const [receipt, value] = [await transfer.receipt(), await transfer];
    expect([receipt.status, receipt.value, value]).toEqual(['ok', true, true]);
    expect(chain.height).toBe(before + 1n);
  });

  test('a call that fails rejects, and says who called what and why', async () => {
    const call = token.as('bob').transfer({ to: chain.account('alice'), amount: 5n });
    const error = await call.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CallFailed);
    expect(error.message).toBe('token.transfer({ to: alice, amount: 5n }) as bob reverted: insufficient balance');
    expect(error.receipt).toMatchObject({ status: 'reverted', error: { code: 'revert' } });
    // The line of the test that wrote it.
    expect(error.stack.split('\n')[1]).toContain('test-chain.test.ts:');
  });

  test('calls of one block are executed in their order', async () => {
    const [alice, bob] = [chain.account('alice'), chain.account('bob')];
    const before = chain.height;
    const { height, receipts, stats } = await chain.block([
      token.as(bob).transfer({ to: alice, amount: 1n }),
      token.as(alice).transfer({ to: bob, amount: 60n }),
      token.as(bob).transfer({ to: alice, amount: 1n }),
      token.as(alice).transfer({ to: bob, amount: 60n }),
    ]);
    expect(receipts.map(({ status }) => status)).toEqual(['reverted', 'ok', 'ok', 'reverted']);
    expect(receipts.map(({ value }) => value)).toEqual([undefined, true, true, undefined]);
    expect([height, stats.decision.mode]).toEqual([before + 1n, 'block-stm']);
  });

  test('a method that it has not is answered with the nearest that it has', async () => {
    expect(() => token.as('alice').transfr({})).toThrow(
      'token has no method "transfr" (did you mean "transfer"?); it has mint, burn, transfer, approve, transferFrom, balanceOf, allowance, totalSupply, name, symbol, decimals',
    );
    expect(() => token.view.melt()).toThrow('token has no method "melt"; it has mint');
    // Nobody who awaits or prints its methods makes a call.
    expect(await token.as('alice')).toBeTypeOf('object');
    expect(Object.keys(token.view)).toEqual([
      'mint',
      'burn',
      'transfer',
      'approve',
      'transferFrom',
      'balanceOf',
      'allowance',
      'totalSupply',
      'name',
      'symbol',
      'decimals',
    ]);
  });

  test('calls of another chain are refused', async () => {
    const other = await testChain();
    expect(() => other.as('')).toThrow('expected an account');
    await expect(other.block([token.as('alice').totalSupply()])).rejects.toThrow('the contract is on another chain');
    await expect(chain.block([true as never])).rejects.toThrow('expected calls that were not awaited');
  });

  test('an actor calls and deploys', async () => {
    const alice = chain.as('alice');
    expect(await alice.on(token).transfer({ to: chain.account('bob'), amount: 1n })).toBe(true);
    const second = await alice.deploy(await contractWasm('token'));
    expect(second.name).toBe('token#2');
    expect(await second.view.totalSupply()).toBe(0n);
  });

  test('a revert brings state, contracts, height and time back, any number of times', async () => {
    const [alice, bob] = [chain.account('alice'), chain.account('bob')];
    const balances = async () => [
      await token.view.balanceOf({ owner: alice }),
      await token.view.balanceOf({ owner: bob }),
    ];
    const [height, time, hash] = [chain.height, chain.time, await chain.stateHash()];
    const outer = chain.snapshot();
    await token.as(alice).transfer({ to: bob, amount: 10n });
    await chain.advance({ seconds: 60 });
    const inner = chain.snapshot();
    for (let round = 0; round < 3; round++) {
      await token.as(alice).transfer({ to: bob, amount: 20n });
      const later = await chain.deploy(await contractWasm('counter'));
      expect(await balances()).toEqual([70n, 30n]);
      chain.revert(inner);
      expect(await balances()).toEqual([90n, 10n]);
      expect(chain.time).toBe(time + 60n);
      expect(await later.as(alice).add({ amount: 1n }).receipt()).toMatchObject({ status: 'invalid' });
      chain.revert(inner);
    }
    chain.revert(outer);
    expect(await balances()).toEqual([100n, 0n]);
    expect([chain.height, chain.time, await chain.stateHash()]).toEqual([height, time, hash]);
    // Forwards again: the inner one came after the outer one.
    chain.revert(inner);
    expect(await balances()).toEqual([90n, 10n]);
    expect(chain.history).toHaveLength(3);
  });

  test('snapshots wait for nobody', async () => {
    const running = token
      .as('alice')
      .transfer({ to: chain.account('bob'), amount: 10n })
      .receipt();
    expect(() => chain.snapshot()).toThrow('snapshot: a call is still running: await them first');
    await running;
    const other = await testChain();
    expect(() => chain.revert(other.snapshot())).toThrow('expected a snapshot of this chain');
  });
});

test('time and height go on as they are told, and views see them', async () => {
  await using chain = await testChain({ time: 1_000 });
  const clock = await chain.deploy({
    name: 'clock',
    source: `import { context } from "blockstm/assembly";
      export function now(): u64 { return context.timestamp(); }
      export function height(): u64 { return context.height(); }`,
  });
  expect([chain.time, chain.height]).toEqual([1000n, 1n]);
  expect(await clock.view.now()).toBe(1000n);
  await chain.advance({ seconds: 86_400, blocks: 10 });
  expect([await clock.view.now(), await clock.view.height()]).toEqual([87_400n, 11n]);
  expect([await clock.as('alice').now(), await clock.as('alice').height()]).toEqual([87_400n, 13n]);
  await chain.setTime(5n);
  expect(await clock.view.now()).toBe(5n);
  await expect(chain.advance({ seconds: -1 })).rejects.toThrow('seconds: expected a whole number from 0, found -1');
  await expect(chain.advance({ blocks: 0 })).rejects.toThrow('1 or more');
});

test('a failure says where in the source', async () => {
  await using chain = await testChain();
  const token = await chain.deploy(TOKEN);
  const error = await token
    .as('bob')
    .transfer({ to: chain.account('alice'), amount: 5n })
    .catch((caught: unknown) => caught);
  expect(error.message).toMatch(
    /^token\.transfer\(.*\) as bob reverted: insufficient balance\n {4}in move \(shared\/holdings\.ts:\d+:\d+\)\n {7}> require\(balance >= amount, "insufficient balance"\);$/,
  );
  expect(error.receipt.error.position).toMatchObject({ file: 'shared/holdings.ts' });
});

test('whoever is deployed has the constructor called, by whom the test says', async () => {
  await using chain = await testChain();
  const source = {
    name: 'owned',
    source: `import { Address, context, require, Value } from "blockstm/assembly";
      const owner = new Value<Address>();
      const heir = new Value<Address>();
      @init
      export function begin(next: Address): void {
        require(next != context.sender(), "its own heir");
        owner.set(context.sender());
        heir.set(next);
      }
      @view
      export function ownerOf(): Address { return owner.get(); }
      @view
      export function heirOf(): Address { return heir.get(); }`,
  };
  const [alice, bob] = [chain.account('alice'), chain.account('bob')];
  const owned = await chain.deploy(source, { init: { next: bob }, as: 'alice' });
  expect(await owned.view.ownerOf()).toEqual(alice.address);
  expect(await owned.view.heirOf()).toEqual(bob.address);
  expect(Object.keys(owned.view)).toEqual(['ownerOf', 'heirOf']);
  const other = await chain.as(bob).deploy(source, { init: { next: owned } });
  expect(await other.view.heirOf()).toEqual(owned.address);
  expect(other.name).toBe('owned#2');
  await expect(chain.deploy(source, { init: { next: bob }, as: bob })).toRevert('its own heir');
  await expect(chain.deploy(source)).rejects.toThrow('owned.begin argument "next" (address) is missing');
});

test('what cannot be deployed is said', async () => {
  await using chain = await testChain();
  await expect(chain.deploy('no/such.ts')).rejects.toThrow('cannot read the contract no/such.ts');
  await expect(chain.deploy('no/such.wasm')).rejects.toThrow('cannot read no/such.wasm');
  await expect(chain.deploy('token')).rejects.toThrow('expected the path of a .ts or .wasm file');
});
