import { RUN_PARAMETERS } from '../options.js';
import { type ParameterValues, resolveParameter } from '../parameters.js';
import { formatTable, percent, plural } from '../report.js';
import type { BenchmarkReport } from '../result.js';
import { median } from '../statistics.js';
import { type Cell, cellName } from '../suite/cell.js';
import { runInProcess } from '../suite/process.js';
import type { TaskListener } from '../task-listener.js';
import { resolveCosts, resolveSimulation } from './options.js';
import { runSimulation } from './simulation.js';

/** A cell that was measured and simulated. */
export interface ValidatedCell {
  readonly name: string;
  readonly workers: number;
  /** aborts / executions, by repeats: what the machine adds is in their spread. */
  readonly real: BenchmarkReport;
  readonly simulated: BenchmarkReport;
}

/** How far the simulated abort rates are from the real ones, in fractions of executions. */
export interface ValidationError {
  readonly median: number;
  readonly mean: number;
  readonly largest: number;
}

export interface ValidationReport {
  readonly schema: 'blockstm.validation/1';
  /** Cores of the machine, which the simulation had as well. */
  readonly cores: number;
  readonly cells: readonly ValidatedCell[];
  /** Of all cells; and of those of several workers alone, since one worker has nothing to abort. */
  readonly errors: { readonly all: ValidationError; readonly severalWorkers: ValidationError };
}

export interface ValidationOptions {
  readonly repeats?: number;
  readonly seed?: number;
  readonly costTable?: string;
}

const REPEATS = 15;
/** Enough for V8 to have compiled what is hot. */
const WARM_UP = 60_000;
const WORKERS = [1, 2, 4] as const;

/** What is compared at 1, 2 and 4 workers: from no conflict to nothing but conflicts, cheap calls and long ones. */
const GRID: readonly (readonly [workload: string, params: ParameterValues, policy: Cell['policy']])[] = [
  ['p2p', { accounts: 10_000 }, {}],
  ['p2p', { accounts: 1_000 }, {}],
  ['p2p', { accounts: 100 }, {}],
  ['p2p', { accounts: 10 }, {}],
  ['p2p', { accounts: 2 }, {}],
  ['p2p', { accounts: 100 }, { grain: 1 }],
  ['chain', { distance: 1 }, {}],
  ['chain', { distance: 64 }, {}],
  ['hotspot', {}, {}],
  ['counter', { counter: 'plain' }, {}],
  ['aba-samevalue', {}, { validate: 'version' }],
  ['compute', { accounts: 100, rounds: 3_000 }, {}],
  ['compute', { accounts: 10, rounds: 3_000 }, {}],
  ['mainnet', {}, {}],
];

/** Measure the grid and simulate it, and compare the abort rates. @throws OptionError, CostTableError; BlockStmError where a cell fails. */
export async function validateSimulation(
  options: ValidationOptions = {},
  { progress = () => {}, finished = () => {} }: TaskListener = {},
): Promise<ValidationReport> {
  const repeats = resolveParameter('repeats', RUN_PARAMETERS.repeats, options.repeats ?? REPEATS) as number;
  const seed = resolveParameter('seed', RUN_PARAMETERS.seed, options.seed) as number;
  const costTable = resolveCosts(options.costTable);
  const cells: ValidatedCell[] = [];
  const grid = GRID.flatMap((row) => WORKERS.map((workers) => ({ row, workers })));
  for (const [index, { row, workers }] of grid.entries()) {
    const [workload, params, policy = {}] = row;
    const cell: Cell = { workload, params, policy, executor: 'block-stm' };
    const name = cellName(cell);
    const count = `${index + 1} of ${grid.length}, ${plural(workers, 'worker')}`;
    const tell = (text: string) => progress(`${count}, ${text}`);
    const real = await runInProcess(name, { ...cell, workers, repeats, warmUp: WARM_UP, seed }, tell);
    const cores = Math.min(real.env.cores, workers);
    const asked = { ...cell, workers, cores, seed, costTable };
    const { workload: built, settings } = resolveSimulation(asked);
    const simulated = await runSimulation(built, settings, tell);
    cells.push({ name, workers, real, simulated });
    finished(`${count}, ${name}: ${percent(real.abortRate)} aborts, simulated ${percent(simulated.abortRate)}`);
  }
  return validationReport(cells);
}

/** How far apart the cells are. @param cells at least one, and one of several workers. */
export function validationReport(cells: readonly ValidatedCell[]): ValidationReport {
  const severalWorkers = cells.filter(({ workers }) => workers > 1);
  const errors = { all: errorOf(cells), severalWorkers: errorOf(severalWorkers) };
  return { schema: 'blockstm.validation/1', cores: cells[0]?.real.env.cores ?? 1, cells, errors };
}

function errorOf(cells: readonly ValidatedCell[]): ValidationError {
  const errors = cells.map(({ real, simulated }) => Math.abs(simulated.abortRate - real.abortRate));
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  return { median: median(errors), mean, largest: Math.max(...errors) };
}

/** A line for each cell, and the errors. */
export function formatValidation({ cells, errors, cores }: ValidationReport): string {
  const rows = cells.map(({ name, workers, real, simulated }) => [
    name,
    String(workers),
    percent(real.abortRate),
    percent(simulated.abortRate),
    `${(100 * (simulated.abortRate - real.abortRate)).toFixed(1)}`,
    `${real.speedup.median.toFixed(2)}x`,
    `${simulated.speedup.median.toFixed(2)}x`,
  ]);
  const header = ['', 'workers', 'aborts, real', 'simulated', 'points', 'speed-up, real', 'simulated'];
  const points = (fraction: number): string => (100 * fraction).toFixed(1);
  const apart = ({ median, mean, largest }: ValidationError): string =>
    `${points(median)} points (median), ${points(mean)} (mean), ${points(largest)} (largest)`;
  const several = cells.filter(({ workers }) => workers > 1).length;
  return (
    `${formatTable([header, ...rows])}\n${plural(cells.length, 'cell')} on ${plural(cores, 'core')}. Abort rates are apart by ${apart(errors.all)}.\n` +
    `Of several workers, ${plural(several, 'cell')}: ${apart(errors.severalWorkers)}.\n`
  );
}
