import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareGas } from '../../dist/host/cli/gas-comparison.js';
import { formatGasSnapshot, parseGasSnapshot, readGasRecord } from '../../dist/host/cli/gas-snapshot.js';

function call(method: string, gas: number, status = 'ok'): string {
  return `${JSON.stringify({ kind: 'call', contract: 'token', method, status, gas })}\n`;
}

function block(calls: number, aborts: number): string {
  return `${JSON.stringify({ kind: 'block', calls, aborts })}\n`;
}

function snapshotOf(text: string) {
  return readGasRecord('record', text);
}

describe('a record', () => {
  test('is summed up by method: calls that ended ok, least, lower median, most', () => {
    const { methods } = snapshotOf(
      [call('b', 4), call('a', 9), call('b', 1), call('b', 3), call('b', 2), call('b', 0, 'reverted')].join(''),
    );
    expect([...methods]).toEqual([
      ['token.a', { calls: 1, min: 9, median: 9, max: 9 }],
      ['token.b', { calls: 4, min: 1, median: 2, max: 4 }],
    ]);
  });

  test('counts aborts for 1,000 calls, of blocks in which there can be any', () => {
    expect(snapshotOf(call('a', 1) + block(1, 0)).abortsPerThousand).toBeUndefined();
    expect(snapshotOf(block(1, 0) + block(300, 1) + block(100, 0)).abortsPerThousand).toBe(2.5);
  });

  test('gives the same file in whatever order it was written, and the file gives it back', () => {
    const lines = fc.array(
      fc.tuple(fc.constantFrom('a', 'b', 'toString', '"'), fc.nat()).map(([name, gas]) => call(name, gas)),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(lines, fc.infiniteStream(fc.nat()), (written, random) => {
        const shuffled = written
          .map((line) => [random.next().value, line] as const)
          .sort(([left], [right]) => left - right);
        const text = formatGasSnapshot(snapshotOf(written.join('')));
        expect(formatGasSnapshot(snapshotOf(shuffled.map(([, line]) => line).join('')))).toBe(text);
        expect(parseGasSnapshot('file', text)).toEqual(snapshotOf(written.join('')));
      }),
    );
  });
});

test.each([
  ['', 'not JSON'],
  ['{}', 'schema: expected'],
  ['{"schema": "blockstm.gas-snapshot/1"}', 'methods: expected an object'],
  ['{"schema": "blockstm.gas-snapshot/1", "methods": {"a": {"calls": 1}}}', 'methods.a.min: expected a whole number'],
  ['{"schema": "blockstm.gas-snapshot/1", "methods": {}, "mehods": 1}', 'did you mean methods?'],
])('%s is no snapshot', (text, message) => {
  expect(() => parseGasSnapshot('file', text)).toThrow(message);
});

describe('a comparison', () => {
  const before = snapshotOf(call('a', 100) + call('b', 100) + block(1000, 10));
  const tolerance = { gas: 10, aborts: 5 };
  const states = (text: string, gas = tolerance.gas) =>
    compareGas(before, snapshotOf(text), { ...tolerance, gas }).methods.map(({ name, state }) => `${name} ${state}`);

  test('finds what is worse by more than the tolerance, on the percent', () => {
    expect(states(call('a', 110) + call('b', 111))).toEqual(['token.a tolerated', 'token.b worse']);
    expect(states(call('a', 100) + call('b', 101), 0)).toEqual(['token.a same', 'token.b worse']);
    expect(states(call('a', 99) + call('b', 100))).toEqual(['token.a better', 'token.b same']);
  });

  test('looks at the most too, where the median is the same', () => {
    expect(states(call('a', 100) + call('a', 100) + call('a', 500) + call('b', 100))[0]).toBe('token.a worse');
  });

  test('tells what is new and what is missing, and calls neither worse', () => {
    const compared = compareGas(before, snapshotOf(call('b', 100) + call('c', 1)), tolerance);
    expect(compared.methods.map(({ state }) => state)).toEqual(['missing', 'same', 'new']);
    expect(compared.isWorse).toBe(false);
  });

  test('finds aborts that are more by more than is tolerated', () => {
    const same = call('a', 100) + call('b', 100);
    expect(compareGas(before, snapshotOf(same + block(1000, 15)), tolerance).isWorse).toBe(false);
    expect(compareGas(before, snapshotOf(same + block(1000, 16)), tolerance).isWorse).toBe(true);
    expect(compareGas(before, snapshotOf(same), tolerance).aborts).toBeUndefined();
  });
});
