import { expect, test } from 'vitest';
import { firstDifference } from '../../dist/bench/index.js';
import type { BlockResult, Receipt, WriteSetEntry } from '../../dist/host/index.js';

const address = new Uint8Array(32).fill(7);
const event = { contract: address, topic: Uint8Array.of(1), data: Uint8Array.of(2) };

const receipts: readonly Receipt[] = [
  { index: 0, status: 'ok', gasUsed: 5000, output: Uint8Array.of(1), events: [event] },
  {
    index: 1,
    status: 'reverted',
    gasUsed: 4000,
    output: new Uint8Array(0),
    events: [],
    error: { code: 'revert', message: 'no' },
  },
];

const writeSet: readonly WriteSetEntry[] = [
  { contract: address, key: Uint8Array.of(1), value: Uint8Array.of(9) },
  { contract: address, key: Uint8Array.of(2), value: undefined },
];

interface Parts {
  readonly receipts: readonly Receipt[];
  readonly writeSet: readonly WriteSetEntry[];
  readonly hash: string;
}

function result(change: Partial<Parts> = {}): BlockResult {
  const parts = { receipts, writeSet, hash: 'aa', ...change };
  return {
    height: 1n,
    receipts: {
      length: parts.receipts.length,
      get: (index: number) => parts.receipts[index] as Receipt,
      [Symbol.iterator]: () => parts.receipts[Symbol.iterator](),
    },
    writeSet: parts.writeSet,
    // Executors differ in these, and nobody compares them.
    stats: {} as BlockResult['stats'],
    telemetry: undefined,
    stateHash: async () => parts.hash,
    get durable(): never {
      throw new Error('nobody compares it');
    },
  };
}

function withReceipt(index: number, change: Partial<Receipt>): Partial<Parts> {
  return { receipts: receipts.map((receipt, at) => (at === index ? { ...receipt, ...change } : receipt)) };
}

function withWrite(index: number, change: Partial<WriteSetEntry>): Partial<Parts> {
  return { writeSet: writeSet.map((entry, at) => (at === index ? { ...entry, ...change } : entry)) };
}

test('equal results have no difference', async () => {
  expect(await firstDifference(result(), result())).toBeUndefined();
});

test.each<[string, Partial<Parts>, string]>([
  ['a receipt is missing', { receipts: receipts.slice(0, 1) }, '1 receipts, expected 2'],
  ['a status', withReceipt(0, { status: 'trapped' }), 'receipt 0: status is trapped, expected ok'],
  ['an output', withReceipt(0, { output: Uint8Array.of(2) }), 'receipt 0: output is 0x02, expected 0x01'],
  ['no event', withReceipt(0, { events: [] }), 'receipt 0: events is none, expected 0x0707'],
  ['the data of an event', withReceipt(0, { events: [{ ...event, data: Uint8Array.of(3) }] }), 'receipt 0: events is'],
  [
    'an error code',
    withReceipt(1, { error: { code: 'x', message: 'no' } }),
    'receipt 1: error code is x, expected revert',
  ],
  [
    'an error message',
    withReceipt(1, { error: { code: 'revert', message: 'yes' } }),
    'receipt 1: error message is yes',
  ],
  ['a written value', withWrite(0, { value: Uint8Array.of(8) }), 'write set, entry 0: is contract 0x0707'],
  ['a removal', withWrite(0, { value: undefined }), 'value removed, expected contract'],
  ['a value in place of a removal', withWrite(1, { value: new Uint8Array(0) }), 'write set, entry 1: is'],
  ['a key', withWrite(1, { key: Uint8Array.of(3) }), 'key 0x03, value removed, expected contract'],
  ['a contract', withWrite(1, { contract: new Uint8Array(32) }), 'write set, entry 1: is contract 0x0000'],
  ['a write is missing', { writeSet: writeSet.slice(0, 1) }, 'write set, entry 1: is absent, expected contract'],
  ['a write too many', { writeSet: [...writeSet, ...writeSet] }, 'expected absent'],
  ['the state', { hash: 'bb' }, 'state hash is bb, expected aa'],
])('%s', async (_, change, difference) => {
  expect(await firstDifference(result(change), result())).toContain(difference);
});
