import { optionName } from '../parameters.js';
import type { CellSummary } from '../sweep/summary.js';

/** What tells the cells of a sweep apart, by name: `accounts`, `block size`, `workers`, `deltas`. */
export type Dimensions = Readonly<Record<string, number | string>>;

export function dimensionsOf(cell: CellSummary): Dimensions {
  const { workload, params, blockSize, executor, workers, policy, simulated } = cell;
  return {
    workload,
    ...Object.fromEntries(Object.entries(params).map(([name, value]) => [parameterName(name), value])),
    'block size': blockSize,
    executor,
    ...Object.fromEntries(Object.entries(policy).map(([flag, value]) => [flag, worded(value)])),
    workers,
    ...(simulated && { clock: 'simulated' }),
  };
}

/** A parameter in words: `hot ratio`. */
export function parameterName(parameter: string): string {
  return optionName(parameter).replaceAll('-', ' ');
}

/** The names of the dimensions in which the cells differ, but for those in `without`. */
export function varying(cells: readonly CellSummary[], without: readonly string[] = []): string[] {
  const all = cells.map(dimensionsOf);
  const names = [...new Set(all.flatMap((dimensions) => Object.keys(dimensions)))];
  return names.filter((name) => !without.includes(name) && new Set(all.map((dimensions) => dimensions[name])).size > 1);
}

/** What a cell is among others: its place in the dimensions in which they differ. `accounts 100, workers 2`, or `fallback` where they do not. */
export function labelOf(cell: CellSummary, names: readonly string[], fallback: string): string {
  const dimensions = dimensionsOf(cell);
  const parts = names
    .filter((name) => dimensions[name] !== undefined)
    .map((name) => describe(name, dimensions[name] as number | string));
  return parts.length === 0 ? fallback : parts.join(', ');
}

function describe(name: string, value: number | string): string {
  if (name === 'executor' || name === 'workload' || name === 'clock') return String(value);
  return `${name} ${typeof value === 'number' ? value.toLocaleString('en-US') : value}`;
}

export function worded(value: unknown): number | string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'number' ? value : String(value);
}
