import { expect, test } from 'vitest';
import { latestWrites } from '../../dist/host/store/lmdb/latest-writes.js';

const HEAD_WORDS = 10;
const KEY_WORDS = 2;
const MULTIPLIER = 0x9e3779b1;

/** Writes of one contract, without values, with keys of two words. */
function log(keys: readonly (readonly [number, number])[]): Uint8Array {
  const words = new Uint32Array(keys.length * (HEAD_WORDS + KEY_WORDS));
  for (const [index, key] of keys.entries()) {
    const at = index * (HEAD_WORDS + KEY_WORDS);
    words[at + 8] = KEY_WORDS * 4;
    words.set(key, at + HEAD_WORDS);
  }
  return new Uint8Array(words.buffer);
}

/** Keys that a hash without a secret does not tell apart: the second word undoes the first. */
function colliding(count: number): [number, number][] {
  return Array.from({ length: count }, (_, index) => {
    let hash = Math.imul(8 ^ index, MULTIPLIER);
    hash ^= hash >>> 15;
    return [index, hash >>> 0];
  });
}

function milliseconds(keys: readonly (readonly [number, number])[]): number {
  const bytes = log(keys);
  const start = performance.now();
  const count = [...latestWrites([bytes], () => 0)].length;
  expect(count).toBe(keys.length);
  return performance.now() - start;
}

test('keys made to collide take as long as others', () => {
  milliseconds(colliding(10_000));
  const [few, many] = [10_000, 40_000].map((count) => Math.min(...[0, 1, 2].map(() => milliseconds(colliding(count)))));
  expect((many as number) / (few as number)).toBeLessThan(12);
});

test('of each location the last write, ascending', () => {
  const first = log([
    [3, 0],
    [1, 0],
    [2, 0],
  ]);
  const second = log([
    [2, 0],
    [0, 0],
  ]);
  const found = [...latestWrites([first, second], () => 0)];
  expect(found.map(({ bytes, keyAt }) => bytes[keyAt])).toEqual([0, 1, 2, 3]);
  expect(found.map(({ bytes }) => bytes === second)).toEqual([true, false, true, false]);
});
