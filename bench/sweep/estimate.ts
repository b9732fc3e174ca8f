import { bootstrapGroupedMedian, median, VALUES_FOR_INTERVAL } from '../statistics.js';
import type { RunRecord } from './run-log.js';

/** A median, over runs or blocks, and its 95% bootstrap interval, which is null where there are too few to say anything. */
export interface Estimate {
  readonly median: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Of a value of each run; those with one seed executed the same blocks, and are a group. Null without runs. The same seed gives the same interval. */
export function estimate(runs: readonly RunRecord[], value: (run: RunRecord) => number, seed: number): Estimate | null {
  const values = runs.map(value);
  const [first] = values;
  if (first === undefined) return null;
  if (values.length < VALUES_FOR_INTERVAL) return { median: median(values), low: null, high: null };
  // Resampling what does not vary takes its time and gives the same.
  if (values.every((each) => each === first)) return { median: first, low: first, high: first };
  const groups = new Map<number, number[]>();
  for (const [index, run] of runs.entries()) {
    groups.set(run.seed, [...(groups.get(run.seed) ?? []), values[index] as number]);
  }
  return bootstrapGroupedMedian([...groups.values()], seed);
}
