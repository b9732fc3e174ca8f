import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Contract, createRuntime, type Receipt, type Runtime, type Transaction } from '../../dist/host/index.js';
import { linkAddress } from '../support/links.js';
import { address } from '../support/programs.js';
import { describe as describeReceipt, SMALL_MEMORY } from '../support/runtimes.js';
import { textToWasm } from '../support/wasm-text.js';

/** Contracts in WebAssembly text, that do what no compiler lets an author do. All use each other by the first word of the address. */

const IMPORTS = `
  (import "blockstm" "push" (func $push (param i64)))
  (import "blockstm" "push4" (func $push4 (param i64 i64 i64 i64)))
  (import "blockstm" "take" (func $take (result i64)))
  (import "blockstm" "lookup" (func $lookup (param i32) (result i32)))
  (import "blockstm" "read" (func $read (param i32) (result i32)))
  (import "blockstm" "has" (func $has (param i32) (result i32)))
  (import "blockstm" "write" (func $write (param i32 i32)))
  (import "blockstm" "remove" (func $remove (param i32)))
  (import "blockstm" "add" (func $add (param i32 i64 i64) (result i32)))
  (import "blockstm" "input" (func $input (result i32)))
  (import "blockstm" "output" (func $output (param i32)))
  (import "blockstm" "revert" (func $revert (param i32)))
  (import "blockstm" "sender" (func $sender))
  (import "blockstm" "event" (func $event (param i32 i32)))
  (import "blockstm" "call" (func $call (param i32 i32 i32) (result i64)))
  (func $give (param i64) (call $push (local.get 0)) (call $output (i32.const 8)))
  (func $key (param i64) (result i32) (call $push (local.get 0)) (call $lookup (i32.const 8)))
  (func $store (param $slot i32) (param i64) (call $push (local.get 1)) (call $write (local.get $slot) (i32.const 8)))
  (func $load (param $slot i32) (result i64) (drop (call $read (local.get $slot))) (call $take))
  ;; Calls the method of one letter of contract $to with one word. Returns what \`call\` does.
  (func $ask (param $to i64) (param $method i64) (param $word i64) (param $mode i32) (result i64)
    (call $push4 (local.get $to) (i64.const 0) (i64.const 0) (i64.const 0))
    (call $push (local.get $method)) (call $push (local.get $word))
    (call $call (i32.const 1) (i32.const 8) (local.get $mode)))
  (func $word (result i64) (drop (call $input)) (call $take))`;

const LETTER = (name: string): string => `(i64.const ${name.charCodeAt(0)})`;
const method = (name: string, body: string): string => `(func (export "${name}") ${body})`;
const USER = 1;
const THIEF = 2;

/** Has two values, and asks the thief for something in between. */
const USER_METHODS = [
  // The slot is the first of the transaction; the thief has the second.
  method(
    's',
    `(local $slot i32) (local $told i64)
     (local.set $slot (call $key (i64.const 5)))
     (call $store (local.get $slot) (i64.const 77))
     (local.set $told (call $ask (i64.const ${THIEF}) (call $word) (i64.const 0) (i32.const 1)))
     (if (i64.ne (call $load (local.get $slot)) (i64.const 77)) (then (unreachable)))
     (call $give (i64.shr_u (local.get $told) (i64.const 32)))`,
  ),
  // The other way round: what the thief has looked up.
  method(
    't',
    `(drop (call $key (i64.const 5)))
     (drop (call $ask (i64.const ${THIEF}) ${LETTER('k')} (i64.const 0) (i32.const 0)))
     (drop (call $read (i32.wrap_i64 (call $word)))) (call $give (i64.const 1))`,
  ),
  // Words and cursors are each contract's own.
  method(
    'c',
    `(call $push (i64.const 1)) (call $push (i64.const 2))
     (call $push (i64.const 3)) (call $output (i32.const 24))
     (drop (call $input)) (drop (call $ask (i64.const ${THIEF}) ${LETTER('i')} (i64.const 42) (i32.const 0)))
     (call $push (call $take)) (call $push (call $take)) (call $push (call $take)) (call $output (i32.const 24))`,
  ),
  // Something is left staged by who fails, and the cursor is on the message.
  method(
    'm',
    `(call $push (i64.shr_u (call $ask (i64.const ${THIEF}) ${LETTER('r')} (i64.const 42) (i32.const 1)) (i64.const 32)))
     (call $push (call $take)) (call $push (call $take)) (call $output (i32.const 24))`,
  ),
  // Memory that has grown and been written is another's, the second time too.
  method(
    'g',
    `(local $a i64) (local $b i64) (local $c i64) (local $d i64)
     (local.set $a (call $asked ${LETTER('g')})) (local.set $b (call $asked ${LETTER('g')}))
     (local.set $c (call $asked ${LETTER('h')})) (local.set $d (call $asked ${LETTER('g')}))
     (call $push4 (local.get $a) (local.get $b) (local.get $c) (local.get $d)) (call $output (i32.const 32))`,
  ),
  `(func $asked (param i64) (result i64)
     (drop (call $ask (i64.const ${THIEF}) (local.get 0) (i64.const 0) (i32.const 1))) (call $take))`,
  // Modes that there are not, words that do not fit, names that are too long.
  method('o', `(drop (call $ask (i64.const ${THIEF}) ${LETTER('k')} (i64.const 0) (i32.const 2)))`),
  method('w', '(call $push (i64.const 1)) (drop (call $ask (i64.const 2) (i64.const 1) (i64.const 0) (i32.const 1)))'),
  method(
    'n',
    `(local $i i32) (loop $l (call $push (i64.const 7)) (br_if $l (i32.lt_u (local.tee $i (i32.add (local.get $i) (i32.const 1))) (i32.const 37))))
     (drop (call $call (i32.const 257) (i32.const 0) (i32.const 1)))`,
  ),
  method(
    'e',
    `(call $push4 (i64.const ${THIEF}) (i64.const 0) (i64.const 0) (i64.const 0))
     (call $give (i64.shr_u (call $call (i32.const 0) (i32.const 0) (i32.const 1)) (i64.const 32)))`,
  ),
  // Itself, directly and through another.
  method('x', `(call $give (call $ask (i64.const ${USER}) ${LETTER('x')} (i64.const 0) (i32.const 1)))`),
  method(
    'y',
    `(call $push (call $ask (i64.const ${THIEF}) ${LETTER('b')} (i64.const 0) (i32.const 1))) (call $push (call $take)) (call $output (i32.const 16))`,
  ),
  method('z', `(drop (call $ask (i64.const ${THIEF}) ${LETTER('q')} (i64.const 0) (i32.const 0)))`),
  // Calls without end: each costs.
  method('l', `(loop $l (drop (call $ask (i64.const ${THIEF}) ${LETTER('k')} (i64.const 0) (i32.const 1))) (br $l))`),
  // Adds, and has the other one read the sum of a counter of its own that it adds to in vain.
  method(
    'd',
    `(local $slot i32) (local.set $slot (call $key (i64.const 9)))
     (drop (call $add (local.get $slot) (i64.const 5) (i64.const -1)))
     (drop (call $ask (i64.const ${THIEF}) ${LETTER('d')} (i64.const 0) (i32.const 1)))
     (drop (call $add (local.get $slot) (i64.const 6) (i64.const -1)))
     (call $give (i64.const 1))`,
  ),
  method('b', '(call $give (i64.const 1))'),
];

const THIEF_METHODS = [
  method('u', '(drop (call $read (i32.const 0)))'),
  method('v', '(drop (call $has (i32.const 0)))'),
  method('p', '(call $store (i32.const 0) (i64.const 13))'),
  method('e', '(call $remove (i32.const 0))'),
  method('a', '(drop (call $add (i32.const 0) (i64.const 13) (i64.const -1)))'),
  method('f', '(drop (call $read (i32.const -1)))'),
  method('j', '(drop (call $key (i64.const 8))) (drop (call $read (i32.const 2)))'),
  // Its own, which happens to have the same key.
  method('k', '(call $store (call $key (i64.const 5)) (i64.const 13))'),
  method(
    'i',
    '(call $push (call $take)) (call $push (call $word)) (call $sender) (call $push (call $take)) (call $output (i32.const 24))',
  ),
  method(
    'r',
    '(call $push (i64.const 9)) (call $event (i32.const 8) (i32.const 0)) (call $push (i64.const 0x6c6c6977)) (call $revert (i32.const 4))',
  ),
  // Grows, writes to what it got, and says how much there was, and what was in it.
  method(
    'g',
    `(local $old i32) (local.set $old (memory.grow (i32.const 1)))
     (call $give (i64.add (i64.extend_i32_u (local.get $old)) (i64.load (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 8)))))
     (i64.store (i32.sub (i32.shl (memory.size) (i32.const 16)) (i32.const 8)) (i64.const 1000)) (i64.store (i32.const 8) (i64.const 1))`,
  ),
  method('h', '(drop (memory.grow (i32.const 1))) (i64.store (i32.const 8) (i64.const 5)) (unreachable)'),
  method(
    'b',
    `(call $give (i64.shr_u (call $ask (i64.const ${USER}) ${LETTER('b')} (i64.const 0) (i32.const 1)) (i64.const 32)))`,
  ),
  method('q', `(drop (call $ask (i64.const ${USER}) ${LETTER('b')} (i64.const 0) (i32.const 0)))`),
  method(
    'd',
    `(local $slot i32) (local.set $slot (call $key (i64.const 9)))
     (drop (call $add (local.get $slot) (i64.const 100) (i64.const 150)))
     (drop (call $load (local.get $slot))) (call $store (local.get $slot) (i64.const 3)) (unreachable)`,
  ),
];

const sender = address(3);
const runtimes: Runtime[] = [];
let user: Contract;
beforeAll(async () => {
  for (const options of [
    { executor: 'sequential', workers: 1 },
    { executor: 'block-stm', workers: 3, policy: { grain: 1 } },
  ] as const) {
    const runtime = await createRuntime({ ...options, limits: SMALL_MEMORY });
    runtimes.push(runtime);
    const wasm = (methods: string[]) => textToWasm(`(module ${IMPORTS} (memory 1) ${methods.join(' ')})`);
    user = await runtime.deploy(wasm(USER_METHODS), { address: linkAddress(USER) });
    await runtime.deploy(wasm(THIEF_METHODS), { address: linkAddress(THIEF) });
  }
}, 60_000);
afterAll(async () => {
  for (const runtime of runtimes) await runtime.close();
});

function call(name: string, word: bigint | string = 0n, gasLimit = 50_000_000): Transaction {
  const input = new Uint8Array(8);
  new DataView(input.buffer).setBigUint64(0, typeof word === 'string' ? BigInt(word.charCodeAt(0)) : word, true);
  return { sender, contract: user.address, method: name, input, gasLimit };
}

/** What becomes of calls under both executors, in one block of many of them. */
async function run(...transactions: Transaction[]): Promise<Receipt[]> {
  const lines: string[][] = [];
  let receipts: Receipt[] = [];
  for (const runtime of runtimes) {
    await using fork = runtime.fork();
    const many = Array.from({ length: 10 }, () => transactions).flat();
    const result = await fork.execute({ transactions: many });
    receipts = [...result.receipts].slice(0, transactions.length);
    lines.push([...[...result.receipts].map(describeReceipt), await fork.stateHash()]);
  }
  expect(lines[1]).toEqual(lines[0]);
  return receipts;
}

function wordsOf({ output }: Receipt): bigint[] {
  const view = new DataView(output.buffer, output.byteOffset, output.length);
  return Array.from({ length: output.length / 8 }, (_, index) => view.getBigUint64(index * 8, true));
}

describe('a slot is the contract’s that looked it up', () => {
  test.each(['u', 'v', 'p', 'e', 'a', 'f', 'j'])('another that guesses it fails: %s', async (way) => {
    const [receipt] = await run(call('s', way));
    // Trapped, and the value is as it was.
    expect(wordsOf(receipt as Receipt)).toEqual([2n]);
  });

  test('also one whose caller guesses it, and one of the same key', async () => {
    const receipts = await run(call('t', 1n), call('t', 2n), call('t', 0n), call('s', 'k'));
    const [guessed, beyond, own, sameKey] = receipts;
    expect(guessed).toMatchObject({ status: 'trapped', error: { code: 'slot' } });
    expect(beyond).toMatchObject({ status: 'trapped', error: { code: 'slot' } });
    expect(own?.status).toBe('ok');
    expect(wordsOf(sameKey as Receipt)).toEqual([0n]);
  });
});

test('input, output, words and cursor are each contract’s own', async () => {
  const [words, message] = await run(call('c', 41n), call('m'));
  // The callee’s cursor is on nothing at first; its input is what it was given; its sender is the contract.
  expect(wordsOf(words as Receipt)).toEqual([0n, 42n, BigInt(USER)]);
  expect(wordsOf(message as Receipt)).toEqual([1n, 0x6c6c6977n, 0n]);
  expect(message?.events).toEqual([]);
});

test('an instance that has grown or trapped is as new when it is called again in the same transaction', async () => {
  const [receipt] = await run(call('g'));
  expect(wordsOf(receipt as Receipt)).toEqual([1n, 1n, 0n, 1n]);
});

test('a contract cannot be entered again while it is on the stack', async () => {
  const [itself, other, failing] = await run(call('x'), call('y'), call('z'));
  expect(wordsOf(itself as Receipt)).toEqual([2n << 32n]);
  expect(wordsOf(other as Receipt)).toEqual([8n, 2n]);
  expect(failing).toMatchObject({ status: 'trapped', error: { code: 'reentrance' } });
});

test('what is staged for a call must fit', async () => {
  const receipts = await run(call('o'), call('w'), call('n'), call('e'));
  expect(receipts.slice(0, 3).map(({ error }) => error?.code)).toEqual(['callMode', 'stagedWords', 'valueLength']);
  // No method has an empty name: invalid.
  expect(wordsOf(receipts[3] as Receipt)).toEqual([3n]);
});

test('calls without end use up the gas', async () => {
  const [receipt] = await run(call('l', 0n, 3_000_000));
  expect(receipt).toMatchObject({ status: 'outOfGas', gasUsed: 3_000_000 });
});

test('what a call in vain added to a counter that it then read and wrote is undone', async () => {
  const transactions = Array.from({ length: 50 }, () => call('d'));
  for (const runtime of runtimes) {
    await using fork = runtime.fork();
    const { receipts, writeSet } = await fork.execute({ transactions });
    expect([...receipts].every(({ status }) => status === 'ok')).toBe(true);
    expect(writeSet.map(({ contract, value }) => [contract[0], value?.[0], value?.[1]])).toEqual([
      [USER, 550 & 255, 550 >> 8],
    ]);
  }
});
