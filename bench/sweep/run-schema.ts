import * as v from 'valibot';
import { pathText } from '../../host/contract/value-path.js';
import type { BenchmarkStatistics } from '../block-statistics.js';
import type { BenchmarkReport } from '../result.js';
import type { FailureRecord, RunRecord } from './run-log.js';

/** What is wrong with a line of a log, with its path: `report.abortRate: expected a number from 0 to 1, found "x"`; undefined where it is as it has to be. */
export type LineProblem = (line: unknown) => string | undefined;

/** Fields of an object, each by name: the compiler has none forgotten. Further ones, which nobody reads, are let be. */
type FieldsOf<Shape> = { readonly [Name in keyof Shape]-?: v.GenericSchema };

const TEXT = v.pipe(v.string('a string'), v.nonEmpty('a string that is not empty'));
const FLAG = v.boolean('true or false');
const AMOUNT = number(0);
const ANY_NUMBER = v.pipe(v.number('a number'), v.finite('a number'));
const COUNT = whole(0);
const ONE_OR_MORE = whole(1);
const SHARE = number(0, 1);
const HASH = v.pipe(v.string('64 hex digits'), v.regex(/^[0-9a-f]{64}$/, '64 hex digits'));
const TIME = v.pipe(
  v.string('a time by ISO 8601'),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, 'a time by ISO 8601'),
);
const TEXT_OR_NULL = v.union([v.string(), v.null()], 'a string or null');

const TIMES = object<BenchmarkReport['wallMs']>({
  median: AMOUNT,
  min: AMOUNT,
  max: AMOUNT,
  samples: list(AMOUNT),
});

const YARDSTICK = object<NonNullable<BenchmarkReport['baseline']>['jsMap']>({ tps: AMOUNT, ratio: AMOUNT });

const KEYS = list(
  object<BenchmarkStatistics['contendedKeys'][number]>({
    contract: TEXT_OR_NULL,
    address: TEXT,
    field: TEXT_OR_NULL,
    key: TEXT_OR_NULL,
    aborts: ONE_OR_MORE,
  }),
);

const STATISTICS = object<BenchmarkStatistics>({
  schema: v.literal('blockstm.statistics/1', '"blockstm.statistics/1"'),
  // What is summed up is divided by these two. No block of a run is empty.
  calls: ONE_OR_MORE,
  workers: ONE_OR_MORE,
  availableWorkers: ONE_OR_MORE,
  executions: ONE_OR_MORE,
  aborts: object<BenchmarkStatistics['aborts']>({
    total: COUNT,
    byCause: object<BenchmarkStatistics['aborts']['byCause']>({ validation: COUNT, estimate: COUNT, cascade: COUNT }),
  }),
  incarnations: list(COUNT),
  usedGas: COUNT,
  wastedGas: COUNT,
  wastedMicros: AMOUNT,
  usedMicros: AMOUNT,
  parkedMicros: AMOUNT,
  suspendedMicros: AMOUNT,
  validationMicros: AMOUNT,
  spanMicros: AMOUNT,
  commitLatencyMicros: object<BenchmarkStatistics['commitLatencyMicros']>({
    p50: AMOUNT,
    p90: AMOUNT,
    p99: AMOUNT,
    p999: AMOUNT,
  }),
  contendedKeys: KEYS,
  rootKeys: KEYS,
  chainLengths: list(COUNT),
  longestChain: COUNT,
  criticalPath: object<BenchmarkStatistics['criticalPath']>({ gas: COUNT, calls: list(COUNT) }),
  attainable: object<BenchmarkStatistics['attainable']>({ unlimited: AMOUNT, workers: AMOUNT }),
  busyWorkers: AMOUNT,
  speedup: AMOUNT,
  efficiency: AMOUNT,
});

const REPORT = object<BenchmarkReport>({
  schema: v.literal('blockstm.bench/1', '"blockstm.bench/1"'),
  workload: TEXT,
  params: v.record(v.string(), v.union([v.number(), v.string()], 'a number or a string'), 'an object'),
  blockSize: ONE_OR_MORE,
  seed: COUNT,
  executor: oneOf('auto', 'sequential', 'block-stm'),
  workers: ONE_OR_MORE,
  executingWorkers: AMOUNT,
  policy: object<BenchmarkReport['policy']>({
    validate: oneOf('version', 'value'),
    grain: v.union([v.literal('auto'), whole(1, 1024)], '"auto" or a whole number from 1 to 1,024'),
    estimates: FLAG,
    suspend: oneOf('park', 'abort'),
    deltas: FLAG,
  }),
  repeats: ONE_OR_MORE,
  warmUp: COUNT,
  measured: oneOf('execute', 'end-to-end'),
  simulated: FLAG,
  simulation: v.optional(
    object<NonNullable<BenchmarkReport['simulation']>>({ cores: ONE_OR_MORE, costs: v.string(), replays: COUNT }),
  ),
  wallMs: TIMES,
  engineMs: TIMES,
  tps: AMOUNT,
  sequential: object<BenchmarkReport['sequential']>({ wallMs: TIMES, tps: AMOUNT }),
  speedup: object<BenchmarkReport['speedup']>({ median: AMOUNT, low: AMOUNT, high: AMOUNT }),
  overheadMicros: ANY_NUMBER,
  failedCalls: COUNT,
  executions: COUNT,
  aborts: COUNT,
  abortRate: SHARE,
  validations: COUNT,
  dependencyWaits: COUNT,
  modes: object<BenchmarkReport['modes']>({ sequential: COUNT, 'block-stm': COUNT, yielded: COUNT }),
  blockBytesPerCall: AMOUNT,
  stateHash: HASH,
  statesEqual: FLAG,
  difference: TEXT_OR_NULL,
  differentBlock: v.nullable(COUNT),
  statistics: v.optional(STATISTICS),
  baseline: v.nullable(object<NonNullable<BenchmarkReport['baseline']>>({ jsMap: YARDSTICK, ledgerLimit: YARDSTICK })),
  env: object<BenchmarkReport['env']>({
    cpu: v.string('a string'),
    cores: COUNT,
    node: TEXT,
    v8: TEXT,
    version: TEXT,
    commit: TEXT_OR_NULL,
  }),
});

/** As schemas/sweep-run.schema.json has it. */
export const runProblem: LineProblem = problemBy(
  object<RunRecord>({
    schema: v.literal('blockstm.sweep-run/1', '"blockstm.sweep-run/1"'),
    cell: TEXT,
    seed: COUNT,
    repeat: COUNT,
    finished: TIME,
    seconds: AMOUNT,
    report: REPORT,
  }),
);

/** As schemas/sweep-failure.schema.json has it. */
export const failureProblem: LineProblem = problemBy(
  object<FailureRecord>({
    schema: v.literal('blockstm.sweep-failure/1', '"blockstm.sweep-failure/1"'),
    cell: TEXT,
    seed: COUNT,
    repeat: COUNT,
    failed: TEXT,
    code: TEXT,
    message: TEXT,
  }),
);

function problemBy(schema: v.GenericSchema): LineProblem {
  return (line) => {
    const { issues } = v.safeParse(schema, line, { abortEarly: true });
    if (issues === undefined) return undefined;
    const [{ path = [], message, input }] = issues;
    const place = path.length === 0 ? '' : `${pathText(path.map(({ key }) => key as string | number))}: `;
    return `${place}expected ${message}, found ${found(input)}`;
  };
}

function object<Shape>(fields: FieldsOf<Shape>): v.GenericSchema {
  // Of a field that is not there valibot has its quoted name for what it expected.
  return v.object(fields as v.ObjectEntries, ({ expected }) => (expected === 'Object' ? 'an object' : 'a value'));
}

function list(item: v.GenericSchema): v.GenericSchema {
  return v.array(item, 'a list');
}

function oneOf(...names: readonly string[]): v.GenericSchema {
  return v.picklist(names, names.map((name) => `"${name}"`).join(' or '));
}

function number(least: number, most = Number.MAX_VALUE): v.GenericSchema {
  const allowed = most === Number.MAX_VALUE ? `a number from ${least}` : `a number from ${least} to ${most}`;
  return v.pipe(v.number(allowed), v.minValue(least, allowed), v.maxValue(most, allowed));
}

function whole(least: number, most = Number.MAX_SAFE_INTEGER): v.GenericSchema {
  const allowed = `a whole number ${most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`}`;
  return v.pipe(v.number(allowed), v.integer(allowed), v.minValue(least, allowed), v.maxValue(most, allowed));
}

function found(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
