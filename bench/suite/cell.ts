import { optionName } from '../option-name.js';
import type { BenchmarkOptions } from '../options.js';

/** One measurement of a suite: what a suite's own options do not say. */
export interface Cell extends Omit<BenchmarkOptions, 'seed' | 'repeats' | 'warmUp'> {
  /** At least so many blocks are measured, however few are asked for. */
  readonly repeatsMin?: number;
}

/** What a cell says, and nothing that is left to defaults or to the suite's options: `p2p accounts=2 block-stm workers=8`. */
export function cellName(cell: Cell): string {
  const { workload, params = {}, executor, policy = {}, blockSize, workers, endToEnd = false } = cell;
  const numbers = { ...(blockSize !== undefined && { blockSize }), ...(workers !== undefined && { workers }) };
  return [
    workload,
    ...assignments(params),
    ...(executor === undefined ? [] : [executor]),
    ...assignments({ ...policy, ...numbers }),
    ...(endToEnd ? ['end-to-end'] : []),
  ].join(' ');
}

function assignments(values: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(values).map(([name, value]) => {
    const text = typeof value === 'boolean' ? (value ? 'on' : 'off') : value;
    return `${optionName(name)}=${text}`;
  });
}
