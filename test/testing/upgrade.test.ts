import { afterAll, beforeAll, beforeEach, expect, expectTypeOf, test } from 'vitest';
import { defineClient } from '../../dist/host/index.js';
import {
  CallFailed,
  type ChainSnapshot,
  type TestChain,
  type TestContract,
  testChain,
} from '../../dist/host/testing/index.js';
import '../../dist/host/testing/matchers.js';

const HERE = 'upgrade.test.ts:';

const vault = {
  name: 'vault',
  source: `import { Address, context, require, Value } from "blockstm/assembly";
    const owner = new Value<Address>();
    const stored = new Value<u64>();
    @init
    export function create(by: Address): void { owner.set(by); }
    export function put(amount: u64): void { require(context.sender() == owner.get(), "not the owner"); stored.set(amount); }
    @view
    export function amount(): u64 { return stored.get(); }`,
};
const second = {
  name: 'vault',
  source: `import { Address, context, require, Value } from "blockstm/assembly";
    const owner = new Value<Address>();
    const stored = new Value<u64>();
    const fee = new Value<u64>();
    @migrate
    export function begin(cost: u64, by: Address): void {
      require(context.sender() == owner.get(), "not the owner");
      fee.set(cost);
      owner.set(by);
    }
    export function put(amount: u64): void { require(context.sender() == owner.get(), "not the owner"); stored.set(amount); }
    @view
    export function net(): u64 { return stored.get() - fee.get(); }`,
};
const forgetful = {
  name: 'vault',
  source: `import { Value } from "blockstm/assembly";
    const stored = new Value<u32>();
    @view
    export function amount(): u32 { return stored.get(); }`,
};

type SecondTypes = {
  methods: {
    begin: { kind: 'migrate'; input: { cost: bigint; by: Uint8Array }; output: undefined };
    put: { kind: 'call'; input: { amount: bigint }; output: undefined };
    net: { kind: 'view'; input: Record<never, never>; output: bigint };
  };
  events: Record<never, never>;
};

let chain: TestChain;
let first: TestContract;
let start: ChainSnapshot;
beforeAll(async () => {
  chain = await testChain();
  first = await chain.deploy(vault, { init: { by: 'alice' } });
  await first.as('alice').put({ amount: 10n });
  start = chain.snapshot();
});
beforeEach(() => chain.revert(start));
afterAll(() => chain.close());

test('an upgrade gives a contract new code: what is stored stays, and its migrate method is called', async () => {
  const before = chain.height;
  const upgraded = await chain.upgrade(first, second, { migrate: { cost: 3n, by: 'bob' }, as: 'alice' });
  expect(chain.height).toBe(before + 1n);
  expect([upgraded.name, upgraded.address]).toEqual(['vault', first.address]);
  expect(await upgraded.view.net()).toBe(7n);
  await upgraded.as('bob').put({ amount: 20n });
  expect(await upgraded.view.net()).toBe(17n);
  // The one before has the interface that it had, and the new code has no such method.
  await expect(first.view.amount()).toFail('unknownMethod');
  expect(chain.history.map(({ kind }) => kind)).toEqual(['deployment', 'call', 'upgrade', 'call']);
  chain.revert(start);
  expect(await first.view.amount()).toBe(10n);
});

test('an upgrade has types, and is refused a client of another contract', async () => {
  const wasm = (await chain.upgrade(first, second, { migrate: { cost: 0n, by: 'alice' }, as: 'alice' })).interface;
  chain.revert(start);
  const Second = defineClient<SecondTypes>(wasm as never);
  const upgraded = await chain.upgrade(first, second, {
    client: Second,
    migrate: { cost: 3n, by: 'bob' },
    as: 'alice',
  });
  expectTypeOf(upgraded).toEqualTypeOf<TestContract<SecondTypes>>();
  expect(await upgraded.view.net()).toBe(7n);
  // @ts-expect-error there is no such argument
  const wrong = () => chain.upgrade(first, second, { client: Second, migrate: { off: 3n }, as: 'alice' });
  chain.revert(start);
  await expect(wrong()).rejects.toThrow('vault.begin has no argument "off"');
});

test('what an upgrade is refused for is said as the runtime says it, at the line that asks for it', async () => {
  const refusals: readonly [() => Promise<unknown>, code: string, message: string][] = [
    [() => chain.upgrade(first, forgetful), 'ERR_LAYOUT', '"owner" is removed, "stored" is retyped'],
    [() => chain.upgrade(first, vault), 'ERR_ARGUMENT', 'has this code already'],
    [() => chain.upgrade(first, second), 'ERR_ARGUMENT', 'vault.begin argument "cost" (u64) is missing'],
    [() => chain.upgrade(first, forgetful, { migrate: {} }), 'ERR_LAYOUT', 'is retyped'],
    [() => chain.upgrade(first, second, { migrate: { cost: 1, by: 'bob' } }), 'ERR_MIGRATE', 'not the owner'],
    [() => chain.upgrade('vault' as never, second), 'ERR_ARGUMENT', 'upgrade: expected a contract of this chain'],
    [() => chain.upgrade(first, second, { unsafe: true } as never), 'ERR_OPTION', 'unknown option "unsafe"'],
  ];
  const before = await chain.stateHash();
  for (const [upgrade, code, message] of refusals) {
    const error = await upgrade().catch((thrown: Error) => thrown);
    expect(error).toMatchObject({ code, message: expect.stringContaining(message) });
    expect((error as Error).stack?.split('\n')[1]).toContain(HERE);
  }
  await expect(chain.upgrade(first, second, { migrate: { cost: 1, by: 'bob' } })).toRevert('not the owner');
  expect(await chain.stateHash()).toBe(before);
  expect(await first.view.amount()).toBe(10n);
  const upgraded = await chain.upgrade(first, forgetful, { allowUnsafe: true });
  expect(await upgraded.view.amount()).toBe(10);
});

test('who calls the constructor again, or the migrate method, is told that nobody can', async () => {
  const again = first.as('mallory').create({ by: 'mallory' });
  await expect(again).toFail('unknownMethod');
  const error = await again.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CallFailed);
  expect(error.message).toBe(
    'vault.create({ by: "mallory" }) as mallory invalid: the contract has no such method (unknownMethod)\n' +
      '    an @init method is called by the deployment, and by nobody else',
  );
  const upgraded = await chain.upgrade(first, second, { migrate: { cost: 3n, by: 'bob' }, as: 'alice' });
  await expect(upgraded.as('bob').begin({ cost: 0n, by: 'bob' })).toFail('unknownMethod');
  // They are not among what there is to call.
  expect(Object.keys(upgraded.as('bob'))).toEqual(['put', 'net']);
  expect(await upgraded.view.net()).toBe(7n);
});
