import { createRuntime, defineClient, encodeTopic, MisuseError, memoryStore, type Runtime, ViewError } from 'blockstm';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appendCustomSection } from '../../dist/host/contract/section.js';
import { Counter } from '../contract/golden/counter.client.js';
import { NightMarket } from '../contract/golden/market.client.js';
import { Started } from '../contract/golden/started.client.js';
import { startedInterface, startedWasm } from '../support/initialized.js';
import { address } from '../support/programs.js';
import { contractWasm, SMALL_MEMORY } from '../support/runtimes.js';

const wasm = startedWasm(startedInterface('start'));
const alice = address(1);

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ workers: 2, limits: SMALL_MEMORY, store: memoryStore() });
});
afterAll(() => runtime.close());

test('a typed contract is called, viewed and decoded by names', async () => {
  const { address: at } = await runtime.deploy(wasm, { init: { args: { amount: 5 }, sender: alice } });
  const started = runtime.contract(Started, at);
  expect(started.address).toEqual(at);
  expect(await started.view.value()).toBe(5n);
  const call = started.call.set(alice, { amount: '6' }, { gasLimit: 70_000 });
  expect(call).toEqual({ ...started.contract.transaction(alice, 'set', { amount: 6n }), gasLimit: 70_000 });
  const { receipts } = await runtime.execute({ transactions: [call, started.call.set(alice, { amount: 0 })] });
  expect(started.decode.set(receipts.get(0))).toBeUndefined();
  expect(started.events(receipts.get(0))).toEqual([{ name: 'Start', fields: { amount: 6n } }]);
  expect(() => started.decode.set(receipts.get(1))).toThrow(
    'started.set ended reverted (revert: none): it gave nothing',
  );
  expect(started.decode.value(await runtime.view(started.call.value(alice)))).toBe(6n);
  for (const none of [null, undefined, {}, 'ok']) {
    const refused = expect.objectContaining({ name: 'MisuseError', code: 'ERR_ARGUMENT' });
    expect(() => started.events(none as never)).toThrow(refused);
    expect(() => started.decode.value(none as never)).toThrow(refused);
  }
  // The deployment has called it.
  expect(Object.keys(started.call)).toEqual(['begin', 'value', 'set']);
});

test('a view that fails is an error with its receipt, and changes nothing', async () => {
  const { address: at } = await runtime.deploy(wasm, { init: { args: { amount: 5 } } });
  const started = runtime.contract(Started, at);
  const failed = started.view.set({ amount: 0 });
  await expect(failed).rejects.toBeInstanceOf(ViewError);
  await expect(failed).rejects.toBeInstanceOf(MisuseError);
  await expect(failed).rejects.toMatchObject({
    code: 'ERR_VIEW',
    message: 'started.set ended reverted (revert: none)',
    receipt: { status: 'reverted', error: { code: 'revert', message: 'none' } },
  });
  await expect(started.view.value({}, { gasLimit: 10 })).rejects.toMatchObject({ receipt: { status: 'outOfGas' } });
  await expect(started.view.set({ amount: -1 })).rejects.toMatchObject({ code: 'ERR_ARGUMENT' });
  await started.view.set({ amount: 9 }, { sender: alice });
  expect(await started.view.value()).toBe(5n);
});

test('a fork has typed contracts of its own state', async () => {
  const { address: at } = await runtime.deploy(wasm, { init: { args: { amount: 5 } } });
  await using fork = runtime.fork();
  const there = fork.contract(Started, at);
  await fork.execute({ transactions: [there.call.set(alice, { amount: 8 })] });
  expect([await there.view.value(), await runtime.contract(Started, at).view.value()]).toEqual([8n, 5n]);
});

test('events of a typed contract are followed by their fields, those of others are not', async () => {
  const contracts = [];
  for (let i = 0; i < 2; i++) {
    const { address: at } = await runtime.deploy(wasm, { init: { args: { amount: 1 } } });
    contracts.push(runtime.contract(Started, at));
  }
  const [one, other] = contracts as [(typeof contracts)[0], (typeof contracts)[0]];
  const events = runtime.subscribe('events', { contract: one });
  const filtered = runtime.subscribe('events', { contract: one, topic: encodeTopic(Started.interface, 'Start') });
  const none = runtime.subscribe('events', { contract: one, topic: 'Stop' });
  const set = (contract: typeof one, amount: number) => contract.call.set(alice, { amount });
  const transactions = [set(other, 2), set(one, 3), set(one, 0), set(one, 4)];
  const { height } = await runtime.execute({ transactions });
  for (const followed of [events, filtered]) {
    const seen = [(await followed.next()).value, (await followed.next()).value];
    expect(seen).toEqual([
      { height, index: 1, name: 'Start', fields: { amount: 3n } },
      { height, index: 3, name: 'Start', fields: { amount: 4n } },
    ]);
  }
  await Promise.all([events, filtered, none].map((each) => each.return?.()));
});

test('what a contract announces and does not describe is left out', async () => {
  const other = {
    ...startedInterface('start'),
    events: [{ name: 'Start', fields: [{ name: 'amount', type: 'u8[]' }] }],
  };
  const { address: at } = await runtime.deploy(startedWasm(other), { init: { args: { amount: 5 } } });
  const liar = runtime.contract(defineClient(other), at);
  const { receipts } = await runtime.execute({
    transactions: [liar.contract.transaction(alice, 'set', { amount: 3 })],
  });
  expect(receipts.get(0).events).toHaveLength(1);
  expect(liar.events(receipts.get(0))).toEqual([]);
});

test('a client is for contracts with its interface only', async () => {
  const counter = await runtime.deploy(await contractWasm('counter'));
  expect(await runtime.contract(Counter, counter.address).view.get()).toBe(0n);
  expect(() => runtime.contract(Started, counter.address)).toThrow(
    expect.objectContaining({ name: 'MisuseError', code: 'ERR_INTERFACE' }),
  );
  expect(() => runtime.contract(NightMarket, counter.address)).toThrow(
    /^the client of "night-market" is not for the contract at 0x[0-9a-f]{64}: methods.open is something in the client and nothing in the contract$/,
  );
  const methods = Counter.interface.methods.map((method) => ({
    ...method,
    inputs: method.inputs.map((input) => ({ ...input, type: 'u128' })),
  }));
  expect(() => runtime.contract(defineClient({ ...Counter.interface, methods }), counter.address)).toThrow(
    'methods.add.inputs[0].type is "u128" in the client and "u64" in the contract',
  );
  const events = [{ name: 'Added', fields: [] }];
  expect(() => runtime.contract(defineClient({ ...Counter.interface, events }), counter.address)).toThrow(
    'events.Added is something in the client and nothing in the contract',
  );
  // It goes on to fit a contract that has more methods, events and structs.
  const less = { ...Counter.interface, methods: Counter.interface.methods.filter(({ name }) => name === 'get') };
  expect(less.methods.length).toBeLessThan(Counter.interface.methods.length);
  const smaller = runtime.contract(defineClient<never>(less), counter.address);
  expect(smaller.address).toEqual(counter.address);
  const startedBy = { ...startedInterface('start'), events: [], structs: [] };
  const { address: at } = await runtime.deploy(startedWasm(startedInterface('start')), {
    init: { args: { amount: 5 } },
  });
  expect(runtime.contract(defineClient<never>(startedBy), at).events({ events: [] })).toEqual([]);
  // What nothing is encoded by may differ.
  const same = { ...Counter.interface, name: 'other', methods: [...Counter.interface.methods].reverse() };
  expect(await runtime.contract(defineClient<never>(same), counter.address)).toBeDefined();
});

test('there has to be a contract, with an interface', async () => {
  expect(() => runtime.contract(Started, address(404))).toThrow(
    expect.objectContaining({ code: 'ERR_ARGUMENT', message: expect.stringContaining('there is no contract at 0x') }),
  );
  expect(() => runtime.contract(Started, 'alice' as never)).toThrow(
    'contract: address must be a Uint8Array of 32 bytes',
  );
  expect(() => runtime.contract(Started as never)).toThrow('contract: address must be');
  expect(runtime.contract(address(404))).toBeUndefined();
});

test('a contract shows its storage layout, and one that is not as documented is not deployed', async () => {
  const field = { name: 'amount', kind: 'value', prefix: '0000000000000001', value: 'u64' };
  const layout = { schema: 'blockstm.layout/1', name: 'started', fields: [field] };
  const withLayout = (document: object) =>
    appendCustomSection(wasm, 'blockstm.layout', new TextEncoder().encode(JSON.stringify(document)));
  const init = { args: { amount: 1 } };
  expect((await runtime.deploy(withLayout(layout), { init })).layout).toEqual(layout);
  expect((await runtime.deploy(wasm, { init })).layout).toBeUndefined();
  await expect(runtime.deploy(withLayout({ ...layout, fields: [{}] }), { init })).rejects.toMatchObject({
    code: 'ERR_INTERFACE',
    message:
      "the contract's storage layout: fields[0].kind must be one of value, map, set, vector, counter, enumerableMap, enumerableSet, found nothing",
  });
});
