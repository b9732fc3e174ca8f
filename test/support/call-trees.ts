import fc from 'fast-check';
import { encodeValue } from '../../dist/host/contract/codec.js';
import type { BlockStatistics, Policy, Receipt, Transaction } from '../../dist/host/index.js';
import { resolvePolicy } from '../../dist/host/runtime/policy.js';
import { hex, type ModelCall, programAddress } from './program-model.js';
import { CALLING_PROGRAMS, encodeProgram, makeCallTrees, type ProgramBlock } from './programs.js';
import { expectCallModel, type Setting } from './property.js';
import { Random } from './random.js';
import { contractWasm, describe, type Runtimes } from './runtimes.js';
import { type Interruptions, Stepper, type StepperStatistics } from './stepper.js';

/** The program's code twice: the same in all but its hash. Some programs share a code, and some do not. */
export async function programCodes(): Promise<Uint8Array[]> {
  const wasm = await contractWasm('program');
  // A custom section named "x".
  return [wasm, Uint8Array.of(...wasm, 0, 2, 1, 0x78)];
}

/** The number of a program's code. */
export function codeOf(program: number): number {
  return program % 3 === 0 ? 1 : 0;
}

/** Of each method, by the contract's own name. */
export function callTransactions(calls: readonly ModelCall[], gasLimits: readonly number[] = []): Transaction[] {
  return calls.map(({ program = 0, sender, operations }, index) => ({
    sender,
    contract: programAddress(program),
    method: 'run',
    input: encodeValue('bytes', encodeProgram(operations)),
    ...(gasLimits.length > 0 && { gasLimit: gasLimits[index % gasLimits.length] as number }),
  }));
}

export interface CallOutcomes {
  readonly receipts: readonly Receipt[];
  readonly writeSet: readonly string[];
  readonly stats: BlockStatistics;
}

/** Execute a block of call trees on programs without state, which a fork of the chain has for the time being. */
export async function runCallTrees(
  runtimes: Runtimes,
  setting: Setting,
  calls: readonly ModelCall[],
  gasLimits?: readonly number[],
): Promise<CallOutcomes> {
  const runtime = await runtimes.get(setting);
  const codes = await programCodes();
  await using fork = runtime.fork();
  for (let program = 0; program < CALLING_PROGRAMS; program++) {
    await fork.deploy(codes[codeOf(program)] as Uint8Array, { address: programAddress(program) });
  }
  const { receipts, writeSet, stats } = await fork.execute({ transactions: callTransactions(calls, gasLimits) });
  if (gasLimits === undefined) expectCallModel(calls, CALLING_PROGRAMS, [...receipts], writeSet);
  return {
    receipts: [...receipts],
    writeSet: writeSet.map((entry) => [entry.contract, entry.key, entry.value ?? new Uint8Array()].map(hex).join(' ')),
    stats,
  };
}

/** Where a call tree is executed step by step. */
export async function callStepper(workers: number, interruptions?: Interruptions): Promise<Stepper> {
  return Stepper.create(await programCodes(), workers, interruptions);
}

/** Have the blocks from here on call programs without state. */
export function deployPrograms(stepper: Stepper): void {
  stepper.deploy(
    Array.from({ length: CALLING_PROGRAMS }, (_, program) => ({
      address: programAddress(program),
      code: codeOf(program),
    })),
  );
}

const STEPS_PER_CALL = 3000;

/** Run a block of call trees under a random schedule, and compare everything with the model. */
export async function stepCallTrees(
  stepper: Stepper,
  block: ProgramBlock,
  schedule: number,
  policy: Policy = resolvePolicy({}),
  yields = false,
  make: (block: ProgramBlock) => ModelCall[] = makeCallTrees,
): Promise<{ readonly stats: StepperStatistics; readonly receipts: readonly Receipt[] }> {
  const calls = make(block);
  deployPrograms(stepper);
  const steps = 10_000 + STEPS_PER_CALL * calls.length;
  const outcome = await stepper.run(callTransactions(calls), new Random(schedule), steps, undefined, policy, yields);
  expectCallModel(calls, CALLING_PROGRAMS, outcome.receipts, outcome.writeSet);
  return outcome;
}

export const anyCallBlock = fc.record({
  seed: fc.integer(),
  keys: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 40 })),
  calls: fc.integer({ min: 1, max: 40 }),
});

/** With the gas, which the model does not know. */
export function describeAll(receipts: readonly Receipt[]): string[] {
  return receipts.map(describe);
}
