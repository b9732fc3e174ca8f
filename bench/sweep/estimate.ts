import { bootstrapMedian, median } from '../statistics.js';

/** A median over runs and its 95% bootstrap interval, which is null where there are too few runs to say anything. */
export interface Estimate {
  readonly median: number;
  readonly low: number | null;
  readonly high: number | null;
}

/** Fewer runs say nothing about how far the median may be off. */
const RUNS_FOR_INTERVAL = 5;

/** Null without values. The same seed gives the same interval. */
export function estimate(values: readonly number[], seed: number): Estimate | null {
  if (values.length === 0) return null;
  if (values.length < RUNS_FOR_INTERVAL) return { median: median(values), low: null, high: null };
  // Resampling what does not vary takes its time and gives the same.
  const [first] = values as [number];
  if (values.every((value) => value === first)) return { median: first, low: first, high: first };
  return bootstrapMedian(values, seed);
}
