import fc from 'fast-check';
import { expect } from 'vitest';
import type { Tape } from '../../dist/host/engine/tape.js';
import type { DependencyGraph, Policy, Receipt } from '../../dist/host/index.js';
import { TapedTelemetry } from '../../dist/host/trace/telemetry.js';
import { callStepper, callTransactions, codeOf } from './call-trees.js';
import {
  dearestChain,
  graphDependencies,
  type KnownStep,
  knownDependencies,
  knownTransaction,
  makeKnownCalls,
} from './known-accesses.js';
import { type ModelCall, programAddress } from './program-model.js';
import { CALLING_PROGRAMS, makeCallTrees, makeCountingCalls } from './programs.js';
import { anyPolicy } from './property.js';
import { Random } from './random.js';
import type { Stepper } from './stepper.js';
import { ONE_BY_ONE, TapedContract } from './taped.js';

const WORKERS = [1, 2, 4] as const;
const contracts = new Map<number, Promise<TapedContract>>();

function contractOn(workers: number): Promise<TapedContract> {
  const known = contracts.get(workers) ?? TapedContract.create('program', workers);
  contracts.set(workers, known);
  return known;
}

export const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

const block = fc.record({
  seed: fc.integer(),
  schedule: fc.integer(),
  calls: fc.integer({ min: 1, max: 60 }),
  keys: fc.integer({ min: 1, max: 12 }),
  workers: fc.constantFrom(...WORKERS),
  yields: fc.boolean(),
  policy: fc.oneof(anyPolicy, fc.constant(ONE_BY_ONE)),
});

function transactionsOf(contract: TapedContract, calls: readonly (readonly KnownStep[])[]) {
  return calls.map((steps) => knownTransaction(contract, steps));
}

/** Compare the statistics of `runs` random blocks with what the stepper counts, and the kernel by itself. Returns what was met. */
export async function checkCounts(runs: number): Promise<Readonly<Record<string, number>>> {
  const met = { aborts: 0, estimates: 0, cascades: 0, validations: 0 };
  await fc.assert(
    fc.asyncProperty(block, async ({ seed, schedule, calls, keys, workers, yields, policy }) => {
      const contract = await contractOn(workers);
      const transactions = transactionsOf(contract, makeKnownCalls(new Random(seed), calls, keys));
      const { telemetry, tape, counted, stats, receipts } = await contract.run(transactions, new Random(schedule), {
        policy,
        yields,
      });
      expectInOrder(tape as Tape);
      const report = telemetry.statistics();
      const { byCause, total } = report.aborts;
      expect(report.executions).toBe(sum(counted.map((own) => own.length)));
      expect(report.executions).toBe(stats.executions);
      expect(byCause.estimate).toBe(stats.dependencyWaits);
      expect(byCause.validation + byCause.cascade).toBe(stats.aborts);
      expect(total).toBe(report.executions - calls);
      expect(report.incarnations).toEqual(histogram(counted.map((own) => own.length)));
      expect(report.incarnations.length).toBe(stats.mostIncarnations);
      expect(report.usedGas).toBe(sum(receipts.map(({ gasUsed }) => gasUsed)));
      expect(report.usedGas + report.wastedGas).toBe(sum(counted.flat()));
      expect(sum(report.contendedKeys.map(({ aborts }) => aborts))).toBe(total);
      expect(sum(report.rootKeys.map(({ aborts }) => aborts))).toBe(total);
      const { usedMicros, wastedMicros, validationMicros, parkedMicros, spanMicros } = report;
      const parts = usedMicros + wastedMicros + validationMicros + parkedMicros;
      // What is no part of any of these is the time between.
      expect(parts).toBeLessThanOrEqual(spanMicros * workers + 1e-6);
      expect(sum(report.chainLengths)).toBe(calls);
      met.aborts += total;
      met.estimates += byCause.estimate;
      met.cascades += byCause.cascade;
      met.validations += byCause.validation;
    }),
    { numRuns: runs },
  );
  return met;
}

/** What a worker did comes one after another, in its lane's time, also where times were not looked at but shared out; but for aborts, each of which is within what found it. */
function expectInOrder({ lanes }: Tape): void {
  for (const { worker, begin, end, events } of lanes) {
    let last = begin;
    for (const event of events) {
      const { kind } = event;
      expect(event.end, `worker ${worker}, ${kind}`).toBeGreaterThanOrEqual(event.begin);
      if (kind === 'abort') continue;
      expect(event.begin, `worker ${worker}, ${kind}`).toBeGreaterThanOrEqual(last - 1e-9);
      last = event.end;
    }
    expect(end, `worker ${worker}`).toBeGreaterThanOrEqual(last);
  }
}

/** Compare the dependencies and the critical path of `runs` small random blocks with those that brute force finds. Returns how many dependencies there were. */
export async function checkDependencies(runs: number): Promise<number> {
  let edges = 0;
  const small = block.map((given) => ({ ...given, calls: 1 + (given.calls % 12), keys: 1 + (given.keys % 5) }));
  await fc.assert(
    fc.asyncProperty(small, async ({ seed, schedule, calls, keys, workers, yields, policy }) => {
      const contract = await contractOn(workers);
      const known = makeKnownCalls(new Random(seed), calls, keys);
      const { telemetry, receipts } = await contract.run(transactionsOf(contract, known), new Random(schedule), {
        policy: { ...policy, deltas: true },
        yields,
      });
      const expected = knownDependencies(known);
      const graph = telemetry.dependencies();
      expect(graphDependencies(graph)).toEqual(expected);
      const sequential = await contract.run(transactionsOf(contract, known), new Random(schedule), {
        mode: 'sequential',
      });
      expect(sequential.telemetry.dependencies()).toEqual(graph);
      const gas = receipts.map(({ gasUsed }) => gasUsed);
      expect(graph.nodes).toEqual(gas.map((each, index) => ({ index, gas: each })));
      const { criticalPath, attainable, longestChain } = telemetry.statistics();
      const dearest = dearestChain(gas, expected);
      expect(criticalPath.gas).toBe(dearest);
      expect(sum(criticalPath.calls.map((index) => gas[index] as number))).toBe(dearest);
      expect(longestChain).toBe(
        dearestChain(
          gas.map(() => 1),
          expected,
        ),
      );
      expect(attainable.unlimited).toBeCloseTo(sum(gas) / dearest, 9);
      edges += expected.length;
    }),
    { numRuns: runs },
  );
  return edges;
}

/** Compare the graphs of `runs` random blocks of calls that call one another, and fail, with those of sequential execution. Returns how many edges there were. */
export async function checkSameGraph(runs: number): Promise<number> {
  const steppers = new Map(
    await Promise.all(WORKERS.map(async (workers) => [workers, await callStepper(workers)] as const)),
  );
  let edges = 0;
  const trees = fc.constantFrom(makeCallTrees, makeCountingCalls);
  await fc.assert(
    fc.asyncProperty(block, trees, async ({ seed, schedule, calls, keys, workers, yields, policy }, make) => {
      const stepper = steppers.get(workers) as Stepper;
      stepper.isTaped = true;
      const given = make({ seed, calls, keys });
      const options = { ...policy, deltas: true };
      const parallel = await graphOf(stepper, given, schedule, options, yields, 'block-stm');
      const sequential = await graphOf(stepper, given, schedule, options, yields, 'sequential');
      expect(parallel).toEqual(sequential);
      edges += parallel.edges.length;
    }),
    { numRuns: runs },
  );
  return edges;
}

async function graphOf(
  stepper: Stepper,
  calls: readonly ModelCall[],
  schedule: number,
  policy: Policy,
  yields: boolean,
  mode: 'block-stm' | 'sequential',
): Promise<DependencyGraph> {
  const programs = Array.from({ length: CALLING_PROGRAMS }, (_, program) => program);
  stepper.deploy(programs.map((program) => ({ address: programAddress(program), code: codeOf(program) })));
  const transactions = callTransactions(calls);
  const { tape, receipts } = await stepper.run(
    transactions,
    new Random(schedule),
    200_000,
    undefined,
    policy,
    yields,
    mode,
  );
  const book = { addressOf: (index: number) => stepper.addressOf(index), layoutOf: () => undefined, layouts: () => [] };
  const course = {
    executor: mode,
    decision: { mode, reason: 'option' },
    policy,
    receiptOf: (index: number): Receipt => receipts[index] as Receipt,
  } as const;
  return new TapedTelemetry(tape as Tape, calls.length, 1, book, course).dependencies();
}

function histogram(incarnations: readonly number[]): number[] {
  return Array.from(
    { length: Math.max(...incarnations) },
    (_, index) => incarnations.filter((each) => each === index + 1).length,
  );
}
