import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { encodeInput } from '../../dist/host/contract/codec.js';
import type { ContractInterface } from '../../dist/host/contract/interface.js';
import {
  type Contract,
  createRuntime,
  KERNEL_GAS,
  type Policy,
  type Runtime,
  type Transaction,
} from '../../dist/host/index.js';
import { resolvePolicy } from '../../dist/host/runtime/policy.js';
import { Hashing, hashingWasm, hex, message, signed } from '../support/hashing.js';
import { address } from '../support/programs.js';
import { Random } from '../support/random.js';
import { contractWasm, describe as describeReceipt, SMALL_MEMORY } from '../support/runtimes.js';
import { Stepper } from '../support/stepper.js';
import { threadsOf } from '../support/threads.js';
import { textToWasm } from '../support/wasm-text.js';

const alice = address(1);
let wasm: Uint8Array;
let hashing: Hashing;
let runtime: Runtime;
let contract: Contract;
beforeAll(async () => {
  wasm = await hashingWasm();
  hashing = await Hashing.open();
  ({ runtime, contract } = hashing);
}, 60_000);
afterAll(() => hashing[Symbol.asyncDispose]());

/** Every number that an import could be given wrongly, in a method each. `stage` words, then the import. */
const HOSTILE: Readonly<Record<string, string>> = {
  none: '(call $hash (i32.const 0) (i32.const 1))',
  tooMany: '(call $stage (i32.const 2)) (call $hash (i32.const 0) (i32.const 8))',
  tooFew: '(call $stage (i32.const 2)) (call $hash (i32.const 2) (i32.const 17))',
  negative: '(call $hash (i32.const 0) (i32.const -1))',
  wraps: '(call $hash (i32.const 0) (i32.const -7))',
  long: '(call $stage (i32.const 8256)) (call $hash (i32.const 0) (i32.const 66049))',
  kind: '(call $hash (i32.const 3) (i32.const 0))',
  kindNegative: '(call $hash (i32.const -1) (i32.const 0))',
  kindHuge: '(call $hash (i32.const 0x40000000) (i32.const 0))',
  unsigned: '(drop (call $verify (i32.const 0)))',
  shortSignature: '(call $stage (i32.const 11)) (drop (call $verify (i32.const 0)))',
  verifyNegative: '(call $stage (i32.const 12)) (drop (call $verify (i32.const -1)))',
  verifyWraps: '(drop (call $verify (i32.const -96)))',
  verifyLong: '(call $stage (i32.const 8256)) (drop (call $verify (i32.const 65953)))',
  all: '(call $stage (i32.const 8256)) (call $hash (i32.const 0) (i32.const 66048)) (call $give)',
  allButWord: '(call $stage (i32.const 8256)) (call $hash (i32.const 2) (i32.const 66041)) (call $give)',
  verifyAll:
    '(call $stage (i32.const 8256)) (call $push (i64.extend_i32_u (call $verify (i32.const 65952)))) (call $output (i32.const 8))',
  pastDigest:
    '(call $hash (i32.const 0) (i32.const 0)) (drop (call $take)) (drop (call $take)) (drop (call $take)) (drop (call $take)) (call $push (call $take)) (call $output (i32.const 8))',
};

const HOSTILE_WASM = textToWasm(`(module
  (import "blockstm" "push" (func $push (param i64)))
  (import "blockstm" "take" (func $take (result i64)))
  (import "blockstm" "output" (func $output (param i32)))
  (import "blockstm" "hash" (func $hash (param i32 i32)))
  (import "blockstm" "verify" (func $verify (param i32) (result i32)))
  (func $stage (param i32) (loop $l (call $push (i64.const -1)) (br_if $l (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))))
  (func $give (call $push (call $take)) (call $push (call $take)) (call $push (call $take)) (call $push (call $take)) (call $output (i32.const 32)))
  ${Object.entries(HOSTILE)
    .map(([name, body]) => `(func (export "${name}") ${body})`)
    .join(' ')})`);

const PLENTY = 10_000_000_000_000;

test('wrong lengths, words and kinds end the call, and nothing else does', async () => {
  const hostile = await runtime.deploy(HOSTILE_WASM);
  const transactions = Object.keys(HOSTILE).map(
    (method): Transaction => ({
      sender: alice,
      contract: hostile.address,
      method,
      input: new Uint8Array(0),
      gasLimit: PLENTY,
    }),
  );
  const { receipts } = await runtime.execute({ transactions });
  const ends = [...receipts].map(({ error, output }, index) => [
    transactions[index]?.method,
    error?.code ?? hex(output),
  ]);
  const full = new Uint8Array(66_048).fill(255);
  expect(Object.fromEntries(ends)).toEqual({
    ...Object.fromEntries(Object.keys(HOSTILE).map((name) => [name, 'stagedWords'])),
    kind: 'hashKind',
    kindNegative: 'hashKind',
    kindHuge: 'hashKind',
    all: createHash('sha256').update(full).digest('hex'),
    allButWord: expect.stringMatching(/^[0-9a-f]{64}$/),
    verifyAll: '0000000000000000',
    pastDigest: '0000000000000000',
  });
});

test('each kind and each byte is charged, a signature as what it takes, and before it is computed', async () => {
  const hostile = await runtime.deploy(HOSTILE_WASM);
  const run = async (method: string, gasLimit: number) => {
    const call = { sender: alice, contract: hostile.address, method, input: new Uint8Array(0), gasLimit };
    return (await runtime.execute({ transactions: [call] })).receipts.get(0);
  };
  const gasOf = async (method: string, bytes: number): Promise<number> => {
    const call = contract.transaction(alice, method, { message: new Uint8Array(bytes) });
    return (await runtime.execute({ transactions: [call] })).receipts.get(0).gasUsed;
  };
  for (const [method, kind] of [
    ['sha', 'sha256'],
    ['keccak', 'keccak256'],
    ['blake', 'blake3'],
  ] as const) {
    const [empty, long] = [await gasOf(method, 0), await gasOf(method, 8000)];
    expect(empty).toBeGreaterThan(KERNEL_GAS[kind]);
    expect(empty).toBeLessThan(KERNEL_GAS[kind] + 10_000);
    expect(long - empty).toBeGreaterThan(8000 * KERNEL_GAS[`${kind}Byte`]);
  }
  const { gasUsed } = await run('verifyAll', PLENTY);
  expect(gasUsed).toBeGreaterThan(KERNEL_GAS.verify + 65_952 * KERNEL_GAS.verifyByte);
  expect(await run('verifyAll', gasUsed)).toMatchObject({ status: 'ok', gasUsed });
  for (const gasLimit of [gasUsed - 1, KERNEL_GAS.verify - 1])
    expect(await run('verifyAll', gasLimit)).toMatchObject({ status: 'outOfGas', gasUsed: gasLimit });
  expect(await run('all', 500_000)).toMatchObject({ status: 'outOfGas', gasUsed: 500_000 });
});

const SETTINGS: { executor: 'sequential' | 'block-stm'; workers: number; policy?: Partial<Policy> }[] = [
  { executor: 'sequential', workers: 1 },
  { executor: 'block-stm', workers: 1 },
  { executor: 'block-stm', workers: 2 },
  { executor: 'block-stm', workers: 8 },
  { executor: 'block-stm', workers: 4, policy: { grain: 1 } },
];

test('calls that hash what others leave give the same under every executor', async () => {
  const right = signed(message(50));
  const outcomes: string[][] = [];
  for (const setting of SETTINGS) {
    const runtime = await hashing.runtimes.get(setting);
    const contract = await runtime.deploy(wasm);
    const transactions = Array.from({ length: 400 }, (_, at) => {
      if (at % 50 === 49) return contract.transaction(alice, 'check', { ...right });
      return contract.transaction(alice, 'append', { at: BigInt(at), message: message(at % 200) });
    });
    const { receipts, writeSet } = await runtime.execute({ transactions });
    const written = writeSet.map(({ key, value }) => hex(Uint8Array.from([...key, ...(value ?? [])])));
    outcomes.push([...[...receipts].map(describeReceipt), ...written]);
  }
  for (const outcome of outcomes) expect(outcome).toEqual(outcomes[0]);
  expect(outcomes[0]?.filter((line) => line.includes(' ok ')).length).toBe(400);
});

test('views give the same on every thread, before the method has run on a worker and after', async () => {
  const right = signed(message(50));
  const calls = [
    contract.transaction(alice, 'sha', { message: message(100) }),
    contract.transaction(alice, 'keccak', { message: message(1000) }),
    contract.transaction(alice, 'blake', { message: message(60_000) }),
    contract.transaction(alice, 'check', { ...right }),
  ];
  const { receipts } = await runtime.execute({ transactions: calls });
  for (const [index, call] of calls.entries()) {
    for (let round = 0; round < 3; round++)
      expect(await runtime.view(call)).toEqual({ ...receipts.get(index), index: 0 });
  }
});

test('workers that take the place of others can hash and verify', async () => {
  let restarted: Runtime | undefined;
  const threads = await threadsOf(async () => {
    restarted = await createRuntime({ workers: 2, limits: SMALL_MEMORY });
  });
  await using own = restarted as unknown as Runtime;
  const token = await own.deploy(await contractWasm('token'));
  const contract = await own.deploy(wasm);
  for (const thread of threads) await thread.terminate();
  const { receipts } = await own.execute({
    transactions: [
      token.transaction(alice, 'mint', { to: alice, amount: 1n }),
      contract.transaction(alice, 'sha', { message: message(10) }),
      contract.transaction(alice, 'check', { ...signed(message(10)) }),
    ],
  });
  expect([...receipts].map(({ status }) => status)).toEqual(['ok', 'ok', 'ok']);
});

test('the same under random schedules of virtual workers', async () => {
  const sequential = await Stepper.create(wasm, 1);
  const stepper = await Stepper.create(wasm, 4);
  const nobody = new Uint8Array(32);
  const transactions = Array.from({ length: 40 }, (_, at): Transaction => {
    const input = encodeInput(contract.interface as ContractInterface, 'append', {
      at: BigInt(at),
      message: message(at),
    });
    return { sender: nobody, contract: nobody, method: 'append', input };
  });
  const policy = resolvePolicy({ grain: 1 });
  const { receipts, writeSet } = await sequential.run(transactions, new Random(1), 10_000);
  let aborts = 0;
  for (let schedule = 1; schedule <= 30; schedule++) {
    const stepped = await stepper.run(transactions, new Random(schedule), 50_000, undefined, policy);
    expect(stepped, `schedule ${schedule}`).toMatchObject({ receipts, writeSet });
    aborts += stepped.stats.aborts;
  }
  expect(aborts).toBeGreaterThan(10);
});
