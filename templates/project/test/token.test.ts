import { type ChainSnapshot, type TestChain, type TestContract, testChain } from 'blockstm/testing';
import 'blockstm/testing/matchers';
import { beforeAll, beforeEach, expect, test } from 'vitest';
// Written by `blockstm test`, and by `blockstm build`: methods, results and events have types.
import { Token, type TokenTypes } from '../build/token.client.js';

let chain: TestChain;
let token: TestContract<TokenTypes>;
let funded: ChainSnapshot;

beforeAll(async () => {
  chain = await testChain();
  token = await chain.deploy('contracts/token.ts', { client: Token, init: { owner: 'minter' } });
  await token.as('minter').mint({ to: 'alice', amount: 100n });
  funded = chain.snapshot();
});

beforeEach(() => chain.revert(funded));

test('a transfer moves tokens', async () => {
  await expect(token.as('alice').transfer({ to: 'bob', amount: 30n })).toEmit(token, 'Transfer', {
    to: 'bob',
    amount: 30n,
  });
  expect(await token.view.balanceOf({ owner: 'alice' })).toBe(70n);
  expect(await token.view.balanceOf({ owner: 'bob' })).toBe(30n);
  expect(await token.view.totalSupply()).toBe(100n);
});

test('nobody spends what he does not have', async () => {
  await expect(token.as('bob').transfer({ to: 'alice', amount: 1n })).toRevert('insufficient balance');
});

test('only the minter mints, and nobody names another one', async () => {
  await expect(token.as('alice').mint({ to: 'alice', amount: 1n })).toRevert('only the minter mints');
  await expect(token.as('alice').create({ owner: 'alice' })).toFail('unknownMethod');
});
