import { loadavg } from 'node:os';
import { environment } from '../../environment.js';
import { OptionError } from '../../option-error.js';
import { RUN_PARAMETERS } from '../../options.js';
import { type NumericSchema, type ParameterValues, resolveParameter } from '../../parameters.js';
import { plural } from '../../report.js';
import { median } from '../../statistics.js';
import { suggestion } from '../../suggestion.js';
import type { TaskListener } from '../../task-listener.js';
import { refuseUnknownOptions } from '../../unknown-options.js';
import { buildWorkload, WORKLOADS } from '../../workloads/registry.js';
import type { Workload } from '../../workloads/workload.js';
import { type CostTable, type MeasuredBy, parseCosts, shippedCosts } from '../cost-table.js';
import { type CallTimes, timeBlocks, timeCalls } from './call-times.js';
import { MeasuredParts } from './measured-parts.js';
import { linesOfThreads, withMovedLines } from './moved-lines.js';
import { measureSteps } from './step-costs.js';
import { timeThreads } from './thread-times.js';
import { STARTS } from './worker-overhead.js';

/** What to measure a cost table by. */
export interface MeasureOptions {
  /** For this and the next two see `MEASURE_PARAMETERS`. */
  readonly repeats?: number;
  readonly seed?: number;
  readonly blockSize?: number;
  /** Workloads whose methods are timed, beside p2p. Default: all. */
  readonly workloads?: readonly string[];
}

/** A table that says how it was measured. */
export type MeasuredTable = CostTable & { readonly measured: MeasuredBy };

/** What a measurement of costs goes by, as JSON Schemas. */
export const MEASURE_PARAMETERS = {
  repeats: {
    ...RUN_PARAMETERS.repeats,
    minimum: 5,
    default: 15,
    description: 'blocks of each kind that are measured; of threads four times as many in each of eight starts',
  },
  seed: RUN_PARAMETERS.seed,
  blockSize: {
    ...RUN_PARAMETERS.blockSize,
    minimum: 1_000,
    maximum: 10_000,
    description: 'calls in a block: in smaller ones what a block takes hides what its calls take',
  },
} as const satisfies Readonly<Record<string, NumericSchema>>;

/** No measurement gives these: how far steps are from their mean, and what only a machine that is short of cores does. */
const ASSUMED = ['jitter', 'threads.change', 'threads.slice'];
/** Nor these, where no two threads met. */
const LINES = ['steps.claim', 'steps.publish', 'steps.validate', 'steps.abort'];
/** Parameters with which a workload calls other methods than by default. */
const VARIANTS: Readonly<Record<string, readonly ParameterValues[]>> = {
  counter: [{ counter: 'plain' }],
  amm: [{ venue: 'amm' }],
};
/** So that a time in which other programs have much of the machine is not all that a workload is timed in. */
const PASSES = 2;
/** Few conflicts and calls of less than a microsecond, so that steps weigh most. */
const BY_STEPS = 'p2p';

/**
 * Measure what the simulator's clock counts on this machine, which should have nothing else to do: calls by sequential execution of every workload, twice, steps of the kernel one by one (step-costs.ts), and what they take
 * where lines move between cores by the processor time that two threads take beyond one (moved-lines.ts). No abort rate has a part in it.
 * @throws OptionError for an unknown option, a workload that there is not, and for a number out of its range; BlockStmError `ERR_MEASUREMENT` naming a quantity that comes out 0 or less, since the machine was too busy; but for `steps.execute`, which is 0 where it is less than the noise.
 */
export async function measureCosts(options: MeasureOptions = {}, listener: TaskListener = {}): Promise<MeasuredTable> {
  refuseUnknownOptions(options, [...Object.keys(MEASURE_PARAMETERS), 'workloads']);
  const known = WORKLOADS.map(({ name }) => name);
  const { workloads = known } = options;
  refuseNoNames(workloads, known);
  const own = (name: keyof typeof MEASURE_PARAMETERS): number =>
    resolveParameter(name, MEASURE_PARAMETERS[name], options[name]) as number;
  const [repeats, seed, blockSize] = [own('repeats'), own('seed'), own('blockSize')];
  const timed = [...new Set([BY_STEPS, ...workloads])].flatMap((name) =>
    [{}, ...(VARIANTS[name] ?? [])].map((params) => buildWorkload(name, params, blockSize, seed)),
  );
  const [transfers] = timed as [Workload];
  const begun = new Date().toISOString();
  const [load = 0] = loadavg();
  const parts = new MeasuredParts(4 + STARTS + PASSES * timed.length, listener);
  const { worker, host } = await parts.next('blocks of one call and of many', () => timeBlocks(transfers, repeats));
  const threads = await parts.next('threads that wake one another', timeThreads);
  const { steps, secondThread } = await measureSteps(transfers, repeats, seed, parts);
  const times = new Map<Workload, CallTimes[]>(timed.map((workload) => [workload, []]));
  for (let pass = 1; pass <= PASSES; pass++) {
    for (const [workload, its] of times) {
      const part = `calls of ${workload.name}, pass ${pass} of ${PASSES}`;
      its.push(await parts.next(part, () => timeCalls(workload, repeats, worker, steps.unwind)));
    }
  }
  const perGas = new Map<string, number>();
  const perWorkload: number[] = [];
  for (const its of times.values()) {
    const least = Math.min(...its.map(({ nanosPerGas }) => nanosPerGas));
    perWorkload.push(least);
    for (const method of its.flatMap(({ methods }) => methods))
      if (!perGas.has(method)) perGas.set(method, rounded(least));
  }
  const { cpu, cores, node } = environment();
  const { jitter, threads: shipped } = shippedCosts();
  const table: CostTable = {
    schema: 'blockstm.costs/1',
    machine: `${cpu}, ${plural(cores, 'core')}, Node ${node}`,
    assumed: secondThread === null ? [...ASSUMED, ...LINES] : ASSUMED,
    jitter,
    nanosPerGas: rounded(median(perWorkload)),
    methods: Object.fromEntries([...perGas].sort(([left], [right]) => (left < right ? -1 : 1))),
    steps,
    threads: {
      start: rounded(worker / 2),
      startNext: rounded(threads.notify),
      wake: rounded(threads.wake),
      change: shipped.change,
      slice: shipped.slice,
      join: rounded(worker / 2),
    },
    host: allRounded(host),
  };
  const lines = await parts.next('lines that move between cores', async () =>
    secondThread === null ? null : linesOfThreads(table, transfers, secondThread, seed),
  );
  const moved = allRounded(withMovedLines(steps, lines?.median ?? 1));
  const measured = { begun, load, lines: lines && allRounded(lines), repeats, blockSize };
  return { ...parseCosts({ ...table, steps: moved }), measured };
}

function refuseNoNames(workloads: readonly unknown[], known: readonly string[]): void {
  if (!Array.isArray(workloads) || workloads.length === 0 || workloads.some((name) => typeof name !== 'string')) {
    const found = JSON.stringify(workloads) ?? String(workloads);
    throw new OptionError(['workloads'], `expected a list of names of workloads, found ${found}`);
  }
  const unknown: string | undefined = workloads.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const nearest = suggestion(unknown, known);
  throw new OptionError(['workloads'], `expected names of ${known.join(', ')}${nearest}, found ${unknown}`);
}

/** To three digits: no measurement gives more. */
function rounded(nanos: number): number {
  return Number(nanos.toPrecision(3));
}

function allRounded<Costs extends object>(costs: Costs): Costs {
  return Object.fromEntries(Object.entries(costs).map(([name, nanos]) => [name, rounded(nanos)])) as Costs;
}
