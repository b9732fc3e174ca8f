import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { encodeValue } from '../../dist/host/contract/codec.js';
import { compileProbedKernel } from '../support/kernel-parts.js';
import { encodeProgram, makePrograms, type ProgramBlock } from '../support/programs.js';
import { expectModel } from '../support/property.js';
import { Random } from '../support/random.js';
import { Stepper, type StepperStatistics } from '../support/stepper.js';

const WORKERS = [1, 2, 3, 8, 16] as const;
const steppers = new Map<number, Stepper>();
beforeAll(async () => {
  for (const workers of WORKERS) steppers.set(workers, await Stepper.create('program', workers));
});

/** Steps that a block may take: far more than any needs, far fewer than a livelock takes. */
const STEPS_PER_CALL = 500;

async function check(stepper: Stepper, block: ProgramBlock, schedule: number): Promise<StepperStatistics> {
  const calls = makePrograms(block);
  const transactions = calls.map(({ sender, operations }) => ({
    sender,
    contract: new Uint8Array(32),
    method: 'run',
    input: encodeValue('bytes', encodeProgram(operations)),
  }));
  const outcome = await stepper.run(transactions, new Random(schedule), 10_000 + STEPS_PER_CALL * calls.length);
  expectModel(calls, outcome.receipts, outcome.writeSet);
  return outcome.stats;
}

describe('the shipped kernel under random schedules of virtual workers gives what the model gives', () => {
  const keysOf = { few: { min: 1, max: 3 }, some: { min: 4, max: 20 }, many: { min: 100, max: 200 } };

  test.each(
    WORKERS.flatMap((workers) => (['few', 'some', 'many'] as const).map((keys) => ({ workers, keys }))),
  )('$workers workers, $keys keys', async ({ workers, keys }) => {
    let aborts = 0;
    let waits = 0;
    const block = fc.record({ seed: fc.integer(), keys: fc.integer(keysOf[keys]), calls: fc.integer({ min: 1, max: 150 }) });
    await fc.assert(
      fc.asyncProperty(block, fc.integer(), async (generated, schedule) => {
        const stats = await check(steppers.get(workers) as Stepper, generated, schedule);
        aborts += stats.aborts;
        waits += stats.dependencyWaits;
      }),
      { numRuns: 60 },
    );
    if (workers === 1) {
      expect({ aborts, waits }).toEqual({ aborts: 0, waits: 0 });
      return;
    }
    expect(aborts).toBeGreaterThan(20);
    if (keys !== 'many') expect(waits).toBeGreaterThan(20);
  });
});

describe('the same, with steps interrupted at any atomic access', () => {
  test.each([2, 3, 4])('%i workers', async (workers) => {
    const kernel = await compileProbedKernel();
    const interrupted = [0.01, 0.05, 0.2].map((probability) => Stepper.create('program', workers, { kernel, probability }));
    const steppersByRate = await Promise.all(interrupted);
    let aborts = 0;
    const block = fc.record({
      seed: fc.integer(),
      keys: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 40 })),
      calls: fc.integer({ min: 1, max: 60 }),
    });
    await fc.assert(
      fc.asyncProperty(block, fc.integer(), fc.constantFrom(...steppersByRate), async (generated, schedule, stepper) => {
        aborts += (await check(stepper, generated, schedule)).aborts;
      }),
      { numRuns: 600 },
    );
    expect(aborts).toBeGreaterThan(1000);
  });
});

test('the same seeds give the same schedule, step by step', async () => {
  const block = { seed: 7, keys: 3, calls: 100 };
  const stepper = steppers.get(8) as Stepper;
  const first = await check(stepper, block, 42);
  expect(await check(stepper, block, 42)).toEqual(first);
  expect(await check(stepper, block, 43)).not.toEqual(first);
});

test('when the epoch wraps round, no chain of the first blocks is taken for a current one', async () => {
  const stepper = await Stepper.create('program', 3);
  const run = (operations: [number, bigint][][], schedule: number) => {
    const transactions = operations.map((list) => ({
      sender: new Uint8Array(32),
      contract: new Uint8Array(32),
      method: 'run',
      input: encodeValue('bytes', encodeProgram(list.map(([number, operand]) => ({ number, operand })))),
    }));
    return stepper.run(transactions, new Random(schedule), 10_000, 0);
  };
  const write = (value: bigint) => Array.from({ length: 20 }, (_, key): [number, bigint][] => [[2, value], [1, BigInt(key)]]);
  const read = Array.from({ length: 20 }, (_, key): [number, bigint][] => [[0, BigInt(key)], [10, 0n]]);
  const outputs = async (schedule: number) =>
    (await run(read, schedule)).receipts.map(({ output }) => Buffer.from(output).toString('hex'));
  // Epoch 1 leaves chains that say 11; the state says 22 when epoch 1 comes again.
  await run(write(11n), 1);
  const eleven = await outputs(2);
  await run(write(22n), 3);
  const twentyTwo = await outputs(4);
  expect(twentyTwo).not.toEqual(eleven);
  stepper.setEpoch(0xffff_fffe);
  for (let schedule = 5; schedule < 12; schedule++) expect(await outputs(schedule)).toEqual(twentyTwo);
});
