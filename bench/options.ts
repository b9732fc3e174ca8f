import { availableParallelism } from 'node:os';
import { type ExecutorName, type Policy, resolvePolicy } from '../host/index.js';
import { OptionError } from './option-error.js';
import { type NumericSchema, type ParameterValues, resolveParameter } from './parameters.js';
import type { RunSettings } from './runner.js';
import { suggestion } from './suggestion.js';
import { refuseUnknownOptions } from './unknown-options.js';
import { buildWorkload } from './workloads/registry.js';
import type { Workload } from './workloads/workload.js';

/** What to measure; whatever is left out has a default. */
export interface BenchmarkOptions {
  /** The name of one of `WORKLOADS`. */
  readonly workload: string;
  /** Parameters of the workload, see `WORKLOADS`. */
  readonly params?: ParameterValues;
  /** For this and the next four see `RUN_PARAMETERS`. */
  readonly blockSize?: number;
  readonly workers?: number;
  readonly repeats?: number;
  readonly warmUp?: number;
  readonly seed?: number;
  /** Default `auto`. */
  readonly executor?: ExecutorName;
  /** Of the measured runtime. */
  readonly policy?: Partial<Policy>;
  /** Whether the time until every receipt has been read is measured, see `RunSettings.measured`. Default false. */
  readonly endToEnd?: boolean;
  /** Whether the report has `statistics`: then the measured runtime has the option `telemetry`, which costs it some nanoseconds a call. Default false. */
  readonly stats?: boolean;
}

const WORKERS_MAX = 256;

/** What goes with every workload, as JSON Schemas. */
export const RUN_PARAMETERS = {
  blockSize: { type: 'integer', minimum: 1, maximum: 262_144, default: 10_000, description: 'calls in a block' },
  workers: {
    type: 'integer',
    minimum: 1,
    maximum: WORKERS_MAX,
    default: Math.min(availableParallelism(), WORKERS_MAX),
    description: "worker threads, by default the machine's cores",
  },
  repeats: { type: 'integer', minimum: 1, maximum: 1_000, default: 20, description: 'blocks measured' },
  warmUp: {
    type: 'integer',
    minimum: 0,
    maximum: 100_000_000,
    default: 200_000,
    description: 'calls executed before, in whole blocks: by then V8 has compiled what is hot',
  },
  seed: {
    type: 'integer',
    minimum: 0,
    maximum: Number.MAX_SAFE_INTEGER,
    default: 1,
    description: 'of everything random',
  },
} as const satisfies Readonly<Record<string, NumericSchema>>;

export const EXECUTORS: readonly ExecutorName[] = ['auto', 'sequential', 'block-stm'];

/** Those of `BenchmarkOptions`; parameters of the workload are in `params`. */
export const BENCHMARK_OPTIONS = [
  'workload',
  'params',
  ...Object.keys(RUN_PARAMETERS),
  'executor',
  'policy',
  'endToEnd',
  'stats',
];

/**
 * The workload and the settings that options ask for.
 * @throws OptionError with what it may be and what it is; MisuseError `ERR_OPTION` for a policy, and for what is no object.
 */
export function resolveOptions(options: BenchmarkOptions): { workload: Workload; settings: RunSettings } {
  refuseUnknownOptions(options, BENCHMARK_OPTIONS);
  const { workload, params = {}, executor = 'auto', policy = {}, endToEnd = false, stats = false } = options;
  if (!EXECUTORS.includes(executor)) {
    const expected = `expected one of ${EXECUTORS.join(', ')}${suggestion(executor, EXECUTORS)}`;
    throw new OptionError(['executor'], `${expected}, found ${executor}`);
  }
  const run = (name: keyof typeof RUN_PARAMETERS): number =>
    resolveParameter(name, RUN_PARAMETERS[name], options[name]) as number;
  const seed = run('seed');
  return {
    workload: buildWorkload(workload, params, run('blockSize'), seed),
    settings: {
      executor,
      workers: run('workers'),
      repeats: run('repeats'),
      warmUp: run('warmUp'),
      seed,
      policy: resolvePolicy(policy),
      measured: endToEnd ? 'end-to-end' : 'execute',
      stats,
    },
  };
}
