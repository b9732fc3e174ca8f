import { expect, test } from 'vitest';
import { checkCounts, checkDependencies, checkSameGraph } from '../support/taped-properties.js';

test('the tapes of 3,000 random blocks agree with what the stepper counts', async () => {
  expect(Math.min(...Object.values(await checkCounts(3_000)))).toBeGreaterThan(1_000);
});

test('the dependencies of 5,000 random blocks are those that brute force finds', async () => {
  expect(await checkDependencies(5_000)).toBeGreaterThan(10_000);
});

test('the graphs of 3,000 random blocks of calls within calls are those of sequential execution', async () => {
  expect(await checkSameGraph(3_000)).toBeGreaterThan(10_000);
});
