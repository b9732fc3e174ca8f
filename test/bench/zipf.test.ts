import { expect, test } from 'vitest';
import { RandomStream } from '../../dist/bench/random.js';
import { ZipfDistribution } from '../../dist/bench/zipf.js';

const DRAWS = 40_000;

function counts(ranks: number, theta: number, seed: number): readonly number[] {
  const distribution = new ZipfDistribution(ranks, theta);
  const random = new RandomStream(seed, 'zipf');
  const found = new Array<number>(ranks).fill(0);
  for (let draw = 0; draw < DRAWS; draw++) {
    const rank = distribution.draw(random);
    found[rank] = (found[rank] as number) + 1;
  }
  return found;
}

// The formula of Gray et al. has no value for 1, and is wrong from there on.
test.each([0, 0.5, 0.99, 1, 1.3])('with theta %d every rank is drawn as often as Zipf says', (theta) => {
  const ranks = 20;
  const weights = Array.from({ length: ranks }, (_, rank) => 1 / (rank + 1) ** theta);
  const sum = weights.reduce((total, weight) => total + weight, 0);
  const chiSquared = counts(ranks, theta, 1).reduce((total, count, rank) => {
    const expected = (DRAWS * (weights[rank] as number)) / sum;
    return total + (count - expected) ** 2 / expected;
  }, 0);
  // The 99.9% quantile for 19 degrees of freedom.
  expect(chiSquared).toBeLessThan(43.8);
});

test('one rank is always drawn', () => {
  expect(counts(1, 0.99, 1)).toEqual([DRAWS]);
});

test('the rarest of many ranks is drawn too, and nothing past it', () => {
  const distribution = new ZipfDistribution(1_000_000, 0.99);
  const almostOne = { fraction: () => 1 - 2 ** -53 } as RandomStream;
  const zero = { fraction: () => 0 } as RandomStream;
  expect([distribution.draw(zero), distribution.draw(almostOne)]).toEqual([0, 999_999]);
});

test('fractions are below 1 and evenly spread', () => {
  const random = new RandomStream(1, 'fractions');
  const halves = [0, 0];
  for (let draw = 0; draw < 20_000; draw++) {
    const half = Math.floor(random.fraction() * 2);
    halves[half] = (halves[half] as number) + 1;
  }
  expect(halves.length).toBe(2);
  // Within five standard deviations.
  expect(Math.abs((halves[0] as number) - 10_000)).toBeLessThan(5 * Math.sqrt(5_000));
});
