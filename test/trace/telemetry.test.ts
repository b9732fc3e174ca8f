// The option telemetry, through the public API and on worker threads.

import { readFile } from 'node:fs/promises';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type BlockResult,
  type BlockTelemetry,
  type Contract,
  createRuntime,
  dependencyDot,
  type ExecutorName,
  type Runtime,
  type TraceEvent,
} from '../../dist/host/index.js';
import { untilCounted } from '../support/contention.js';
import { contractWasm, SMALL_MEMORY } from '../support/runtimes.js';
import { account } from '../support/taped.js';

const CALLS = 300;
const ACCOUNTS = 4;

interface Executed {
  readonly runtime: Runtime;
  readonly result: BlockResult;
  readonly telemetry: BlockTelemetry;
}

/** A block of payments between few accounts, each long enough for the workers to meet. */
async function executed(executor: ExecutorName, workers: number): Promise<Executed> {
  const runtime = await createRuntime({
    executor,
    workers,
    limits: SMALL_MEMORY,
    telemetry: true,
    policy: { grain: 1 },
  });
  const contract = await runtime.deploy(await contractWasm('compute'));
  const pay = (from: number, to: number) =>
    contract.transaction(account(from), 'transfer', { to: account(to), amount: 1n, rounds: 20_000n });
  await runtime.execute({ transactions: mints(contract) });
  const transactions = Array.from({ length: CALLS }, (_, index) => pay(index % ACCOUNTS, (index * 7 + 1) % ACCOUNTS));
  let result = await runtime.execute({ transactions });
  // Every call succeeds, so that all such blocks have the same dependencies.
  await untilCounted(executor === 'sequential' ? 0 : 1, async () => {
    result = await runtime.execute({ transactions });
    return result.stats.aborts;
  });
  return { runtime, result, telemetry: result.telemetry as BlockTelemetry };
}

function mints(contract: Contract) {
  return Array.from({ length: ACCOUNTS }, (_, number) =>
    contract.transaction(account(0), 'mint', { to: account(number), amount: 1_000_000n }),
  );
}

let parallel: Executed;
let sequential: Executed;
beforeAll(async () => {
  parallel = await executed('block-stm', 3);
  sequential = await executed('sequential', 1);
});
afterAll(async () => {
  await parallel.runtime.close();
  await sequential.runtime.close();
});

describe('the option telemetry', () => {
  test('its statistics agree with what the block says, and with the schema', async () => {
    const schema = JSON.parse(
      await readFile(new URL('../../schemas/statistics.schema.json', import.meta.url), 'utf8'),
    ) as object;
    const isStatistics = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true }).compile(schema);
    for (const { result, telemetry } of [parallel, sequential]) {
      const statistics = telemetry.statistics();
      expect(isStatistics(statistics), JSON.stringify(isStatistics.errors)).toBe(true);
      const { executions, aborts, dependencyWaits, gasUsed, workers } = result.stats;
      expect(statistics).toMatchObject({ calls: CALLS, workers, executions, usedGas: gasUsed });
      expect(statistics.aborts.byCause.estimate).toBe(dependencyWaits);
      expect(statistics.aborts.total).toBe(aborts + dependencyWaits);
      expect(statistics.spanMicros).toBeLessThanOrEqual(result.stats.wallMs * 1_000);
      expect(statistics.usedMicros).toBeLessThanOrEqual(statistics.spanMicros * workers);
    }
    expect(parallel.telemetry.statistics().aborts.total).toBeGreaterThan(0);
    const contended = parallel.telemetry.statistics().contendedKeys[0];
    expect(contended).toMatchObject({ contract: 'compute', field: 'accounts' });
    expect(contended?.key).toMatch(/^0x(0[1-4]){32}$/);
  });

  test('dependencies are those of the block, whatever executes it', () => {
    const [one, other] = [parallel, sequential].map(({ telemetry }) => telemetry);
    expect(one?.dependencies()).toEqual(other?.dependencies());
    const { criticalPath, chainLengths, attainable } = sequential.telemetry.statistics();
    expect(parallel.telemetry.statistics()).toMatchObject({ criticalPath, chainLengths });
    expect(attainable.workers).toBe(1);
    expect(one?.dependencies().edges.length).toBeGreaterThan(CALLS / 2);
  });

  test('sequentially nothing is aborted', () => {
    const { aborts, incarnations, wastedGas } = sequential.telemetry.statistics();
    expect({ aborts: aborts.total, incarnations, wastedGas }).toEqual({
      aborts: 0,
      incarnations: [CALLS],
      wastedGas: 0,
    });
    expect(sequential.telemetry.explain(5).text).toContain('executed once');
  });

  test('stays what it was when the runtime has gone on and is closed', async () => {
    const runtime = await createRuntime({ workers: 2, limits: SMALL_MEMORY, telemetry: true });
    const contract = await runtime.deploy(await contractWasm('compute'));
    const first = await runtime.execute({ transactions: mints(contract) });
    const second = await runtime.execute({ transactions: mints(contract) });
    const before = first.telemetry?.dependencies();
    await runtime.close();
    expect(first.telemetry?.dependencies()).toEqual(before);
    expect(second.telemetry?.explain(0).writes.map(({ field }) => field)).toContain('accounts');
  });

  test('also when what it names has left memory', async () => {
    const limits = { ...SMALL_MEMORY, locations: 1024 };
    await using runtime = await createRuntime({ workers: 2, limits, telemetry: true });
    const token = await runtime.deploy(await contractWasm('token'));
    const owner = (number: number): Uint8Array => new Uint8Array(32).fill(number >>> 8, 0, 31).fill(number & 0xff, 31);
    const ask = (number: number) => token.transaction(account(0), 'balanceOf', { owner: owner(number) });
    // Of accounts that there are none of, so many that there is no room for as many others.
    const first = await runtime.execute({ transactions: Array.from({ length: 950 }, (_, number) => ask(number)) });
    await runtime.execute({ transactions: Array.from({ length: 900 }, (_, number) => ask(10_000 + number)) });
    for (const index of [0, 3, 949]) {
      const keys = first.telemetry?.explain(index).reads.map(({ location }) => location.key);
      expect(keys).toEqual([`0x${Buffer.from(owner(index)).toString('hex')}`]);
    }
  });

  test('also when a contract has been upgraded: in the words of the code that was executed', async () => {
    await using runtime = await createRuntime({ workers: 1, limits: SMALL_MEMORY, telemetry: true });
    const { address } = await runtime.deploy(await contractWasm('counter'));
    const add = (runtime.contract(address) as Contract).transaction(account(0), 'add', { amount: 1n });
    const { telemetry } = await runtime.execute({ transactions: [add] });
    await runtime.upgrade(address, await contractWasm('token'), { allowUnsafe: true });
    expect(telemetry?.explain(0).writes).toMatchObject([{ contract: 'counter', field: 'count' }]);
  });

  test('is off by default', async () => {
    await using runtime = await createRuntime({ workers: 1, limits: SMALL_MEMORY });
    const { telemetry } = await runtime.execute({ transactions: [] });
    expect(telemetry).toBeUndefined();
  });

  test('an empty block', async () => {
    const { telemetry } = await parallel.runtime.execute({ transactions: [] });
    expect(telemetry?.statistics()).toMatchObject({
      calls: 0,
      executions: 0,
      longestChain: 0,
      efficiency: expect.any(Number),
    });
    expect(telemetry?.dependencies()).toMatchObject({ nodes: [], edges: [] });
  });
});

describe('the timeline', () => {
  const slices = (cat: string, events: readonly TraceEvent[]) =>
    events.filter((event) => event.ph === 'X' && event.cat === cat);

  test('has a named lane for each worker, and a slice for each execution and abort', () => {
    const { telemetry, result } = parallel;
    const { traceEvents } = telemetry.trace((index) => `pay ${index}`);
    const lanes = traceEvents.filter(({ name }) => name === 'thread_name').map(({ tid, args }) => [tid, args?.name]);
    expect(lanes).toEqual([0, 1, 2].map((worker) => [worker, `worker ${worker}`]));
    const { executions, aborts } = telemetry.statistics();
    expect(slices('execution', traceEvents)).toHaveLength(executions);
    expect(slices('abort', traceEvents)).toHaveLength(aborts.total);
    expect(slices('execution', traceEvents).filter(({ args }) => args?.isCommitted)).toHaveLength(
      result.receipts.length,
    );
    expect(slices('execution', traceEvents).every(({ name }) => /^pay \d+(, again \(\d+\))?$/.test(name))).toBe(true);
    expect(slices('commit', traceEvents).length).toBeGreaterThan(0);
    expect(slices('idle', traceEvents).every(({ name }) => name === 'parked')).toBe(true);
    for (const { ts, dur = 0, pid } of traceEvents) {
      expect(ts).toBeGreaterThanOrEqual(0);
      expect(dur).toBeGreaterThanOrEqual(0);
      expect(pid).toBe(1);
    }
    expect(JSON.parse(JSON.stringify(telemetry.trace()))).toEqual(telemetry.trace());
  });

  test('slices of a lane are one after another, or one within the other', () => {
    const { traceEvents } = parallel.telemetry.trace();
    const margin = 1e-3;
    for (const worker of [0, 1, 2]) {
      const own = traceEvents.filter(({ ph, tid }) => ph === 'X' && tid === worker);
      const open: number[] = [];
      // As the file has them: those around others come first.
      expect(own.map(({ ts }) => ts)).toEqual(own.map(({ ts }) => ts).sort((left, right) => left - right));
      for (const { ts, dur = 0 } of own) {
        while (open.length > 0 && (open.at(-1) as number) <= ts + margin) open.pop();
        if (open.length > 0) expect(ts + dur).toBeLessThanOrEqual((open.at(-1) as number) + margin);
        open.push(ts + dur);
      }
    }
  });

  /** A viewer takes events by their time, and by their place in the file where that is the same. By an arrow's end: the slice begun last on its lane. */
  function lastBegun(events: readonly TraceEvent[]): Map<TraceEvent, TraceEvent | undefined> {
    const last = new Map<number, TraceEvent>();
    const begun = new Map<TraceEvent, TraceEvent | undefined>();
    for (const event of [...events].sort((left, right) => left.ts - right.ts)) {
      if (event.ph === 'X') last.set(event.tid, event);
      if (event.ph === 'f') begun.set(event, last.get(event.tid));
    }
    return begun;
  }

  test('arrows go from an execution of the writer to the abort, and forward in time', () => {
    const { traceEvents } = parallel.telemetry.trace();
    const starts = traceEvents.filter(({ ph }) => ph === 's');
    const ids = starts.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(traceEvents.filter(({ ph }) => ph === 'f').map(({ id }) => id)).toEqual(expect.arrayContaining(ids));
    const begun = lastBegun(traceEvents);
    expect(starts.length).toBeGreaterThan(0);
    for (const start of starts) {
      const end = traceEvents.find(({ ph, id }) => ph === 'f' && id === start.id) as TraceEvent;
      expect(end.ts).toBeGreaterThanOrEqual(start.ts);
      expect(end.bp).toBe('e');
      // What a viewer matches them by.
      expect([end.cat, end.name, end.pid]).toEqual([start.cat, start.name, start.pid]);
      const [writer, reader] = start.name.split(' aborts ').map(Number);
      const source = slices('execution', traceEvents).filter(
        ({ tid, ts, dur = 0 }) => tid === start.tid && ts <= start.ts && start.ts < ts + dur,
      );
      expect(source).toHaveLength(1);
      expect(source.map(({ args }) => args?.call)).toContain(writer);
      // The slice that a viewer has begun last on that lane when it comes to the arrow's end.
      const target = begun.get(end);
      expect(target).toMatchObject({ cat: 'abort', ts: end.ts, args: { call: reader } });
    }
  });
});

test('the graph in the language of Graphviz', () => {
  const location = { contract: 'coin', address: `0x${'00'.repeat(32)}`, field: 'na"me', key: null };
  const graph = {
    schema: 'blockstm.graph/1',
    nodes: [
      { index: 0, gas: 5 },
      { index: 1, gas: 6 },
    ],
    junctions: [{ index: 2, location, after: null, adders: [0] }],
    edges: [
      { from: 0, to: 1, location },
      { from: 2, to: 1, location },
    ],
  } as const;
  expect(dependencyDot(graph)).toBe(`digraph block {
  node [shape=box];
  0 [label="call 0\\n5 gas"];
  1 [label="call 1\\n6 gas"];
  2 [shape=point, xlabel="coin.na\\"me"];
  0 -> 2 [arrowhead=none];
  0 -> 1 [label="coin.na\\"me"];
  2 -> 1 [label="coin.na\\"me"];
}
`);
});
