import { RandomStream } from './random.js';

/** Times of one measured thing. All in milliseconds; `samples` in the order measured. */
export interface TimeSummary {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  readonly samples: readonly number[];
}

/** A median and its 95% bootstrap interval. */
export interface MedianInterval {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Of fewer values not even the smallest and the largest have the median between them in 95% of the cases: of five it is 93.75%. */
export const VALUES_FOR_INTERVAL = 6;
/** Resamples of a bootstrap: enough that the interval's ends move by less than the figures are printed with. */
const RESAMPLES = 5_000;

/** The middle value; of an even number of values, the mean of the two in the middle. @throws RangeError for no values. */
export function median(values: readonly number[]): number {
  return quantile(ascending(values), 0.5);
}

/** @throws RangeError for no samples. */
export function summarizeTimes(samples: readonly number[]): TimeSummary {
  return { median: median(samples), min: Math.min(...samples), max: Math.max(...samples), samples };
}

/**
 * The median with its 95% percentile-bootstrap interval (Efron 1979): the medians of many samples drawn from `values`
 * with replacement; the interval leaves out 2.5% of them at either end. The same seed gives the same interval.
 */
export function bootstrapMedian(values: readonly number[], seed: number): MedianInterval {
  const random = new RandomStream(seed, 'bootstrap');
  // Typed arrays sort numbers without asking a function: a sweep has thousands of these.
  const medians = new Float64Array(RESAMPLES);
  const resample = new Float64Array(values.length);
  for (let round = 0; round < RESAMPLES; round++) {
    for (let index = 0; index < values.length; index++) resample[index] = values[random.below(values.length)] as number;
    medians[round] = quantile(resample.sort(), 0.5);
  }
  medians.sort();
  return { median: median(values), low: quantile(medians, 0.025), high: quantile(medians, 0.975) };
}

/**
 * The same where values come in groups, runs of one seed each: those of a group are more alike than others, so groups are drawn first, with replacement, and then as many values of each as it has. Of one group, or of one value
 * each, it is the plain bootstrap. With few groups it says little of others that might have been chosen.
 */
export function bootstrapGroupedMedian(groups: readonly (readonly number[])[], seed: number): MedianInterval {
  const values = groups.flat();
  if (groups.length === 1) return bootstrapMedian(values, seed);
  const random = new RandomStream(seed, 'bootstrap');
  const medians = new Float64Array(RESAMPLES);
  for (let round = 0; round < RESAMPLES; round++) {
    const resample = groups.flatMap(() => {
      const group = groups[random.below(groups.length)] as readonly number[];
      return group.map(() => group[random.below(group.length)] as number);
    });
    medians[round] = quantile(Float64Array.from(resample).sort(), 0.5);
  }
  medians.sort();
  return { median: median(values), low: quantile(medians, 0.025), high: quantile(medians, 0.975) };
}

function ascending(values: readonly number[]): readonly number[] {
  return [...values].sort((left, right) => left - right);
}

/** Between two values it interpolates linearly. */
function quantile(sorted: readonly number[] | Float64Array, fraction: number): number {
  if (sorted.length === 0) throw new RangeError('no values to take a median of');
  const position = fraction * (sorted.length - 1);
  const below = sorted[Math.floor(position)] as number;
  const above = sorted[Math.ceil(position)] as number;
  return below + (above - below) * (position - Math.floor(position));
}
