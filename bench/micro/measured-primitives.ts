import { Bench } from 'tinybench';
import { bootstrapMedian, type MedianInterval, median } from '../statistics.js';
import type { Primitive } from './primitives.js';
import { instantiateReferenceLoop } from './reference-loop.js';

/** All primitives in turn, so many times. */
const PASSES = 7;
const SAMPLES_A_PASS = 11;
const WARM_UP = 20;
const REFERENCE_TURNS = 50_000;
/** Of the bootstrap. */
const SEED = 1;

export interface MeasuredPrimitive {
  readonly name: string;
  readonly sample: string;
  /** Milliseconds of a sample, median of all. */
  readonly ms: number;
  /** To the reference loop: the median over the passes of what each has as its median. Samples of a pass follow one another, and what disturbs one disturbs the next: they are not independent. */
  readonly ratio: MedianInterval;
}

/** Milliseconds that the reference loop takes now. */
export function referenceTimer(): () => number {
  const reference = instantiateReferenceLoop();
  return () => {
    const start = performance.now();
    reference(REFERENCE_TURNS);
    return performance.now() - start;
  };
}

/** Each primitive against the reference loop, which is timed before and after each sample: the ratio is to the mean of the two. What else the machine does slows down all three. */
export async function measureAll(
  all: readonly Primitive[],
  timeReference: () => number,
): Promise<readonly MeasuredPrimitive[]> {
  const ratios = all.map((): number[] => []);
  const times = all.map((): number[] => []);
  for (let pass = 0; pass < PASSES; pass++) {
    const bench = new Bench({
      iterations: SAMPLES_A_PASS,
      time: 0,
      warmupIterations: WARM_UP,
      warmupTime: 0,
      throws: true,
    });
    for (const [index, { name, measure }] of all.entries()) {
      const paired: number[] = [];
      const fn = async () => {
        const before = timeReference();
        const overriddenDuration = await measure();
        paired.push((2 * overriddenDuration) / (before + timeReference()));
        return { overriddenDuration };
      };
      bench.add(name, fn, {
        afterAll: (mode) => {
          // Those of the warm-up are not among them.
          if (mode === 'run') ratios[index]?.push(median(paired.slice(-SAMPLES_A_PASS)));
        },
      });
    }
    await bench.run();
    for (const [index, { name, result }] of bench.tasks.entries()) {
      if (result.state !== 'completed') throw new Error(`${name} did not complete`);
      times[index]?.push(result.latency.p50);
    }
  }
  return all.map(({ name, sample }, index) => ({
    name,
    sample,
    ms: median(times[index] ?? []),
    ratio: bootstrapMedian(ratios[index] ?? [], SEED),
  }));
}
