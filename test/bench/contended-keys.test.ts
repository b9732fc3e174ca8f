import { expect, test } from 'vitest';
import { ContendedKeys } from '../../dist/bench/contended-keys.js';

const key = (name: number, aborts: number) => ({
  contract: 'token',
  address: `0x${'00'.repeat(32)}`,
  field: 'balances',
  key: String(name),
  aborts,
});

test('a key that is the 25th of every block can be the first of all together', () => {
  const keys = new ContendedKeys();
  for (let block = 0; block < 10; block++) {
    // 24 that are of this block alone, each with more than the one that every block has.
    keys.add([...Array.from({ length: 24 }, (_, at) => key(100 * (block + 1) + at, 30 - at)), key(0, 6)]);
  }
  const most = keys.most();
  expect(most).toHaveLength(20);
  expect(most[0]).toEqual(key(0, 60));
  expect(most.slice(1, 11).map(({ aborts }) => aborts)).toEqual(Array(10).fill(30));
  expect(most.at(-1)?.aborts).toBe(29);
});
