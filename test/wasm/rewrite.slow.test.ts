import fc from 'fast-check';
import { expect, test } from 'vitest';
import { generateModule } from '../support/generated-module.js';
import { checkMutations } from '../support/mutated-bytes.js';
import { Random } from '../support/random.js';
import { checkEndless, checkFuzzed, checkRewrite, noCoverage } from '../support/rewrite-properties.js';
import { contractWasm } from '../support/runtimes.js';

test('5,000 generated modules behave as they did', () => {
  const coverage = noCoverage();
  fc.assert(
    fc.property(fc.integer(), (seed) => checkRewrite(seed, coverage)),
    { numRuns: 5000 },
  );
  expect(coverage.modules).toBeGreaterThanOrEqual(5000);
});

test('2,000 generated modules that may be endless end', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => void checkEndless(seed)),
    { numRuns: 2000 },
  );
});

test('40,000 mutated byte strings', async () => {
  const names = ['token', 'amm', 'program', 'counter'];
  const originals = await Promise.all(names.map(contractWasm));
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const random = new Random(seed);
      const generated = Array.from({ length: 5 }, () => generateModule(random, 100));
      expect(checkMutations(random, [...originals, ...generated], 2000).accepted).toBeGreaterThan(0);
    }),
    { numRuns: 20 },
  );
});

test("1,000 modules of binaryen's generator", async () => {
  const first = Math.floor(Math.random() * 2 ** 31);
  const coverage = noCoverage();
  await checkFuzzed({ first, count: 1000 }, coverage);
  const { returned, trapped, interrupted, ranOut } = coverage;
  expect(Math.min(returned, trapped, interrupted, ranOut)).toBeGreaterThan(100);
});
