import { OptionError } from '../option-error.js';
import { BENCHMARK_OPTIONS, type BenchmarkOptions, RUN_PARAMETERS, resolveOptions } from '../options.js';
import { type NumericSchema, resolveParameter } from '../parameters.js';
import { plural } from '../report.js';
import { refuseUnknownOptions } from '../unknown-options.js';
import type { Workload } from '../workloads/workload.js';
import { type CostTable, parseCosts, readCosts, shippedCosts } from './cost-table.js';
import type { SimulationSettings } from './simulation.js';

/** What to simulate: what `runBenchmark` is asked for, and what the virtual clock goes by. */
export interface SimulationOptions extends BenchmarkOptions {
  /** See `SIMULATION_PARAMETERS`. Default: as many as there are workers. */
  readonly cores?: number;
  /** A file with a cost table, or what `parseCosts` takes for one. Default: the one that comes with the package. */
  readonly costTable?: string | CostTable;
}

/** What goes with a simulation alone, and what has another default there, as JSON Schemas. */
export const SIMULATION_PARAMETERS = {
  workers: { ...RUN_PARAMETERS.workers, default: 8, description: 'virtual workers' },
  repeats: { ...RUN_PARAMETERS.repeats, default: 5, description: 'blocks simulated' },
  warmUp: {
    ...RUN_PARAMETERS.warmUp,
    default: 0,
    description: 'calls executed before, in whole blocks: nothing need be compiled, but auto learns from them',
  },
} as const satisfies Readonly<Record<string, NumericSchema>>;

/**
 * The workload and the settings that options ask for.
 * @throws OptionError with what it may be and what it is; CostTableError; MisuseError `ERR_OPTION` for a policy, and for what is no object.
 */
export function resolveSimulation(options: SimulationOptions): { workload: Workload; settings: SimulationSettings } {
  refuseUnknownOptions(options, [...BENCHMARK_OPTIONS, 'cores', 'costTable']);
  const { cores, costTable, ...asked } = options;
  const own = (name: keyof typeof SIMULATION_PARAMETERS): number =>
    resolveParameter(name, SIMULATION_PARAMETERS[name], asked[name]) as number;
  const [workers, repeats, warmUp] = [own('workers'), own('repeats'), own('warmUp')];
  const { workload, settings } = resolveOptions({ ...asked, workers, repeats, warmUp });
  if (cores !== undefined && (!Number.isInteger(cores) || cores < 1 || cores > workers)) {
    const expected = `a whole number from 1 to the ${plural(workers, 'worker')}`;
    throw new OptionError(['cores'], `expected ${expected}, found ${cores}`);
  }
  const costs = resolveCosts(costTable);
  return { workload, settings: { ...settings, costs, ...(cores !== undefined && { cores }) } };
}

/** The table that `SimulationOptions.costTable` asks for. @throws CostTableError with all that is wrong; of a file OptionError. */
export function resolveCosts(costTable: string | CostTable | undefined): CostTable {
  if (costTable === undefined) return shippedCosts();
  return typeof costTable === 'string' ? readCosts(costTable) : parseCosts(costTable, 'costTable');
}
