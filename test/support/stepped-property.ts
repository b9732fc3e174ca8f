import fc from 'fast-check';
import { expect } from 'vitest';
import { encodeValue } from '../../dist/host/contract/codec.js';
import type { Policy, Receipt, Transaction, WriteSetEntry } from '../../dist/host/index.js';
import { resolvePolicy } from '../../dist/host/runtime/policy.js';
import { compileProbedKernel } from './kernel-parts.js';
import type { ModelCall } from './program-model.js';
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
  return checkCalls(stepper, makePrograms(block), schedule, policy, yields);
}

/** The same of given calls of the program contract; and whether the statistics can be true. */
export async function checkCalls(
  stepper: Stepper,
  calls: readonly ModelCall[],
  schedule: number,
  policy: Policy,
  yields = false,
): Promise<StepperStatistics> {
  const steps = mostSteps(calls);
  const outcome = await stepper.run(programTransactions(calls), new Random(schedule), steps, undefined, policy, yields);
  expectModel(calls, outcome.receipts, outcome.writeSet);
  const { executions, aborts, dependencyWaits, gasUsed } = outcome.stats;
  expect(executions, 'executions').toBe(calls.length + aborts + dependencyWaits);
  const gas = outcome.receipts.reduce((sum, receipt) => sum + receipt.gasUsed, 0);
  expect(gasUsed, 'gas used').toBe(gas);
  return outcome.stats;
}

/** The first of `calls` in a block of its own, and the others in the next one, on the state that it has left. */
export async function checkAfterFirst(
  stepper: Stepper,
  calls: readonly ModelCall[],
  schedule: number,
  policy: Policy,
): Promise<void> {
  await checkBlocks(stepper, [calls.slice(0, 1), calls.slice(1)], schedule, policy);
}

/** Blocks one after another on one contract, which is new. Returns it, and what they have written. */
export async function checkBlocks(
  stepper: Stepper,
  blocks: readonly (readonly ModelCall[])[],
  schedule: number,
  policy: Policy,
): Promise<{ readonly contract: number; readonly written: readonly WriteSetEntry[] }> {
  const random = new Random(schedule);
  const contract = stepper.add();
  const state = new Map<string, WriteSetEntry>();
  const receipts: Receipt[] = [];
  for (const calls of blocks) {
    const block = await stepper.run(programTransactions(calls), random, mostSteps(calls), contract, policy);
    for (const receipt of block.receipts) receipts.push({ ...receipt, index: receipts.length });
    for (const entry of block.writeSet) state.set(Buffer.from(entry.key).toString('hex'), entry);
  }
  const written = [...state.values()].sort((a, b) => Buffer.compare(a.key, b.key));
  expectModel(blocks.flat(), receipts, written);
  return { contract, written };
}

/** Steps that a block may take. */
export function mostSteps(calls: readonly ModelCall[]): number {
  return 10_000 + STEPS_PER_CALL * calls.length;
}

/** Calls of the program contract. `gasLimits`: of one after another, over and over; none where it is empty. */
export function programTransactions(calls: readonly ModelCall[], gasLimits: readonly number[] = []): Transaction[] {
  return calls.map(({ sender, operations }, index) => ({
    sender,
    contract: new Uint8Array(32),
    method: 'run',
    input: encodeValue('bytes', encodeProgram(operations)),
    ...(gasLimits.length > 0 && { gasLimit: gasLimits[index % gasLimits.length] as number }),
  }));
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
