import { expect, test } from 'vitest';
import { checkInterrupted } from '../support/stepped-property.js';

test.each([2, 3, 4, 6])('tens of thousands of interrupted schedules, %i workers', async (workers) => {
  expect(await checkInterrupted(workers, 40_000)).toBeGreaterThan(10_000);
});
