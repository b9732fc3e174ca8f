import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fuzzedModule } from '../support/fuzzed-module.js';
import { generateModule } from '../support/generated-module.js';
import { checkOffsets } from '../support/offset-properties.js';
import { Random } from '../support/random.js';
import { contractWasm } from '../support/runtimes.js';

test.each(['token', 'amm', 'program'])('every instruction of %s is found again', async (name) => {
  expect(checkOffsets(await contractWasm(name))).toBeGreaterThan(500);
});

test('generated modules: every instruction is found again', () => {
  fc.assert(
    fc.property(fc.integer(), (seed) => {
      expect(checkOffsets(generateModule(new Random(seed), 200))).toBeGreaterThan(50);
    }),
    { numRuns: 30 },
  );
});

test("modules of binaryen's generator: every instruction is found again", async () => {
  for (let seed = 1; seed <= 3; seed++) checkOffsets((await fuzzedModule(seed)).wasm);
});
