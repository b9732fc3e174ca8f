import { afterAll, expect, test } from 'vitest';
import type { Policy, Transaction } from '../../dist/host/index.js';
import { resolvePolicy } from '../../dist/host/runtime/policy.js';
import { address } from '../support/programs.js';
import { Random } from '../support/random.js';
import { describe as describeReceipt, Runtimes } from '../support/runtimes.js';
import { Stepper } from '../support/stepper.js';
import { textToWasm } from '../support/wasm-text.js';

const runtimes = new Runtimes();
afterAll(() => runtimes.close());
const alice = address(1);

/** Each changes something, in one way. */
const CHANGES: Readonly<Record<string, string>> = {
  write: '(call $store (call $slot))',
  remove: '(call $remove (call $slot))',
  add: '(drop (call $add (call $slot) (i64.const 1) (i64.const -1)))',
  subtract: '(drop (call $subtract (call $slot) (i64.const 1) (i64.const 0)))',
  event: '(call $push (i64.const 7)) (call $event (i32.const 0) (i32.const 8))',
};
const NAMES = Object.keys(CHANGES);

const read = '(drop (call $read (call $slot))) (call $push (call $take)) (call $output (i32.const 8))';
const METHODS: Readonly<Record<string, string>> = {
  ...CHANGES,
  ...Object.fromEntries(NAMES.map((name) => [`${name}Forbidden`, `(call $readonly) ${CHANGES[name]}`])),
  // Also what the call did before goes.
  ...Object.fromEntries(
    NAMES.map((name) => [`${name}Late`, `${CHANGES.write} (call $readonly) (call $readonly) ${CHANGES[name]}`]),
  ),
  look: `(call $readonly) ${read}`,
  lookTwice: `(call $readonly) ${read} ${read}`,
  looked: `${CHANGES.write} (call $readonly) ${read}`,
  trap: '(call $readonly) (unreachable)',
  spin: '(call $readonly) (loop $l (br $l))',
  fail: '(call $readonly) (call $push (i64.const 0x6f6e)) (call $revert (i32.const 2))',
};

const WASM = textToWasm(`(module
  (import "blockstm" "push" (func $push (param i64)))
  (import "blockstm" "take" (func $take (result i64)))
  (import "blockstm" "lookup" (func $lookup (param i32) (result i32)))
  (import "blockstm" "read" (func $read (param i32) (result i32)))
  (import "blockstm" "write" (func $write (param i32 i32)))
  (import "blockstm" "remove" (func $remove (param i32)))
  (import "blockstm" "add" (func $add (param i32 i64 i64) (result i32)))
  (import "blockstm" "subtract" (func $subtract (param i32 i64 i64) (result i32)))
  (import "blockstm" "event" (func $event (param i32 i32)))
  (import "blockstm" "output" (func $output (param i32)))
  (import "blockstm" "revert" (func $revert (param i32)))
  (import "blockstm" "readonly" (func $readonly))
  (func $slot (result i32) (call $push (i64.const 1)) (call $lookup (i32.const 8)))
  (func $store (param i32) (call $push (i64.const 7)) (call $write (local.get 0) (i32.const 8)))
  ${Object.entries(METHODS)
    .map(([name, body]) => `(func (export "${name}") ${body})`)
    .join(' ')})`);

const SETTINGS: { executor: 'sequential' | 'block-stm'; workers: number; policy?: Partial<Policy> }[] = [
  { executor: 'sequential', workers: 1 },
  { executor: 'block-stm', workers: 1 },
  { executor: 'block-stm', workers: 2 },
  { executor: 'block-stm', workers: 8 },
  { executor: 'block-stm', workers: 4, policy: { grain: 1 } },
  { executor: 'block-stm', workers: 4, policy: { deltas: false } },
];

async function deployed(setting: (typeof SETTINGS)[number]) {
  const runtime = await runtimes.get(setting);
  const contract = await runtime.deploy(WASM);
  const call = (method: string): Transaction => {
    return { sender: alice, contract: contract.address, method, input: new Uint8Array(0), gasLimit: 200_000 };
  };
  return { runtime, call };
}

const FORBIDDEN = NAMES.flatMap((name) => [`${name}Forbidden`, `${name}Late`]);

test.each(FORBIDDEN)('%s traps, and nothing is written or announced', async (method) => {
  for (const setting of SETTINGS) {
    const { runtime, call } = await deployed(setting);
    const { receipts, writeSet } = await runtime.execute({ transactions: [call(method), call(method)] });
    for (const receipt of receipts) {
      expect(receipt).toMatchObject({ status: 'trapped', error: { code: 'readOnly' }, events: [] });
      expect(receipt.error?.message).toContain('read-only');
    }
    expect(writeSet).toEqual([]);
    // The same in views, on a worker and on the thread of the runtime.
    for (let round = 0; round < 3; round++) expect(await runtime.view(call(method))).toEqual(receipts.get(0));
  }
});

test('a read-only call reads, also what it wrote before', async () => {
  const { runtime, call } = await deployed({ executor: 'block-stm', workers: 2 });
  const { receipts, writeSet } = await runtime.execute({ transactions: [call('write'), call('look'), call('looked')] });
  expect([...receipts].map(({ status, output }) => [status, output[0]])).toEqual([
    ['ok', undefined],
    ['ok', 7],
    ['ok', 7],
  ]);
  expect(writeSet.length).toBe(1);
  for (let round = 0; round < 3; round++) expect(await runtime.view(call('look'))).toMatchObject({ status: 'ok' });
});

test('no call is read-only because of the call before it, however that ended, under every executor', async () => {
  const enders = ['look', 'trap', 'spin', 'fail', ...FORBIDDEN];
  const methods = Array.from({ length: 600 }, (_, index) =>
    index % 2 === 0 ? (enders[(index * 7) % enders.length] as string) : (NAMES[(index * 3) % NAMES.length] as string),
  );
  const outcomes: string[][] = [];
  for (const setting of SETTINGS) {
    const { runtime, call } = await deployed(setting);
    const { receipts, writeSet } = await runtime.execute({ transactions: methods.map(call) });
    const codes = [...receipts].map(({ error }) => error?.code);
    for (const [index, method] of methods.entries()) {
      if (index % 2 === 1) expect([method, codes[index]]).not.toEqual([method, 'readOnly']);
      else if (FORBIDDEN.includes(method)) expect([method, codes[index]]).toEqual([method, 'readOnly']);
    }
    const written = writeSet.map(({ key, value }) => Buffer.from([...key, ...(value ?? [])]).toString('hex'));
    outcomes.push([...[...receipts].map(describeReceipt), ...written]);
    // Nor is a block because of a view.
    await runtime.view(call('look'));
    await runtime.view(call('look'));
    const after = await runtime.execute({ transactions: [call('write')] });
    expect(after.receipts.get(0).status).toBe('ok');
    expect((await runtime.view(call('event'))).status).toBe('ok');
    expect((await runtime.view(call('write'))).status).toBe('ok');
  }
  for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
  expect(outcomes[0]?.filter((line) => line.includes(' ok ')).length).toBeGreaterThan(200);
});

test('nor because of an incarnation that was read-only and ended early, under random schedules', async () => {
  const sequential = await Stepper.create(WASM, 1);
  const stepper = await Stepper.create(WASM, 3);
  const nobody = new Uint8Array(32);
  const methods = Array.from({ length: 40 }, (_, index) => ['add', 'look', 'add', 'lookTwice'][index % 4] as string);
  const transactions = methods.map(
    (method): Transaction => ({ sender: nobody, contract: nobody, method, input: new Uint8Array(0) }),
  );
  const { receipts, writeSet } = await sequential.run(transactions, new Random(1), 10_000);
  expect([...receipts].map(({ status }) => status)).toEqual(methods.map(() => 'ok'));
  let waits = 0;
  for (let schedule = 1; schedule <= 100; schedule++) {
    const stepped = await stepper.run(
      transactions,
      new Random(schedule),
      50_000,
      undefined,
      resolvePolicy({ grain: 1, deltas: false }),
    );
    expect(stepped, `schedule ${schedule}`).toMatchObject({ receipts, writeSet });
    waits += stepped.stats.dependencyWaits;
  }
  expect(waits).toBeGreaterThan(20);
});
