import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CheckBudget, minimized, simplified } from '../../dist/host/testing/shrink.js';

test('what is needed is left, in its order, and nothing else', async () => {
  const scattered = fc.uniqueArray(fc.nat(199), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(scattered, fc.integer({ min: 1, max: 200 }), async (needed, extra) => {
      const items = Array.from({ length: Math.max(...needed) + extra }, (_, index) => index);
      const budget = new CheckBudget<number>(async (some) => needed.every((each) => some.includes(each)), 10_000);
      expect(await minimized(items, budget)).toEqual(needed.toSorted((a, b) => a - b));
    }),
  );
});

test('what needs one of two is left with one', async () => {
  const budget = new CheckBudget<number>(async (some) => some.includes(3) || some.includes(70), 10_000);
  expect(
    await minimized(
      Array.from({ length: 100 }, (_, index) => index),
      budget,
    ),
  ).toHaveLength(1);
});

test('an item is replaced by simpler ones as long as it shows', async () => {
  const budget = new CheckBudget<number>(async ([first, second]) => first === 7 && (second as number) >= 12, 10_000);
  const halved = (value: number): number[] => [0, value >> 1, value - 1].filter((each) => each < value && each >= 0);
  expect(await simplified([7, 1000], halved, budget)).toEqual([7, 12]);
});

test('the budget ends it, with what is known by then', async () => {
  const budget = new CheckBudget<number>(async (some) => some.includes(99), 3);
  const left = await minimized(
    Array.from({ length: 100 }, (_, index) => index),
    budget,
  );
  expect(left).toContain(99);
  expect(left.length).toBeGreaterThan(1);
  expect(budget.made).toBe(3);
});
