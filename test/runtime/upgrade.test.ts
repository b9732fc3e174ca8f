import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import { compile } from '../../dist/host/contract/index.js';
import {
  type Branch,
  type Contract,
  createRuntime,
  memoryStore,
  type Runtime,
  type RuntimeOptions,
} from '../../dist/host/index.js';
import { lmdbStore } from '../../dist/host/store/lmdb/index.js';
import { withDirectory } from '../support/directories.js';
import { address } from '../support/programs.js';
import { SMALL_MEMORY } from '../support/runtimes.js';
import { textToWasm } from '../support/wasm-text.js';

const alice = address(1);
const AT = address(70);
const CALLER = address(71);

const VERSION_1 = `
import { Value } from "blockstm/assembly";
const count = new Value<u64>();
export function increment(): u64 { count.set(count.get() + 1); return count.get(); }
@view export function version(): u64 { return 1; }
`;
/** What was a value of u64 is a counter here: the bytes are the same. */
const VERSION_2 = `
import { Counter, require, Value } from "blockstm/assembly";
const count = new Counter();
const step = new Value<u64>();
@migrate export function migrate(by: u64): void { require(by > 0, "a step is more than 0"); step.set(by); }
export function increment(): u64 { count.add(step.get()); return count.get(); }
@view export function version(): u64 { return 2; }
`;
const RETYPED = `
import { Value } from "blockstm/assembly";
const count = new Value<string>();
@view export function version(): u64 { return count.has() ? 3 : 4; }
`;
const wasms: Uint8Array[] = [];
beforeAll(async () => {
  for (const source of [VERSION_1, VERSION_2, RETYPED]) wasms.push((await compile({ source, name: 'counter' })).wasm);
});

const [first, second, retyped] = [0, 1, 2].map((index) => () => wasms[index] as Uint8Array) as [
  () => Uint8Array,
  () => Uint8Array,
  () => Uint8Array,
];

async function deployed(options: RuntimeOptions = {}): Promise<Runtime> {
  const runtime = await createRuntime({ workers: 2, limits: SMALL_MEMORY, ...options });
  await runtime.deploy(first(), { address: AT });
  return runtime;
}

const call = (branch: Branch, method: string) => (branch.contract(AT) as Contract).transaction(alice, method);

async function outcome(runtime: Branch, method: string): Promise<unknown> {
  const { receipts } = await runtime.execute({ transactions: [call(runtime, method)] });
  return runtime.contract(AT)?.decodeOutput(method, receipts.get(0).output);
}
const migrate = { args: { by: 5n } };

test('the state hash tells which code a contract has, however it came to it', async () => {
  await using runtime = await deployed();
  await using longer = await deployed();
  const stored = createHash('sha256').digest();
  const expected = (contract: Contract | undefined) =>
    createHash('sha256')
      .update(stored)
      .update(AT)
      .update(contract?.codeHash ?? '', 'hex')
      .digest('hex');
  const before = await runtime.stateHash();
  expect(before).toBe(expected(runtime.contract(AT)));
  // Neither stores anything.
  const upgraded = await runtime.upgrade(AT, retyped(), { allowUnsafe: true });
  expect(await runtime.stateHash()).toBe(expected(upgraded));
  expect(await runtime.stateHash()).not.toBe(before);
  await longer.upgrade(AT, retyped(), { allowUnsafe: true });
  await longer.upgrade(AT, first(), { allowUnsafe: true });
  expect(await longer.stateHash()).toBe(before);
  await longer.deploy(second(), { address: CALLER });
  expect(await longer.stateHash()).not.toBe(before);
});

describe.each(['sequential', 'block-stm'] as const)('%s', (executor) => {
  test('a contract that is given other code keeps its address and its state', async () => {
    await using runtime = await deployed({ executor });
    expect(await outcome(runtime, 'increment')).toBe(1n);
    const before = runtime.height;
    const contract = await runtime.upgrade(AT, second(), { migrate });
    expect(runtime.height).toBe(before + 1n);
    expect(contract.interface?.methods.map(({ name }) => name)).toContain('migrate');
    expect(await outcome(runtime, 'version')).toBe(2n);
    expect(await outcome(runtime, 'increment')).toBe(6n);
  });

  test('blocks that were encoded before go to the new code', async () => {
    await using runtime = await deployed({ executor });
    const encoded = await runtime.encodeBlock({ transactions: [call(runtime, 'increment'), call(runtime, 'version')] });
    await runtime.upgrade(AT, second(), { migrate });
    const { receipts } = await runtime.execute(encoded);
    const contract = runtime.contract(AT);
    expect(contract?.decodeOutput('increment', receipts.get(0).output)).toBe(5n);
    expect(contract?.decodeOutput('version', receipts.get(1).output)).toBe(2n);
  });

  test('a fork from before the upgrade keeps the old code, and one that upgrades changes nobody else', async () => {
    await using runtime = await deployed({ executor });
    await using old = runtime.fork();
    await runtime.upgrade(AT, second(), { migrate });
    await using young = runtime.fork();
    expect(await outcome(old, 'increment')).toBe(1n);
    expect(await outcome(young, 'increment')).toBe(5n);
    await using upgraded = old.fork();
    await upgraded.upgrade(AT, second(), { migrate: { args: { by: 100n } } });
    expect(await outcome(upgraded, 'increment')).toBe(101n);
    expect(await outcome(old, 'version')).toBe(1n);
    expect(await outcome(runtime, 'increment')).toBe(5n);
  });

  test('other contracts call the new code', async () => {
    await using runtime = await deployed({ executor });
    const source = `
      import { Address } from "blockstm/assembly";
      import { Counter } from "./counter.stub";
      export function version(at: Address): u64 { return new Counter(at).version(); }
    `;
    await withDirectory(async (directory) => {
      const { writeFile } = await import('node:fs/promises');
      await writeFile(`${directory}/counter.ts`, VERSION_1);
      const { wasm } = await compile({ source, name: 'caller', directory });
      const caller = await runtime.deploy(wasm, { address: CALLER });
      const ask = async () =>
        caller.decodeOutput('version', (await runtime.view(caller.transaction(alice, 'version', { at: AT }))).output);
      expect(await ask()).toBe(1n);
      await runtime.upgrade(AT, second(), { migrate });
      expect(await ask()).toBe(2n);
    });
  });
});

test('what cannot be upgraded is refused, and no block is made', async () => {
  await using runtime = await deployed();
  const { height } = runtime;
  const hash = await runtime.stateHash();
  const refused: [() => Promise<unknown>, object][] = [
    [() => runtime.upgrade(address(5), second(), { migrate }), { code: 'ERR_ARGUMENT' }],
    [() => runtime.upgrade(AT, first()), { code: 'ERR_ARGUMENT' }],
    [() => runtime.upgrade(AT, second()), { code: 'ERR_ARGUMENT', message: expect.stringContaining('by (u64)') }],
    [
      () => runtime.upgrade(AT, retyped()),
      { code: 'ERR_LAYOUT', message: expect.stringContaining('"count" is retyped') },
    ],
    [
      () => runtime.upgrade(AT, second(), { migrate: { args: { by: 0 } } }),
      { code: 'ERR_MIGRATE', name: 'FirstCallError', message: expect.stringContaining('a step is more than 0') },
    ],
  ];
  for (const [upgrade, error] of refused) await expect(upgrade()).rejects.toMatchObject(error);
  expect(runtime.height).toBe(height);
  expect(await runtime.stateHash()).toBe(hash);
  expect(await outcome(runtime, 'version')).toBe(1n);
  // Of what says nothing of where it keeps its state nobody knows that it is safe.
  const silent = textToWasm('(module (func (export "version")))');
  await expect(runtime.upgrade(AT, silent)).rejects.toMatchObject({ code: 'ERR_LAYOUT' });
  await runtime.upgrade(AT, retyped(), { allowUnsafe: true });
  expect(await outcome(runtime, 'version')).toBe(4n);
});

test.each(['memory', 'lmdb'])('%s: an upgrade outlasts a restart, replays, and is in a snapshot', async (kind) => {
  await withDirectory(async (directory) => {
    const memory = memoryStore();
    const open = () => (kind === 'memory' ? memory : lmdbStore(`${directory}/chain`));
    {
      await using runtime = await deployed({ store: open() });
      await outcome(runtime, 'increment');
      await runtime.upgrade(AT, second(), { migrate });
      await (await runtime.execute({ transactions: [call(runtime, 'increment')] })).durable;
    }
    await using runtime = await createRuntime({ limits: SMALL_MEMORY, store: open() });
    expect(await outcome(runtime, 'version')).toBe(2n);
    expect(await outcome(runtime, 'increment')).toBe(11n);
    await runtime.snapshot(`${directory}/snapshot`);
    expect(await runtime.replay()).toEqual({ blocks: 6, difference: undefined });
    await using other = await createRuntime({ limits: SMALL_MEMORY, store: memoryStore() });
    await other.restore(`${directory}/snapshot`);
    expect(await outcome(other, 'increment')).toBe(16n);
  });
});

const TAKEABLE = `
import { context, onlyOwner, setOwner, Value } from "blockstm/assembly";
const count = new Value<u64>();
@init export function start(): void { setOwner(context.sender()); }
@migrate export function migrate(): void { setOwner(context.sender()); }
export function reset(): void { onlyOwner(); count.remove(); }
`;

test('what begins a code’s life is called by its block, and by nobody else', async () => {
  await using runtime = await deployed();
  const mallory = address(66);
  const { wasm } = await compile({ source: TAKEABLE, name: 'counter' });
  const forward = `
    import { Address } from "blockstm/assembly";
    import { stageMethod, stageTarget, tryCallVoid } from "blockstm/assembly/call";
    export function start(at: Address): u32 { stageTarget(at); return tryCallVoid(stageMethod("start"), 0).status; }
    export function migrate2(at: Address): u32 { stageTarget(at); return tryCallVoid(stageMethod("migrate"), 0).status; }
  `;
  const caller = await runtime.deploy((await compile({ source: forward, name: 'caller' })).wasm, { address: CALLER });
  const taken = await runtime.upgrade(AT, wasm, { migrate: { sender: alice } });
  const fresh = await runtime.deploy(wasm, { address: address(72), init: { sender: alice } });
  for (const contract of [taken, fresh]) {
    for (const method of ['start', 'migrate']) {
      const { receipts } = await runtime.execute({ transactions: [contract.transaction(mallory, method)] });
      expect(receipts.get(0)).toMatchObject({ status: 'invalid', error: { code: 'unknownMethod' } });
    }
    for (const method of ['start', 'migrate2']) {
      const call = caller.transaction(mallory, method, { at: contract.address });
      const { receipts } = await runtime.execute({ transactions: [call] });
      // The status of what was called: invalid.
      expect(caller.decodeOutput(method, receipts.get(0).output)).toBe(3);
    }
    for (const [who, status] of [
      [mallory, 'reverted'],
      [alice, 'ok'],
    ] as const) {
      const { receipts } = await runtime.execute({ transactions: [contract.transaction(who, 'reset')] });
      expect(receipts.get(0).status).toBe(status);
    }
  }
});
