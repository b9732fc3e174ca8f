import fc from 'fast-check';
import { expect, test } from 'vitest';
import { generateModule } from '../support/generated-module.js';
import { checkMutations } from '../support/mutated-bytes.js';
import { Random } from '../support/random.js';
import { checkEndless, checkFuzzed, checkRewrite, noCoverage } from '../support/rewrite-properties.js';
import { contractWasm } from '../support/runtimes.js';

test('generated modules: encoded and instrumented they behave as they did, are charged the same, and leave nothing', () => {
  const coverage = noCoverage();
  fc.assert(
    fc.property(fc.integer(), (seed) => checkRewrite(seed, coverage)),
    // One module in twenty grows its memory. 5,000 in rewrite.slow.test.ts.
    { numRuns: 200 },
  );
  const { returned, trapped, grown, interrupted, ranOut } = coverage;
  expect(Math.min(returned, trapped, interrupted, ranOut)).toBeGreaterThan(40);
  expect(grown).toBeGreaterThan(0);
});

test('generated modules that may be endless end on their gas, and leave nothing', () => {
  let spent = 0;
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      spent += checkEndless(seed).ranOut;
    }),
    { numRuns: 100 },
  );
  expect(spent).toBeGreaterThan(10);
});

test('mutated bytes: no error but our own, and nothing is accepted that V8 refuses', async () => {
  const originals = [await contractWasm('token'), await contractWasm('amm'), generateModule(new Random(3), 100)];
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      const { accepted, malformed } = checkMutations(new Random(seed), originals, 500);
      expect(accepted).toBeGreaterThan(0);
      expect(malformed).toBeGreaterThan(0);
    }),
    { numRuns: 5 },
  );
});

test("modules of binaryen's generator", async () => {
  const coverage = noCoverage();
  await checkFuzzed({ first: 1, count: 5 }, coverage);
  expect(coverage.returned).toBeGreaterThan(4);
});
