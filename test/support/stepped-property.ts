import fc from 'fast-check';
import { encodeValue } from '../../dist/host/contract/codec.js';
import type { Policy } from '../../dist/host/index.js';
import { resolvePolicy } from '../../dist/host/runtime/policy.js';
import { compileProbedKernel } from './kernel-parts.js';
import { encodeProgram, makePrograms, type ProgramBlock } from './programs.js';
import { anyPolicy, expectModel } from './property.js';
import { Random } from './random.js';
import { Stepper, type StepperStatistics } from './stepper.js';

/** Steps that a block may take: far more than any needs, far fewer than a livelock takes. */
const STEPS_PER_CALL = 500;

/** Run a random block under a random schedule, and compare everything with the model. */
export async function checkStepped(
  stepper: Stepper,
  block: ProgramBlock,
  schedule: number,
  policy: Policy = resolvePolicy({}),
  yields = false,
): Promise<StepperStatistics> {
  const calls = makePrograms(block);
  const transactions = calls.map(({ sender, operations }) => ({
    sender,
    contract: new Uint8Array(32),
    method: 'run',
    input: encodeValue('bytes', encodeProgram(operations)),
  }));
  const steps = 10_000 + STEPS_PER_CALL * calls.length;
  const outcome = await stepper.run(transactions, new Random(schedule), steps, undefined, policy, yields);
  expectModel(calls, outcome.receipts, outcome.writeSet);
  return outcome.stats;
}

/** How often a step is interrupted at an atomic access: hardly ever, now and then, all the time. */
const RATES = [0.01, 0.05, 0.2];

/** Steppers whose steps can be interrupted, one for each rate. */
export async function interruptedSteppers(workers: number): Promise<Stepper[]> {
  const kernel = await compileProbedKernel();
  return Promise.all(RATES.map((probability) => Stepper.create('program', workers, { kernel, probability })));
}

/** Check `runs` random blocks under random interrupted schedules. Returns how many incarnations were aborted. */
export async function checkInterrupted(workers: number, runs: number): Promise<number> {
  const steppers = await interruptedSteppers(workers);
  let aborts = 0;
  const block = fc.record({
    seed: fc.integer(),
    keys: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 40 })),
    calls: fc.integer({ min: 1, max: 60 }),
  });
  await fc.assert(
    fc.asyncProperty(
      block,
      fc.integer(),
      anyPolicy,
      fc.nat(RATES.length - 1),
      async (generated, schedule, policy, rate) => {
        aborts += (await checkStepped(steppers[rate] as Stepper, generated, schedule, policy)).aborts;
      },
    ),
    { numRuns: runs },
  );
  return aborts;
}
