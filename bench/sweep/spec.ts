import { type ExecutorName, MisuseError, type Policy, resolvePolicy } from '../../host/index.js';
import { OptionError } from '../option-error.js';
import { EXECUTORS, RUN_PARAMETERS } from '../options.js';
import {
  formatValue,
  type NumericSchema,
  type ParameterSchema,
  type ParameterValue,
  type ParameterValues,
} from '../parameters.js';
import type { Measured } from '../runner.js';
import { type CostTable, CostTableError } from '../simulation/cost-table.js';
import { resolveCosts, SIMULATION_PARAMETERS } from '../simulation/options.js';
import { WORKLOADS } from '../workloads/registry.js';
import type { WorkloadDefinition } from '../workloads/workload.js';
import { crossed } from './crossed.js';
import { SpecError, type SpecProblem } from './errors.js';
import { type RoomProblem, roomProblem } from './room.js';
import { SpecField } from './spec-field.js';
import { type SweepCell, sweepCellName } from './sweep-cell.js';

export type OneOrMore<Value> = Value | readonly Value[];

/** A sweep as it is written, in a file or a program; what is left out has a default. Lists are crossed with one another. */
export interface SweepSpec {
  readonly schema: 'blockstm.sweep/1';
  /** Each with its parameters; those that are left out have the workload's defaults. */
  readonly workloads: readonly {
    readonly workload: string;
    readonly params?: Readonly<Record<string, OneOrMore<ParameterValue>>>;
  }[];
  /** Default 10,000. */
  readonly blockSize?: OneOrMore<number>;
  /** Default: the machine's cores. */
  readonly workers?: OneOrMore<number>;
  /** Default `block-stm`: a run is too short for `auto` to learn much from. */
  readonly executor?: OneOrMore<ExecutorName>;
  /** What is not as it is by default. */
  readonly policy?: OneOrMore<{ readonly [Flag in keyof Policy]?: OneOrMore<Policy[Flag]> }>;
  /** Default false. */
  readonly endToEnd?: boolean;
  /** Whether runs have telemetry, which costs them some nanoseconds a call: figures of incarnations, latency, efficiency and time that is wasted need it. Default false. */
  readonly stats?: boolean;
  /** Runs of each cell for each seed, each in a process of its own. Default 10. */
  readonly repeats?: number;
  /** Blocks measured in a run. Default 10. */
  readonly blocks?: number;
  /** Calls executed before them in each run, see `RUN_PARAMETERS`. */
  readonly warmUp?: number;
  /** Of the workloads. Default 1. */
  readonly seeds?: OneOrMore<number>;
  /** Of the order of the runs and of the bootstrap. Default 1. */
  readonly orderSeed?: number;
  /**
   * Virtual workers under a virtual clock in place of threads, see `runSimulation`. Default false. Then the defaults are 8 workers, 5 blocks, no warm-up and the seeds 1 to 10, each of them once: the same seed
   * gives the same figures.
   */
  readonly simulated?: boolean;
  /** Cores of the machine that is simulated, which workers share where they are more. Default: one for each worker. */
  readonly cores?: number;
  /** What is simulated costs: a file with a cost table, or the table itself. Default: the one that comes with the package. */
  readonly costTable?: string | CostTable;
}

/** A spec with everything filled in and crossed: two specs that ask for the same are equal. */
export interface Sweep {
  readonly cells: readonly SweepCell[];
  readonly repeats: number;
  readonly blocks: number;
  readonly warmUp: number;
  readonly stats: boolean;
  readonly seeds: readonly number[];
  readonly orderSeed: number;
  /** For this and the next see `RunShape`. */
  readonly cores: number | null;
  readonly costTable: CostTable | null;
}

const SWEEP_SCHEMA = 'blockstm.sweep/1';

const FIELDS = [
  'schema',
  'workloads',
  'blockSize',
  'workers',
  'executor',
  'policy',
  'endToEnd',
  'stats',
  'repeats',
  'blocks',
  'warmUp',
  'seeds',
  'orderSeed',
  'simulated',
  'cores',
  'costTable',
] as const;
/** Fields that say nothing of threads. */
const SIMULATED_FIELDS = ['cores', 'costTable'] as const;

const TEN: NumericSchema = { ...RUN_PARAMETERS.repeats, default: 10 };

/** What runs of threads, and what simulated ones have where a spec does not say otherwise, and what they can have. */
const MEASURED = {
  workers: RUN_PARAMETERS.workers,
  blocks: TEN,
  warmUp: RUN_PARAMETERS.warmUp,
  seeds: [RUN_PARAMETERS.seed.default],
};
const SIMULATED = {
  workers: SIMULATION_PARAMETERS.workers,
  blocks: SIMULATION_PARAMETERS.repeats,
  warmUp: SIMULATION_PARAMETERS.warmUp,
  seeds: Array.from({ length: TEN.default }, (_, index) => index + 1),
};

/** Cells of a sweep: enough for a week, and too few to fill a memory with. */
const CELLS_MAX = 10_000;

/**
 * The sweep that a spec asks for.
 * @throws SpecError naming all that is wrong: each with the path, what was found, what is allowed and the nearest name that is known.
 */
export function resolveSweep(spec: unknown): Sweep {
  const problems: SpecProblem[] = [];
  const root = new SpecField(spec, problems);
  const sweep = readSweepSpec(root);
  if (problems.length === 0) refuseWithoutRoom(root, spec as SweepSpec, sweep);
  if (problems.length > 0) throw new SpecError(problems);
  return sweep;
}

/** What is wrong is left out, and noted among the problems. */
function readSweepSpec(root: SpecField): Sweep {
  const fields = root.members(FIELDS, 'field');
  const schema = fields.schema ?? root.member('schema', undefined);
  if (schema.value !== SWEEP_SCHEMA) schema.expected(JSON.stringify(SWEEP_SCHEMA));
  const workloads = fields.workloads ?? root.member('workloads', undefined);
  const simulated = fields.simulated?.flag() ?? false;
  const own = simulated ? SIMULATED : MEASURED;
  for (const name of simulated ? [] : SIMULATED_FIELDS) fields[name]?.wrong('only goes with "simulated": true', 'name');
  const numbers = (name: 'blockSize' | 'workers', schema: NumericSchema = RUN_PARAMETERS[name]): readonly number[] =>
    fields[name] === undefined ? [schema.default] : (parameters(fields[name], schema) as number[]);
  const number = (name: 'repeats' | 'blocks' | 'warmUp' | 'orderSeed', schema: NumericSchema): number =>
    (fields[name]?.parameter(schema) as number | undefined) ?? schema.default;
  const measured: Measured = fields.endToEnd?.flag() ? 'end-to-end' : 'execute';
  const cells = grid(root, {
    point: workloads.items().flatMap(readWorkload),
    blockSize: numbers('blockSize'),
    executor: fields.executor?.oneOrMore().flatMap((each) => each.name(EXECUTORS) ?? []) ?? ['block-stm' as const],
    policy: fields.policy?.oneOrMore().flatMap(readPolicies) ?? [resolvePolicy({})],
    workers: numbers('workers', own.workers),
  }).map(({ point, executor, policy, workers, ...rest }): SweepCell => {
    // Sequential execution has one worker and no use of a policy, however many of them are asked for.
    const sequential = executor === 'sequential';
    const settings = { executor, workers: sequential ? 1 : workers, policy: sequential ? resolvePolicy({}) : policy };
    return { ...point, ...rest, ...settings, measured, simulated };
  });
  const seeds = fields.seeds === undefined ? own.seeds : (parameters(fields.seeds, RUN_PARAMETERS.seed) as number[]);
  return {
    cells: [...new Map(cells.map((cell) => [sweepCellName(cell), cell])).values()],
    repeats: simulated ? simulatedRepeats(fields.repeats) : number('repeats', TEN),
    blocks: number('blocks', own.blocks),
    warmUp: number('warmUp', own.warmUp),
    stats: fields.stats?.flag() ?? false,
    seeds: [...new Set(seeds)],
    orderSeed: number('orderSeed', RUN_PARAMETERS.seed),
    cores: (fields.cores?.parameter(own.workers) as number | undefined) ?? null,
    costTable: simulated ? readCostTable(fields.costTable) : null,
  };
}

function readCostTable(field: SpecField | undefined): CostTable | null {
  const value = field?.value;
  if (field !== undefined && typeof value !== 'string' && (typeof value !== 'object' || value === null)) {
    field.expected('the name of a file, or a cost table');
    return null;
  }
  try {
    return resolveCosts(value as string | CostTable | undefined);
  } catch (error) {
    if (field !== undefined && error instanceof CostTableError) {
      for (const { path, message, part } of error.problems) field.at(path).wrong(message, part);
    } else if (field !== undefined && error instanceof OptionError) field.wrong(error.problem);
    else throw error;
    return null;
  }
}

/** The same seed gives the same figures: in place of repeats there are seeds. */
function simulatedRepeats(field: SpecField | undefined): number {
  if (field !== undefined && field.value !== 1) {
    field.expected(
      '1 where "simulated" is true: runs of a seed are all the same there, so list several "seeds" in place of repeats',
    );
  }
  return 1;
}

/** The lists crossed, unless that is more than any sweep has. */
function grid<Lists extends Readonly<Record<string, readonly unknown[]>>>(field: SpecField, lists: Lists) {
  const count = Object.values(lists).reduce((product, values) => product * values.length, 1);
  if (count <= CELLS_MAX) return crossed(lists);
  field.wrong(`expected a grid of at most ${formatValue(CELLS_MAX)} cells, found ${formatValue(count)}`);
  return [];
}

/** The values of a list, or the one in place of a list. */
function parameters(field: SpecField, schema: ParameterSchema): ParameterValue[] {
  return field.oneOrMore().flatMap((each) => each.parameter(schema) ?? []);
}

function readWorkload(item: SpecField): { workload: string; params: ParameterValues }[] {
  const fields = item.members(['workload', 'params'], 'field');
  const name = (fields.workload ?? item.member('workload', undefined)).name(WORKLOADS.map((each) => each.name));
  // Which parameters there may be is not known then.
  if (name === undefined) return [];
  const definition = WORKLOADS.find((each) => each.name === name) as WorkloadDefinition;
  const schemas = definition.parameters;
  const given = fields.params?.members(Object.keys(schemas), `parameter of ${name}`) ?? {};
  const values = Object.entries(schemas).map(([parameter, schema]) => [
    parameter,
    given[parameter] === undefined ? [schema.default] : parameters(given[parameter], schema),
  ]);
  const points = grid(item, Object.fromEntries(values) as Record<string, ParameterValue[]>);
  refuseConflicts(fields.params ?? item, definition, points);
  return points.map((params) => ({ workload: name, params }));
}

/** Parameters that may not be together: the first such choice of them, and how many more there are. */
function refuseConflicts(field: SpecField, definition: WorkloadDefinition, points: readonly ParameterValues[]): void {
  const [first, ...others] = points.flatMap((params) => definition.conflict?.(params as never) ?? []);
  if (first === undefined) return;
  field.wrong(others.length === 0 ? first : `${first}; and ${formatValue(others.length)} more of what is crossed here`);
}

/** Cells of which each run would be refused, since what it is laid out for does not fit its memory. Workloads are built for that, each once for each of its block sizes. */
function refuseWithoutRoom(root: SpecField, spec: SweepSpec, sweep: Sweep): void {
  const widest = new Map<string, SweepCell>();
  for (const cell of sweep.cells) {
    const { workload, params, blockSize, workers } = cell;
    const point = JSON.stringify([workload, params, blockSize]);
    if (workers > (widest.get(point)?.workers ?? 0)) widest.set(point, cell);
  }
  const refused = new Set<string>();
  for (const cell of widest.values()) {
    const problem = roomProblem(cell, sweep);
    if (problem === undefined) continue;
    const place = placeOf(problem.field, cell, root, spec);
    const path = JSON.stringify(place.path);
    if (!refused.has(path)) place.wrong(problem.message);
    refused.add(path);
  }
}

/** Where a spec has the value of a cell. What it leaves out is said of its workloads. */
function placeOf(field: RoomProblem['field'], cell: SweepCell, root: SpecField, spec: SweepSpec): SpecField {
  const given = field === 'workloads' ? undefined : spec[field];
  if (field === 'workloads' || given === undefined) return root.member('workloads', spec.workloads);
  const place = root.member(field, given);
  return typeof given === 'number' ? place : place.member(given.indexOf(cell[field]), cell[field]);
}

function readPolicies(item: SpecField): Policy[] {
  const flags = item.members(Object.keys(resolvePolicy({})) as (keyof Policy)[], 'policy');
  const values = Object.entries(flags).map(([flag, given]) => [
    flag,
    given.oneOrMore().flatMap((each) => readFlag(flag, each)),
  ]);
  return grid(item, Object.fromEntries(values) as Record<string, unknown[]>).map((policy) =>
    resolvePolicy(policy as Partial<Policy>),
  );
}

function readFlag(flag: string, value: SpecField): unknown[] {
  try {
    return [resolvePolicy({ [flag]: value.value } as Partial<Policy>)[flag as keyof Policy]];
  } catch (error) {
    if (!(error instanceof MisuseError)) throw error;
    value.wrong(error.message.replace(/^policy\.\w+: /, ''));
    return [];
  }
}
