import { optionName } from '../option-name.js';
import { changedPolicy, type RunShape, runOptions, type SweepCell } from './sweep-cell.js';

/** Where `saveCounterExample` keeps the costs of a simulated run. */
export const COST_TABLE = 'costs.json';

/** The command, within the directory of `saveCounterExample`, that executes the same blocks with the same options: a simulated run is the very same then, one of threads has another schedule. */
export function runAgain(cell: SweepCell, seed: number, shape: RunShape): string {
  const { workload, params, blockSize, executor, workers, repeats, warmUp, cores, costTable } = runOptions(
    cell,
    seed,
    shape,
  );
  const values = {
    workload,
    ...params,
    blockSize,
    executor,
    workers,
    ...changedPolicy(cell.policy),
    seed,
    repeats,
    warmUp,
    ...(cores !== undefined && { cores }),
    ...(costTable !== undefined && { costTable: COST_TABLE }),
  };
  const options = optionWords(values);
  const endToEnd = cell.measured === 'end-to-end' ? ['--end-to-end'] : [];
  const stats = shape.stats ? ['--stats'] : [];
  return ['blockstm', cell.simulated ? 'simulate' : 'bench', ...options, ...endToEnd, ...stats].join(' ');
}

/** As they are given on the command line: `--hot-ratio 0.5`, `--deltas off`. */
export function optionWords(values: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(values).map(([name, value]) => {
    const text = typeof value === 'boolean' ? (value ? 'on' : 'off') : value;
    return `--${optionName(name)} ${text}`;
  });
}
