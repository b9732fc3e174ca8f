import { expect, expectTypeOf, test } from 'vitest';
import { type AddressInput, defineClient, type IntegerInput } from '../../dist/host/index.js';
import { type ContractCall, type TestContract, testChain } from '../../dist/host/testing/index.js';
import '../../dist/host/testing/matchers.js';
import { contractWasm } from '../support/runtimes.js';

type TokenTypes = {
  methods: {
    mint: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: undefined };
    transfer: { kind: 'call'; input: { to: AddressInput; amount: IntegerInput }; output: boolean };
    balanceOf: { kind: 'view'; input: { owner: AddressInput }; output: bigint };
    totalSupply: { kind: 'view'; input: Record<never, never>; output: bigint };
  };
  events: { Transfer: { from: Uint8Array; to: Uint8Array; amount: bigint } };
};

test('with a client, methods, results and events have types', async () => {
  await using chain = await testChain();
  const wasm = await contractWasm('token');
  const plain = await chain.deploy(wasm);
  const Token = defineClient<TokenTypes>(plain.interface as NonNullable<typeof plain.interface>);
  const token = await chain.deploy(wasm, { client: Token });
  expectTypeOf(token).toEqualTypeOf<TestContract<TokenTypes>>();
  const [alice, bob] = [chain.account('alice'), chain.account('bob')];
  await token.as(alice).mint({ to: alice, amount: 10n });
  const transfer = token.as(alice).transfer({ to: bob, amount: 4 });
  expectTypeOf(transfer).toEqualTypeOf<ContractCall<boolean>>();
  const receipt = await transfer.receipt();
  expectTypeOf(receipt.value).toEqualTypeOf<boolean | undefined>();
  expect(receipt).toEmit(token, 'Transfer', { from: alice, amount: 4n });
  expect(await token.view.totalSupply()).toBe(10n);
  const [event] = token.events(receipt);
  expectTypeOf(event?.fields.amount).toEqualTypeOf<bigint | undefined>();
  expect(event?.fields.amount).toBe(4n);
  await chain.block([token.as(alice).transfer({ to: 'carol', amount: 1n }), plain.as(alice).totalSupply()]);
  expect(await chain.as(alice).on(token).balanceOf({ owner: alice })).toBe(5n);

  // @ts-expect-error there is no such method
  expect(() => token.as(alice).melt()).toThrow('no method "melt"');
  // @ts-expect-error the amount is missing
  expect(() => token.as(alice).transfer({ to: bob })).toThrow('argument "amount" (u64) is missing');
  // @ts-expect-error there is no such event
  expect(() => expect(receipt).not.toEmit(token, 'Melted')).toThrow('announces no "Melted"');
  // @ts-expect-error nor such a field
  expect(() => expect(receipt).not.toEmit(token, 'Transfer', { sender: alice })).toThrow('no field "sender"');
});

test('a client of another contract is refused', async () => {
  await using chain = await testChain();
  const counter = await chain.deploy(await contractWasm('counter'));
  const Counter = defineClient<TokenTypes>(counter.interface as NonNullable<typeof counter.interface>);
  await expect(chain.deploy(await contractWasm('token'), { client: Counter })).rejects.toMatchObject({
    code: 'ERR_INTERFACE',
  });
});
