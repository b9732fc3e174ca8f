/**
 * The figures of a runtime, for Prometheus. Needs the package `prom-client` installed.
 *
 * @module blockstm/prometheus
 */
import { Counter, register as defaultRegistry, Gauge, type OpenMetricsContentType, type Registry } from 'prom-client';
import { MisuseError } from '../runtime/errors.js';
import type { Metrics, Runtime } from '../runtime/runtime-interface.js';

export interface MetricsOptions {
  /** Where the metrics are registered. Default: prom-client's own registry. */
  readonly registry?: Registry | Registry<OpenMetricsContentType>;
  /** What the names begin with. Two runtimes in one registry need two. Default `blockstm_`. */
  readonly prefix?: string;
}

interface Figure {
  readonly kind: typeof Counter | typeof Gauge;
  readonly name: string;
  readonly help: string;
  /** What it is multiplied by, for the unit in its name. Default 1. */
  readonly factor?: number;
}

const FIGURES: Readonly<Record<keyof Metrics, Figure>> = {
  height: { kind: Gauge, name: 'height', help: 'Height of the last executed block.' },
  durableHeight: {
    kind: Gauge,
    name: 'durable_height',
    help: 'Height of the last block that is durable; of the last executed one without a store.',
  },
  blocks: { kind: Counter, name: 'blocks_total', help: 'Blocks executed and committed, with those that only deploy.' },
  rejectedBlocks: { kind: Counter, name: 'rejected_blocks_total', help: 'Blocks that were rejected.' },
  calls: { kind: Counter, name: 'calls_total', help: 'Calls in committed blocks.' },
  failedCalls: { kind: Counter, name: 'failed_calls_total', help: 'Calls in committed blocks whose status is not ok.' },
  executions: { kind: Counter, name: 'executions_total', help: 'Incarnations of calls that were started.' },
  aborts: { kind: Counter, name: 'aborts_total', help: 'Incarnations of calls whose reads failed validation.' },
  gasUsed: { kind: Counter, name: 'gas_used_total', help: 'Gas that calls in committed blocks used.' },
  executionMs: {
    kind: Counter,
    name: 'execution_seconds_total',
    help: 'Time that blocks ran on the workers.',
    factor: 0.001,
  },
  views: { kind: Counter, name: 'views_total', help: 'Views executed.' },
  evictions: {
    kind: Counter,
    name: 'evictions_total',
    help: 'How often all of the state has left shared memory, to be read from the store again.',
  },
  pendingBlocks: { kind: Gauge, name: 'pending_blocks', help: 'Blocks executed and not yet durable.' },
  stateBytes: { kind: Gauge, name: 'state_bytes', help: 'Shared memory that the state takes.' },
};

const NAME_START = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;

/**
 * Have a registry show what `runtime.metrics()` says, each time that it is asked; nothing is done in between. After the runtime was closed it shows the last figures.
 * @returns a function that takes the metrics away again.
 * @throws MisuseError `ERR_OPTION` for a prefix that no name can begin with, `ERR_ARGUMENT` for one that is taken; then nothing is registered.
 */
export function registerMetrics(runtime: Pick<Runtime, 'metrics'>, options: MetricsOptions = {}): () => void {
  if (typeof options !== 'object' || options === null)
    throw new MisuseError('ERR_OPTION', `registerMetrics: expected an object, found ${String(options)}`);
  const { prefix = 'blockstm_', registry: given = defaultRegistry, ...unknown } = options;
  const [name] = Object.keys(unknown);
  if (name !== undefined)
    throw new MisuseError('ERR_OPTION', `registerMetrics: unknown option "${name}", known are registry, prefix`);
  if (typeof prefix !== 'string' || !NAME_START.test(prefix)) {
    throw new MisuseError('ERR_OPTION', `prefix: expected letters, digits, "_" and ":", found "${prefix}"`);
  }
  // Which format it writes is no concern here.
  const registry = given as Registry;
  const metrics = Object.entries(FIGURES).map(([key, figure]) => {
    const full = `${prefix}${figure.name}`;
    if (registry.getSingleMetric(full) !== undefined) {
      throw new MisuseError('ERR_ARGUMENT', `prefix: the registry has a metric "${full}" already`);
    }
    return { name: full, metric: collected(runtime, key as keyof Metrics, full) };
  });
  for (const { metric } of metrics) registry.registerMetric(metric);
  return () => {
    for (const { name, metric } of metrics) {
      if (registry.getSingleMetric(name) === metric) registry.removeSingleMetric(name);
    }
  };
}

function collected(runtime: Pick<Runtime, 'metrics'>, key: keyof Metrics, name: string): Counter | Gauge {
  const { kind, help, factor = 1 } = FIGURES[key];
  const metric: Counter | Gauge = new kind({
    name,
    help,
    registers: [],
    collect: () => {
      // A counter can be added to and nothing else.
      metric.reset();
      metric.inc(Number(runtime.metrics()[key]) * factor);
    },
  });
  return metric;
}
