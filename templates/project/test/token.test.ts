import { type TestChain, type TestContract, testChain } from 'blockstm/testing';
import 'blockstm/testing/matchers';
import { beforeEach, expect, test } from 'vitest';

let chain: TestChain;
let token: TestContract;

beforeEach(async () => {
  chain = await testChain();
  token = await chain.deploy('contracts/token.ts', { init: { owner: chain.account('minter') } });
  await token.as('minter').mint({ to: chain.account('alice'), amount: 100n });
});

test('a transfer moves tokens', async () => {
  const [alice, bob] = [chain.account('alice'), chain.account('bob')];
  await expect(token.as(alice).transfer({ to: bob, amount: 30n })).toEmit(token, 'Transfer', { to: bob, amount: 30n });
  expect(await token.view.balanceOf({ owner: alice })).toBe(70n);
  expect(await token.view.balanceOf({ owner: bob })).toBe(30n);
  expect(await token.view.totalSupply()).toBe(100n);
});

test('nobody spends what he does not have', async () => {
  const call = token.as('bob').transfer({ to: chain.account('alice'), amount: 1n });
  await expect(call).toRevert('insufficient balance');
});

test('only the minter mints', async () => {
  await expect(token.as('alice').mint({ to: chain.account('alice'), amount: 1n })).toRevert('only the minter mints');
});
