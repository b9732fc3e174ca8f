// The option telemetry, through the public API and on worker threads.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type AddressNames,
  type BlockResult,
  type BlockTelemetry,
  type Contract,
  createRuntime,
  dependencyDot,
  type ExecutorName,
  locationText,
  type Runtime,
  type TraceEvent,
} from '../../dist/host/index.js';
import { untilCounted } from '../support/contention.js';
import { contractWasm, SMALL_MEMORY } from '../support/runtimes.js';
import { schemaOf } from '../support/schemas.js';
import { account } from '../support/taped.js';
import { expectEnds, viewTrace } from '../support/viewed-trace.js';

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
  test('its statistics agree with what the block says, and with the schema', () => {
    const isStatistics = schemaOf('statistics');
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

  test('what is attainable is that of the workers that were asked for, also where auto takes one', async () => {
    await using runtime = await createRuntime({ workers: 3, limits: SMALL_MEMORY, executor: 'auto', telemetry: true });
    const contract = await runtime.deploy(await contractWasm('compute'));
    const { telemetry, stats } = await runtime.execute({ transactions: mints(contract) });
    expect(stats).toMatchObject({ decision: { mode: 'sequential' }, workers: 1 });
    const { workers, availableWorkers, attainable } = (telemetry as BlockTelemetry).statistics();
    expect({ workers, availableWorkers }).toEqual({ workers: 1, availableWorkers: 3 });
    // Four calls that cost the same, and do not depend on one another.
    expect(attainable.workers).toBe(2);
    expect(sequential.telemetry.statistics()).toMatchObject({ workers: 1, availableWorkers: 1 });
  });

  test('lists the calls that were aborted, and only those, the ones with the most incarnations first', () => {
    const { telemetry } = parallel;
    const aborted = telemetry.abortedCalls();
    const { incarnations, aborts } = telemetry.statistics();
    expect(aborted).toHaveLength(CALLS - (incarnations[0] as number));
    expect(aborted.reduce((sum, each) => sum + each.incarnations - 1, 0)).toBe(aborts.total);
    const counts = aborted.map((each) => each.incarnations);
    expect(counts).toEqual(counts.toSorted((one, other) => other - one));
    expect(counts[0]).toBe(incarnations.length);
    for (const { index, location, aborts: most } of aborted) {
      const own = telemetry.explain(index).incarnations.map((each) => JSON.stringify(each.location));
      expect(own.filter((each) => each === JSON.stringify(location))).toHaveLength(most);
    }
    expect(sequential.telemetry.abortedCalls()).toEqual([]);
  });

  test('as many contended keys as are asked for', () => {
    const all = parallel.telemetry.statistics(undefined, { contendedKeysMax: Number.POSITIVE_INFINITY });
    expect(all.contendedKeys.reduce((sum, { aborts }) => sum + aborts, 0)).toBe(all.aborts.total);
    const { contendedKeys } = parallel.telemetry.statistics(undefined, { contendedKeysMax: 1 });
    expect(contendedKeys).toEqual(all.contendedKeys.slice(0, 1));
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
    expect(sequential.telemetry.explain(5).text).toContain('executed once, sequentially: nothing can be aborted.');
  });

  test('an explanation has how the call ended and the block was executed', async () => {
    const decision = { mode: 'sequential', reason: 'one worker' } as const;
    await using runtime = await createRuntime({ workers: 1, limits: SMALL_MEMORY, telemetry: true });
    const token = await runtime.deploy(await contractWasm('token'));
    const transactions = [token.transaction(account(1), 'transfer', { to: account(2), amount: 1n })];
    const { telemetry } = await runtime.execute({ transactions });
    const explanation = telemetry?.explain(0);
    expect(explanation).toMatchObject({ status: 'reverted', code: 'revert', executor: 'auto', decision });
    expect(explanation?.text).toMatch(
      /^Call 0 ended reverted \(revert\), used \d+ gas and was executed once, sequentially, as auto chose \(one worker\): /,
    );
    const { executor, decision: taken, status, code } = parallel.telemetry.explain(0);
    expect({ executor, taken, status, code }).toEqual({
      executor: 'block-stm',
      taken: parallel.result.stats.decision,
      status: 'ok',
      code: null,
    });
  });

  test('contracts that share code are told apart, and have the names that they are given', async () => {
    await using runtime = await createRuntime({ executor: 'sequential', limits: SMALL_MEMORY, telemetry: true });
    const wasm = await contractWasm('counter');
    const address = (number: number) => new Uint8Array(32).fill(number);
    const hits = await runtime.deploy(wasm, { address: address(0x11) });
    const misses = await runtime.deploy(wasm, { address: address(0x22) });
    const adds = (contract: Contract) => contract.transaction(account(0), 'add', { amount: 1n });
    const transactions = [adds(hits), adds(hits), adds(misses), adds(misses)];
    const { telemetry } = await runtime.execute({ transactions });
    const plain = telemetry?.dependencies().locations.map(({ contract }) => contract);
    expect(plain).toEqual([`counter@0x${'11'.repeat(32)}`, `counter@0x${'22'.repeat(32)}`]);
    const names: AddressNames = (given) => (given[0] === 0x11 ? 'hits' : undefined);
    const named = telemetry?.dependencies(names).locations.map(locationText);
    expect(named).toEqual(['hits.count', `counter@0x${'22'.repeat(32)}.count`]);
    expect(telemetry?.explain(1, undefined, names).text).toContain('It writes hits.count.');
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
    const statistics = telemetry?.statistics();
    expect(statistics).toMatchObject({ calls: 0, executions: 0, longestChain: 0, criticalPath: { gas: 0, calls: [] } });
    expect(statistics?.attainable).toEqual({ unlimited: 1, workers: 1 });
    // No JSON has what is no number.
    expect(JSON.parse(JSON.stringify(statistics))).toEqual(statistics);
    expect(statistics?.busyWorkers).toBe(0);
    expect(telemetry?.dependencies()).toMatchObject({ nodes: [], edges: [] });
    expect(telemetry?.trace().traceEvents.map(({ ts }) => Number.isFinite(ts))).not.toContain(false);
  });
});

describe('the timeline', () => {
  const slices = (cat: string, events: readonly TraceEvent[]) =>
    events.filter((event) => (event.ph === 'X' || event.ph === 'i') && event.cat === cat);

  test('has a named lane for each worker, and a slice for each execution, a moment for each abort', () => {
    const { telemetry, result } = parallel;
    const { traceEvents } = telemetry.trace((index) => `pay ${index}`);
    const lanes = traceEvents.filter(({ name }) => name === 'thread_name').map(({ tid, args }) => [tid, args?.name]);
    // None is thread 0; that of worker 0 has the process's number, as a main thread has, which viewers show first.
    expect(lanes).toEqual([0, 1, 2].map((worker) => [1 + worker, `worker ${worker}`]));
    const places = traceEvents.filter(({ name }) => name === 'thread_sort_index').map(({ args }) => args?.sort_index);
    expect(places).toEqual([0, 1, 2]);
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
    expect(viewTrace(traceEvents).misplaced).toEqual([]);
    for (const lane of new Set(traceEvents.map(({ tid }) => tid))) {
      const own = traceEvents.filter(({ ph, tid }) => ph === 'X' && tid === lane);
      // As the file has them: those around others come first.
      expect(own.map(({ ts }) => ts)).toEqual(own.map(({ ts }) => ts).sort((left, right) => left - right));
    }
  });

  test('arrows go from an execution of the writer to the abort, and forward in time', () => {
    const { traceEvents } = parallel.telemetry.trace();
    const starts = traceEvents.filter(({ ph }) => ph === 's');
    const ids = starts.map(({ id }) => id);
    expect(starts.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
    expect(traceEvents.filter(({ ph }) => ph === 'f').map(({ id }) => id)).toEqual(ids);
    for (const start of starts) {
      const end = traceEvents.find(({ ph, id }) => ph === 'f' && id === start.id) as TraceEvent;
      expect(end.ts).toBeGreaterThanOrEqual(start.ts);
      expect(end.bp).toBe('e');
      // What a viewer matches them by.
      expect([end.cat, end.name, end.pid]).toEqual([start.cat, start.name, start.pid]);
    }
    const { arrows } = viewTrace(traceEvents);
    expect(arrows).toHaveLength(starts.length);
    for (const arrow of arrows) expectEnds(arrow);
  });
});

test('a graph of nothing in the language of Graphviz', () => {
  const graph = { schema: 'blockstm.graph/1', locations: [], nodes: [], junctions: [], edges: [] } as const;
  expect(dependencyDot(graph)).toBe('digraph block {\n  node [shape=box];\n}\n');
});

test('the graph in the language of Graphviz', () => {
  const location = { contract: 'coin', address: `0x${'00'.repeat(32)}`, field: 'na"me', key: null };
  const other = { ...location, field: 'sum' };
  const graph = {
    schema: 'blockstm.graph/1',
    locations: [location, other],
    nodes: [
      { index: 0, gas: 5 },
      { index: 1, gas: 6 },
    ],
    junctions: [{ index: 2, location: 1, after: null, adders: [0] }],
    edges: [
      { from: 0, to: 1, location: 0 },
      { from: 2, to: 1, location: 1 },
    ],
  } as const;
  expect(dependencyDot(graph)).toBe(`digraph block {
  node [shape=box];
  0 [label="call 0\\n5 gas"];
  1 [label="call 1\\n6 gas"];
  2 [shape=point, xlabel="coin.sum"];
  0 -> 2 [arrowhead=none];
  0 -> 1 [label="coin.na\\"me"];
  2 -> 1 [label="coin.sum"];
}
`);
});
