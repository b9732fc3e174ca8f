import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Contract, createRuntime, type Runtime, type Transaction } from '../../dist/host/index.js';
import { HOSTILE_CALLS } from '../support/hostile-calls.js';
import { probeWasm } from '../support/probe.js';
import { address } from '../support/programs.js';
import { contractWasm, SMALL_MEMORY } from '../support/runtimes.js';
import { textToWasm } from '../support/wasm-text.js';

const alice = address(1);
let runtime: Runtime;
let probe: Contract;
beforeAll(async () => {
  runtime = await createRuntime({ workers: 1, executor: 'sequential', limits: SMALL_MEMORY });
  probe = await runtime.deploy(await probeWasm());
  await runtime.execute({ transactions: [probe.transaction(alice, 'store', { keyLength: 33, valueLength: 4000 })] });
});
afterAll(() => runtime.close());

/** The first view of a method is executed by a worker, later ones on the host's thread where they are short; and by a block. All say the same. */
async function expectSame(call: Transaction): Promise<void> {
  const before = await runtime.stateHash();
  const byWorker = await runtime.view(call);
  const byHost = await runtime.view(call);
  expect(byHost).toEqual(byWorker);
  expect(await runtime.stateHash()).toBe(before);
  const fork = runtime.fork();
  const { receipts } = await fork.execute({ transactions: [call], context: { height: runtime.height } });
  expect(byHost).toEqual(receipts.get(0));
  await fork.close();
}

const NO_ARGS = {};
test.each([
  ['load', { keyLength: 33 }],
  ['load', { keyLength: 34 }],
  ['height', NO_ARGS],
  ['self', NO_ARGS],
  ['store', { keyLength: 20, valueLength: 65_536 }],
  ['erase', { keyLength: 33 }],
  ['badSlot', NO_ARGS],
  ['tooFewWords', NO_ARGS],
  ['emptyKey', NO_ARGS],
  ['spin', { rounds: 100n }],
  // More gas than a view has on the host's thread.
  ['spin', { rounds: 1_000_000n }],
  ...[0, 1, 2, 3, 4].map((way) => ['writeThenFail', { way, zero: 0 }] as const),
] as const)('a view of %s %o is the same on every thread', async (method, args) => {
  await expectSame(probe.transaction(alice, method, args));
});

test.each([0, 1, 200, 1_000_000, 2_000_000])('so is one with %i gas', async (gasLimit) => {
  await expectSame(probe.transaction(alice, 'spin', { rounds: 1_000_000n }, { gasLimit }));
});

test('so is one of no contract, and one of no method', async () => {
  const call = probe.transaction(alice, 'height');
  await expectSame({ ...call, contract: address(999) });
  await expectSame({ ...call, method: 'nothing' });
});

test.each(HOSTILE_CALLS)('so are those of $name', async ({ module, calls = [] }) => {
  const contract = await runtime.deploy(typeof module === 'string' ? textToWasm(module) : module);
  for (const { method, gasLimit } of calls) {
    const call = { sender: alice, contract: contract.address, method, input: new Uint8Array(0) };
    await expectSame({ ...call, ...(gasLimit !== undefined && { gasLimit }) });
  }
});

test('a view sees what the last block left, and nothing of what views before it did', async () => {
  const counter = await runtime.deploy(await contractWasm('counter'));
  const get = async () => counter.decodeOutput('get', (await runtime.view(counter.transaction(alice, 'get'))).output);
  for (let round = 1n; round <= 5n; round++) {
    await runtime.view(counter.transaction(alice, 'add', { amount: 100n }));
    expect(await get()).toBe(round - 1n);
    await runtime.execute({ transactions: [counter.transaction(alice, 'add', { amount: 1n })] });
    expect(await get()).toBe(round);
  }
});
