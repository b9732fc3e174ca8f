import type { NumericSchema } from './parameters.js';
import type { RandomStream } from './random.js';

/**
 * Zipf's distribution over the ranks 0 to `count` - 1: the probability of rank k is proportional to 1 / (k + 1)^theta. With theta 0 all are equally likely.
 *
 * Drawn by inversion: the sums of the probabilities are tabulated, and bisection finds the first that exceeds a uniform number (L. Devroye, "Non-Uniform Random
 * Variate Generation", 1986, chapter III.2). That is right for every theta, to the precision of a double; the usual formula of benchmarks (J. Gray et al., "Quickly Generating
 * Billion-Record Synthetic Databases", SIGMOD 1994) is an approximation, and has none for theta of 1 and more. It takes 8 bytes a rank.
 */
export class ZipfDistribution {
  /** The probability of a rank or one below, up to a factor. */
  readonly #sums: Float64Array;

  /** @param count at least 1. */
  constructor(count: number, theta: number) {
    this.#sums = new Float64Array(count);
    let sum = 0;
    for (let rank = 0; rank < count; rank++) {
      sum += (rank + 1) ** -theta;
      this.#sums[rank] = sum;
    }
  }

  draw(random: RandomStream): number {
    const sums = this.#sums;
    const target = random.fraction() * (sums.at(-1) as number);
    let low = 0;
    let high = sums.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sums[middle] as number) > target) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** Of workloads that draw from it. */
export const THETA: NumericSchema = {
  type: 'number',
  minimum: 0,
  maximum: 1.3,
  default: 0.99,
  description: "exponent of Zipf's distribution: 0 chooses all equally often, more the first ones more often",
};
