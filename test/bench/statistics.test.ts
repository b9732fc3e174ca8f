import { expect, test } from 'vitest';
import { bootstrapMedian, median } from '../../dist/bench/index.js';
import { RandomStream } from '../../dist/bench/random.js';

test('the median of an even number of values is the mean of the two in the middle', () => {
  expect(median([9, 1, 4])).toBe(4);
  expect(median([9, 1, 4, 5])).toBe(4.5);
  expect(() => median([])).toThrow(RangeError);
});

test('values that do not vary have an interval of no width', () => {
  expect(bootstrapMedian([1.5, 1.5, 1.5, 1.5], 1)).toEqual({ median: 1.5, low: 1.5, high: 1.5 });
  expect(bootstrapMedian([2], 1)).toEqual({ median: 2, low: 2, high: 2 });
});

test('the interval agrees with the exact one from order statistics', () => {
  // Of 25 values, the 8th and the 18th bound the median with 95.7% (binomial, n = 25, p = 1/2).
  const values = Array.from({ length: 25 }, (_, index) => ((index * 7) % 25) + 1);
  const { median: middle, low, high } = bootstrapMedian(values, 1);
  expect(middle).toBe(13);
  expect(Math.abs(low - 8)).toBeLessThanOrEqual(1);
  expect(Math.abs(high - 18)).toBeLessThanOrEqual(1);
});

test('about 95% of the intervals contain the true median', () => {
  const trials = 150;
  let covered = 0;
  for (let trial = 0; trial < trials; trial++) {
    const random = new RandomStream(trial, 'coverage');
    const values = Array.from({ length: 20 }, () => random.uint32() / 2 ** 32);
    const { low, high } = bootstrapMedian(values, trial);
    if (low <= 0.5 && high >= 0.5) covered++;
  }
  // Four standard deviations of a binomial with p = 0.95 are 7 points.
  expect(covered / trials).toBeGreaterThan(0.88);
  expect(covered / trials).toBeLessThan(1);
});

test('the same seed gives the same interval, another seed another', () => {
  const values = Array.from({ length: 100 }, (_, index) => Math.sqrt(index));
  expect(bootstrapMedian(values, 7)).toEqual(bootstrapMedian(values, 7));
  const intervals = [1, 2, 3, 4].map((seed) => JSON.stringify(bootstrapMedian(values, seed)));
  expect(new Set(intervals).size).toBeGreaterThan(1);
});
