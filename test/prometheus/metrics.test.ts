import { type OpenMetricsContentType, type PrometheusContentType, Registry, register } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRuntime, memoryStore, type Runtime } from '../../dist/host/index.js';
import { registerMetrics } from '../../dist/host/prometheus/index.js';
import { address } from '../support/programs.js';
import { contractWasm, SMALL_MEMORY } from '../support/runtimes.js';

let runtime: Runtime;
beforeAll(async () => {
  runtime = await createRuntime({ workers: 1, limits: SMALL_MEMORY, store: memoryStore() });
});
afterAll(() => runtime.close());

/** Samples by their name. */
async function scrape(registry: Registry<PrometheusContentType> | Registry<OpenMetricsContentType>) {
  const lines = (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => line.split(' ') as [string, string]).map(([name, value]) => [name, +value]));
}

test('what a runtime has done is there when it is asked for', async () => {
  const registry = new Registry();
  registerMetrics(runtime, { registry });
  expect((await scrape(registry)).get('blockstm_calls_total')).toBe(0);
  const counter = await runtime.deploy(await contractWasm('counter'));
  const good = counter.transaction(address(1), 'add', { amount: 1n });
  const { durable, stats } = await runtime.execute({ transactions: [good, { ...good, gasLimit: 1 }] });
  await durable;
  await runtime.view(counter.transaction(address(1), 'get'));
  const metrics = runtime.metrics();
  expect(Object.fromEntries(await scrape(registry))).toEqual({
    blockstm_height: 2,
    blockstm_durable_height: 2,
    blockstm_blocks_total: 2,
    blockstm_rejected_blocks_total: 0,
    blockstm_calls_total: 2,
    blockstm_failed_calls_total: 1,
    blockstm_executions_total: 2,
    blockstm_aborts_total: 0,
    blockstm_gas_used_total: stats.gasUsed,
    blockstm_execution_seconds_total: expect.closeTo(metrics.executionMs / 1000, 9),
    blockstm_views_total: 1,
    blockstm_evictions_total: 0,
    blockstm_pending_blocks: 0,
    blockstm_state_bytes: stats.stateBytes,
  });
});

test('every figure has a type, a help text, and a unit in its name', async () => {
  const registry = new Registry();
  registerMetrics(runtime, { registry });
  for (const { name, type, help } of await registry.getMetricsAsJSON()) {
    expect(help).toMatch(/^[A-Z].*\.$/);
    // prom-client says "counter", or the number of it in its enumeration.
    expect(String(type)).toBe(name.endsWith('_total') ? 'counter' : 'gauge');
    expect(name).not.toMatch(/_ms/);
  }
  expect(registry.getMetricsAsArray()).toHaveLength(Object.keys(runtime.metrics()).length);
});

test('OpenMetrics, and the registry that prom-client has of its own', async () => {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  registerMetrics(runtime, { registry });
  expect(await registry.metrics()).toContain('# TYPE blockstm_blocks counter\n');
  const remove = registerMetrics(runtime, { prefix: 'node_a_' });
  expect((await scrape(register)).has('node_a_height')).toBe(true);
  remove();
  expect(await register.metrics()).toBe('\n');
});

test('two runtimes in one registry have two prefixes, and each is taken away alone', async () => {
  const registry = new Registry();
  const remove = registerMetrics(runtime, { registry });
  expect(() => registerMetrics(runtime, { registry })).toThrow(
    expect.objectContaining({ code: 'ERR_ARGUMENT', message: expect.stringContaining('"blockstm_height"') }),
  );
  registerMetrics(runtime, { registry, prefix: 'other_' });
  remove();
  registerMetrics(runtime, { registry });
  // They are another's now.
  remove();
  expect((await scrape(registry)).size).toBe(2 * Object.keys(runtime.metrics()).length);
});

test('a name of a metric cannot begin with anything', () => {
  for (const prefix of ['', '7_', 'a-b', 5]) {
    expect(() => registerMetrics(runtime, { prefix: prefix as string })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION' }),
    );
  }
  expect(() => registerMetrics(runtime, { registery: new Registry() } as never)).toThrow('registery');
});

test('a runtime that was closed shows its last figures', async () => {
  const registry = new Registry();
  const closed = await createRuntime({ workers: 1, limits: SMALL_MEMORY });
  registerMetrics(closed, { registry });
  await closed.execute({ transactions: [] });
  await closed.close();
  expect((await scrape(registry)).get('blockstm_height')).toBe(1);
});
