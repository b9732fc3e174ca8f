import { stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { Bench } from 'tinybench';
import { environment } from '../environment.js';
import { formatTable } from '../report.js';
import { bootstrapMedian, type MedianInterval, median } from '../statistics.js';
import { readBaseline, regressions, writeBaseline } from './baseline.js';
import { type Primitive, primitives } from './primitives.js';
import { instantiateReferenceLoop } from './reference-loop.js';

/**
 * The kernel's primitives against a loop that nothing of ours is in, by tinybench: a part of `npm run bench:micro`, and with `-- --write` what keeps the ratios as the baseline.
 *
 * The loop is timed before and after each sample of a primitive, and the ratio is to the mean of the two: what else the machine does has slowed down all three. Where a primitive
 * has become slower than the baseline the exit code is 1.
 */

/** All primitives in turn, so many times. */
const PASSES = 7;
const SAMPLES_A_PASS = 11;
const WARM_UP = 20;
const REFERENCE_TURNS = 50_000;
/** Of the bootstrap. */
const SEED = 1;

interface Measured {
  readonly name: string;
  readonly sample: string;
  readonly ms: number;
  /** To the reference loop. */
  readonly ratio: MedianInterval;
}

async function measureAll(all: readonly Primitive[]): Promise<readonly Measured[]> {
  const reference = instantiateReferenceLoop();
  const timeReference = (): number => {
    const start = performance.now();
    reference(REFERENCE_TURNS);
    return performance.now() - start;
  };
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
      // Those of the warm-up are not among them.
      bench.add(name, fn, { afterAll: () => void ratios[index]?.push(...paired.slice(-SAMPLES_A_PASS)) });
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

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const { cpu, node } = environment();
const measured = await measureAll(await primitives());
if (values.write) {
  const ratios = Object.fromEntries(measured.map(({ name, ratio }) => [name, Number(ratio.median.toFixed(4))]));
  writeBaseline({ schema: 'blockstm.micro/1', cpu, node, ratios });
}
const baseline = readBaseline();
const rows = measured.map(({ name, sample, ms, ratio }) => {
  const before = baseline.ratios[name];
  return [
    name,
    `${(ms * 1000).toFixed(0)} µs`,
    ratio.median.toFixed(3),
    `${ratio.low.toFixed(3)} to ${ratio.high.toFixed(3)}`,
    before === undefined ? '' : before.toFixed(3),
    sample,
  ];
});
const header = ['primitive', 'median', 'of the reference loop', '95% interval', 'baseline', 'a sample is'];
stdout.write(formatTable([header, ...rows], 'left'));
if (baseline.cpu !== cpu) {
  stdout.write(`\nThe baseline is of another processor, ${baseline.cpu}: keep one of this machine before a change.\n`);
}
for (const regression of regressions(new Map(measured.map(({ name, ratio }) => [name, ratio])), baseline)) {
  stdout.write(`\n${regression}\n`);
  process.exitCode = 1;
}
