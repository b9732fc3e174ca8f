import { optionName } from '../option-name.js';
import type { CellSummary } from '../sweep/summary.js';
import { changedPolicy } from '../sweep/sweep-cell.js';

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

/** A sentence for a caption: what all cells share, policies that are as by default apart; nothing where that is nothing. */
export function sharedNote(cells: readonly CellSummary[]): string {
  const differing = varying(cells);
  const [first] = cells;
  if (first === undefined) return '';
  const changed = changedPolicy(first.policy);
  const unsaid = Object.keys(first.policy).filter((flag) => !(flag in changed));
  const names = Object.keys(dimensionsOf(first)).filter(
    (name) => ![...differing, ...unsaid, 'workload', 'clock'].includes(name),
  );
  return names.length === 0 ? '' : ` In all: ${labelOf(first, names, '')}.`;
}

/** What a cell is among others: its place in the dimensions in which they differ. `accounts 100, workers 2`, or `fallback` where they do not. */
export function labelOf(cell: CellSummary, names: readonly string[], fallback: string): string {
  const dimensions = dimensionsOf(cell);
  const parts = names
    .filter((name) => dimensions[name] !== undefined)
    .map((name) => describe(name, dimensions[name] as number | string));
  return parts.length === 0 ? fallback : parts.join(', ');
}

/** A value with its name, where it does not say by itself what it is: `hot ratio 0.5`, `block-stm`. */
export function describe(name: string, value: number | string): string {
  if (name === 'executor' || name === 'workload' || name === 'clock') return String(value);
  return `${name} ${valueText(value)}`;
}

export function valueText(value: number | string): string {
  // By default a number of more than three decimals would be that of its neighbour.
  return typeof value === 'number' ? value.toLocaleString('en-US', { maximumFractionDigits: 20 }) : value;
}

export function worded(value: unknown): number | string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'number' ? value : String(value);
}
