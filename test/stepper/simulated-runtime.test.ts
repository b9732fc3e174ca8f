import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shippedCosts } from '../../dist/bench/index.js';
import { encodeValue } from '../../dist/host/contract/codec.js';
import type { Policy, Transaction } from '../../dist/host/index.js';
import { resolvePolicy } from '../../dist/host/runtime/policy.js';
import { SimulatedRuntime, type SimulatedRuntimeOptions } from '../../dist/host/stepper/index.js';
import { codeHash } from '../../dist/host/wasm/code-hash.js';
import { encodeProgram, makePrograms } from '../support/programs.js';
import { expectModel } from '../support/property.js';
import { contractWasm } from '../support/runtimes.js';
import { expectEnds, viewTrace } from '../support/viewed-trace.js';

const ADDRESS = new Uint8Array(32);
const wasm = await contractWasm('program');

async function simulated(
  workers: number,
  cores: number,
  policy: Partial<Policy>,
  seed: number,
  jitter = 0.4,
  measured: Partial<Pick<SimulatedRuntimeOptions, 'executor' | 'telemetry' | 'costs'>> = {},
) {
  return SimulatedRuntime.create({
    contracts: [{ address: ADDRESS, codeHash: codeHash(wasm), layout: undefined, wasm }],
    executor: 'block-stm',
    workers,
    cores,
    policy: resolvePolicy(policy),
    limits: { locations: 4096, transactions: 1024, memoryMiB: 64 },
    costs: { ...shippedCosts(), jitter },
    seed,
    telemetry: false,
    nanosPerGas: () => 0.1,
    ...measured,
  });
}

function programs(calls: ReturnType<typeof makePrograms>): Transaction[] {
  return calls.map(({ sender, operations }) => ({
    sender,
    contract: ADDRESS,
    method: 'run',
    input: encodeValue('bytes', encodeProgram(operations)),
  }));
}

/** A call of the program contract: operations as [number, operand]. */
function program(...operations: [number, number][]): Transaction {
  const code = encodeProgram(operations.map(([number, operand]) => ({ number, operand: BigInt(operand) })));
  return { sender: ADDRESS, contract: ADDRESS, method: 'run', input: encodeValue('bytes', code) };
}

const READ = 0;
const WRITE = 1;
const TRAP = 12;
const ADD = 14;

// A call that had trapped before a read was found to be ahead of its time, and then had returned, was told to have trapped: this found it.
test('random programs on virtual workers give what the model gives, whatever the policy, the cores and the schedule', async () => {
  let aborts = 0;
  let waits = 0;
  let replays = 0;
  const policies = fc.record({
    grain: fc.constantFrom<Policy['grain']>('auto', 1, 3),
    validate: fc.constantFrom<Policy['validate']>('value', 'version'),
    estimates: fc.boolean(),
    suspend: fc.constantFrom<Policy['suspend']>('park', 'abort'),
    deltas: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        seed: fc.integer(),
        keys: fc.integer({ min: 1, max: 12 }),
        calls: fc.integer({ min: 20, max: 200 }),
      }),
      policies,
      fc.constantFrom(2, 3, 8, 32),
      fc.boolean(),
      fc.integer(),
      async (block, policy, workers, sharesCores, seed) => {
        const cores = sharesCores ? Math.ceil(workers / 2) : workers;
        const runtime = await simulated(workers, cores, policy, seed);
        const calls = makePrograms(block);
        const outcome = await runtime.execute({ transactions: programs(calls) }, 1n);
        expectModel(calls, [...outcome.receipts], outcome.writeSet);
        // No core is had by two at a time.
        const { start, join } = shippedCosts().threads;
        expect(outcome.busyNanos).toBeLessThanOrEqual(cores * (outcome.nanos - start - join));
        aborts += outcome.aborts;
        waits += outcome.dependencyWaits;
        replays += outcome.replays;
      },
    ),
    { numRuns: 40 },
  );
  expect(aborts).toBeGreaterThan(100);
  expect(waits).toBeGreaterThan(20);
  expect(replays).toBeGreaterThan(100);
});

/** Operations that take time and touch nothing shared. */
const idling = (count: number): [number, number][] => Array.from({ length: count }, () => [ADD, 1]);

test('a read happens when its call has come that far: one after the write of a lower call ends holds, one before it does not', async () => {
  const writer = program(...idling(100), [WRITE, 1]);
  // Both are given out while the writer runs, and run at once; what differs is when they read.
  const late = program(...idling(400), [READ, 1], [WRITE, 2]);
  const early = program([READ, 1], ...idling(400), [WRITE, 2]);
  const policy = { grain: 1, estimates: false } as const;
  const ofLate = await (await simulated(2, 2, policy, 1, 0)).execute({ transactions: [writer, late] }, 1n);
  const ofEarly = await (await simulated(2, 2, policy, 1, 0)).execute({ transactions: [writer, early] }, 1n);
  expect(ofLate).toMatchObject({ executions: 2, aborts: 0, replays: 1 });
  expect(ofEarly).toMatchObject({ executions: 3, aborts: 1, replays: 0 });
});

test('workers that share a core take turns: two on one core are no faster than one', async () => {
  const transactions = Array.from({ length: 200 }, (_, key) => program([READ, key], ...idling(300), [WRITE, key]));
  const nanos = async (workers: number, cores: number) =>
    (await (await simulated(workers, cores, {}, 1, 0)).execute({ transactions }, 1n)).nanos;
  const [alone, apart, shared] = [await nanos(1, 1), await nanos(2, 2), await nanos(2, 1)];
  expect(apart).toBeLessThan(0.65 * alone);
  expect(shared).toBeGreaterThan(0.95 * alone);
});

test('processor time is that for which workers have cores: not where they wait for one, and not where they sleep', async () => {
  const { start, startNext, join } = shippedCosts().threads;
  const long = idling(3_000);
  const apart = Array.from({ length: 200 }, (_, key) => program([READ, key], ...long, [WRITE, key]));
  const run = async (workers: number, cores: number, transactions: readonly Transaction[]) =>
    (await simulated(workers, cores, { grain: 1 }, 1, 0)).execute({ transactions }, 1n);
  const alone = await run(1, 1, apart);
  expect(alone.busyNanos).toBeCloseTo(alone.nanos - start - join, 3);
  const two = await run(2, 2, apart);
  expect(two.busyNanos).toBeGreaterThan(alone.busyNanos);
  // Of the second worker that it begins later; and until the other one is done it may sleep.
  expect(two.busyNanos).toBeLessThanOrEqual(2 * (two.nanos - start - join) - startNext);
  expect(two.busyNanos).toBeGreaterThan(1.9 * (two.nanos - start - join));
  const shared = await run(2, 1, apart);
  expect(shared.busyNanos).toBeLessThanOrEqual(shared.nanos - start - join);
  expect(shared.busyNanos).toBeGreaterThan(0.95 * (shared.nanos - start - join));
  // Who has executed the short one polls for a while, and then sleeps.
  const uneven = [program([READ, 1], ...idling(100_000), [WRITE, 1]), program([READ, 2], [WRITE, 2])];
  const waiting = await run(2, 2, uneven);
  expect(waiting.busyNanos).toBeGreaterThan(waiting.nanos - start - join);
  expect(waiting.busyNanos).toBeLessThan(1.1 * (waiting.nanos - start - join));
});

test('only a speculative call pays for what it publishes, also where it ends in a trap', async () => {
  const failing = Array.from({ length: 100 }, (_, key) => program([READ, key], ...idling(300), [TRAP, 0]));
  const nanos = async (executor: 'sequential' | 'block-stm', workers: number, publish: number) => {
    const { steps, ...costs } = shippedCosts();
    const runtime = await simulated(workers, workers, {}, 1, 0, {
      executor,
      costs: { ...costs, jitter: 0, steps: { ...steps, publish } },
    });
    const { receipts, nanos } = await runtime.execute({ transactions: failing }, 1n);
    expect([...receipts].filter(({ status }) => status === 'trapped')).toHaveLength(100);
    return nanos;
  };
  expect(await nanos('sequential', 1, 10_000)).toBe(await nanos('sequential', 1, 0));
  // Alone, a worker executes what may be committed at once: every call is final.
  expect(await nanos('block-stm', 1, 10_000)).toBe(await nanos('block-stm', 1, 0));
  expect(await nanos('block-stm', 4, 10_000)).toBeGreaterThan(await nanos('block-stm', 4, 0));
});

test('the same seed gives the same course, another seed another', async () => {
  const calls = programs(makePrograms({ seed: 5, keys: 4, calls: 300 }));
  const course = async (seed: number) => {
    const {
      receipts: _,
      writeSet: __,
      ...rest
    } = await (await simulated(16, 16, {}, seed)).execute({ transactions: calls }, 1n);
    return rest;
  };
  const first = await course(1);
  expect(await course(1)).toEqual(first);
  expect((await course(2)).nanos).not.toBe(first.nanos);
});

test('simulations at the same time leave the number of frames in stack traces as it was', async () => {
  const transactions = programs(makePrograms({ seed: 5, keys: 4, calls: 100 }));
  const runtimes = [await simulated(4, 4, {}, 1), await simulated(4, 4, {}, 2)];
  const { stackTraceLimit } = Error;
  try {
    await Promise.all(runtimes.map((runtime) => runtime.execute({ transactions }, 1n)));
    expect(Error.stackTraceLimit).toBe(stackTraceLimit);
    expect(stackTraceLimit).toBeGreaterThan(0);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
});

test('what is written down goes by the virtual clock: on each worker one thing after another, also where speculation is given up within the block', async () => {
  const runtime = await simulated(2, 2, {}, 3, 0.4, { executor: 'auto', telemetry: true });
  // Each reads what the one before wrote.
  const transactions = Array.from({ length: 1000 }, () => program([READ, 0], [WRITE, 0]));
  let block = await runtime.execute({ transactions }, 1n);
  for (let height = 2n; block.decision.sequentialFrom === undefined; height++) {
    expect(height).toBeLessThan(20n);
    block = await runtime.execute({ transactions }, height);
  }
  const { sequentialFrom } = block.decision;
  expect(sequentialFrom).toBeGreaterThan(0);
  // Somebody is at work at any time, in what is executed sequentially as well: that is most of it.
  const { start, startNext, join } = shippedCosts().threads;
  expect(block.busyNanos).toBeGreaterThan(block.nanos - 2 * (start + join) - startNext);
  expect(block.telemetry?.explain(0)).toMatchObject({
    status: 'ok',
    executor: 'auto',
    decision: block.decision,
    text: expect.stringContaining(`. From call ${sequentialFrom} on the block was executed sequentially.\n`),
  });
  const events = block.telemetry?.trace().traceEvents ?? [];
  const slices = events.filter(({ ph, name }) => ph === 'X' && name.startsWith('call'));
  for (const worker of new Set(slices.map(({ tid }) => tid))) {
    let end = 0;
    for (const { ts, dur = 0 } of slices.filter(({ tid }) => tid === worker)) {
      expect(ts).toBeGreaterThanOrEqual(end - 1e-6);
      end = ts + dur;
    }
  }
  const last = Math.max(...slices.map(({ ts, dur = 0 }) => ts + dur));
  expect(last * 1000).toBeLessThan(block.nanos);
  expect(last * 1000).toBeGreaterThan(0.8 * block.nanos);
});

test('of contended blocks a viewer shows every slice, and every arrow from the write to the abort', async () => {
  const policies = [{}, { grain: 1 }, { grain: 1, suspend: 'abort' }, { estimates: false }, { grain: 7 }] as const;
  const { steps, threads, ...others } = { ...shippedCosts(), jitter: 0.4 };
  // Who goes to sleep is woken before it has.
  const costs = { ...others, steps: { ...steps, validate: 1_000 }, threads: { ...threads, wake: 10 } };
  for (const [index, policy] of [...policies, ...policies].entries()) {
    const seed = index + 1;
    const runtime = await simulated(16, index % 2 === 0 ? 16 : 5, policy, seed, 0.4, { telemetry: true, costs });
    const transactions = programs(makePrograms({ seed, keys: 3, calls: 300 }));
    const { telemetry } = await runtime.execute({ transactions }, 1n);
    const events = telemetry?.trace().traceEvents ?? [];
    expect(events.filter(({ dur = 0 }) => dur < 0)).toEqual([]);
    const { misplaced, arrows } = viewTrace(events);
    expect(misplaced, `seed ${seed}`).toEqual([]);
    expect(arrows.length, `seed ${seed}`).toBeGreaterThan(20);
    for (const arrow of arrows) expectEnds(arrow);
  }
});
