import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeValue } from '../../dist/host/contract/codec.js';
import type { Receipt, WriteSetEntry } from '../../dist/host/index.js';
import { compileProbedKernel } from '../support/kernel-parts.js';
import { encodeProgram, makePrograms, type ProgramBlock } from '../support/programs.js';
import { anyPolicy, expectModel } from '../support/property.js';
import { Random } from '../support/random.js';
import { Stepper } from '../support/stepper.js';

/** No other contract of these steppers is called so. */
let contracts = 1000;

/** Run the calls in as many blocks as there are `parts`, with an empty memory before each, and compare with the model, which runs them in one. */
async function checkEvicted(
  stepper: Stepper,
  generated: ProgramBlock,
  parts: number,
  schedule: number,
  policy: Parameters<Stepper['run']>[4],
): Promise<number> {
  const contract = contracts++;
  const calls = makePrograms(generated);
  const receipts: Receipt[] = [];
  const state = new Map<string, WriteSetEntry>();
  const size = Math.ceil(calls.length / parts);
  let aborts = 0;
  for (let from = 0; from < calls.length; from += size) {
    const transactions = calls.slice(from, from + size).map(({ sender, operations }) => ({
      sender,
      contract: new Uint8Array(32),
      method: 'run',
      input: encodeValue('bytes', encodeProgram(operations)),
    }));
    const steps = 10_000 + 500 * transactions.length;
    const block = await stepper.run(transactions, new Random(schedule + from), steps, contract, policy);
    for (const receipt of block.receipts) receipts.push({ ...receipt, index: receipts.length });
    for (const entry of block.writeSet) state.set(Buffer.from(entry.key).toString('hex'), entry);
    aborts += block.stats.aborts;
    stepper.evict(contract, block.writeSet);
  }
  const writeSet = [...state.values()].sort((a, b) => Buffer.compare(a.key, b.key));
  expectModel(calls, receipts, writeSet);
  return aborts;
}

const block = fc.record({
  seed: fc.integer(),
  keys: fc.integer({ min: 1, max: 40 }),
  calls: fc.integer({ min: 2, max: 120 }),
});

test.each([1, 2, 3, 8])('%i workers find in the base what was evicted, and no schedule shows it', async (workers) => {
  const stepper = await Stepper.create('program', workers);
  let aborts = 0;
  await fc.assert(
    fc.asyncProperty(block, fc.integer({ min: 2, max: 6 }), fc.integer(), anyPolicy, async (...generated) => {
      aborts += await checkEvicted(stepper, ...generated);
    }),
    { numRuns: 100 },
  );
  expect(stepper.baseReads).toBeGreaterThan(500);
  if (workers > 1) expect(aborts).toBeGreaterThan(20);
});

test.each([2, 4])(
  'the same where %i workers are interrupted, also between asking the base and taking the value',
  async (workers) => {
    const stepper = await Stepper.create('program', workers, { kernel: await compileProbedKernel(), probability: 0.1 });
    await fc.assert(
      fc.asyncProperty(block, fc.integer({ min: 2, max: 6 }), fc.integer(), anyPolicy, async (...generated) => {
        await checkEvicted(stepper, ...generated);
      }),
      { numRuns: 60 },
    );
    expect(stepper.baseReads).toBeGreaterThan(300);
  },
);
