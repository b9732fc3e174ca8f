import { expect, test } from 'vitest';
import { RandomStream } from '../../dist/bench/random.js';

test('a stream is the same on every machine', () => {
  const random = new RandomStream(1, 'golden');
  expect([random.uint32(), random.uint32(), random.uint32(), random.hex(4)]).toMatchInlineSnapshot(`
    [
      4280772087,
      2686120009,
      3861560008,
      "0x011b7281",
    ]
  `);
});

test('streams of other labels or seeds are others', () => {
  const starts = [
    new RandomStream(1, 'a'),
    new RandomStream(1, 'b'),
    new RandomStream(2, 'a'),
    new RandomStream(1, 'a', 0),
    new RandomStream(1, 'a', '0'),
  ].map((random) => random.uint32());
  expect(new Set(starts).size).toBe(starts.length);
});

test('every number below a bound is drawn about equally often', () => {
  const random = new RandomStream(1, 'uniform');
  const draws = 60_000;
  const counts = new Uint32Array(6);
  for (let draw = 0; draw < draws; draw++) {
    const number = random.below(6);
    counts[number] = (counts[number] ?? 0) + 1;
  }
  const expected = draws / 6;
  const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  // The 99.9% quantile for 5 degrees of freedom.
  expect(chiSquared).toBeLessThan(20.5);
});

test('bounds that do not divide 2^32 are not favoured at the low end', () => {
  const random = new RandomStream(1, 'bias');
  const bound = 3 * 2 ** 30;
  let low = 0;
  for (let draw = 0; draw < 20_000; draw++) if (random.below(bound) < 2 ** 30) low++;
  // A bare remainder would put half of the draws into the lowest third.
  expect(low / 20_000).toBeGreaterThan(0.31);
  expect(low / 20_000).toBeLessThan(0.36);
});
