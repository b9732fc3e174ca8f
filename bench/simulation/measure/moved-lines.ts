import { BlockStmError } from '../../../host/index.js';
import type { StepCosts } from '../../../host/stepper/index.js';
import { type MedianInterval, median } from '../../statistics.js';
import type { Workload } from '../../workloads/workload.js';
import type { CostTable } from '../cost-table.js';
import { resolveSimulation } from '../options.js';
import { runSimulation } from '../simulation.js';
import { nanosPerGas } from './call-times.js';
import { GRAIN, type MeasuredThreads } from './step-costs.js';

/** A line that moves takes some 500 ns at most, and the cheapest step 16: what is more comes from other programs. */
export const LINES_MAX = 32;
/** Each halves what is left, as a ratio: 32 is known to a hundredth then. */
const ROUNDS = 8;
const BLOCKS = 3;

/** What steps take where the lines that they touch move between cores: `lines` times what they take on one thread. */
export function withMovedLines(steps: StepCosts, lines: number): StepCosts {
  const { claim, publish, validate, abort } = steps;
  return {
    ...steps,
    claim: claim * lines,
    publish: publish * lines,
    validate: validate * lines,
    abort: abort * lines,
  };
}

/**
 * By what steps on one thread have to be multiplied for the simulation of two threads to have the speed-up that they have: what they cost beyond their steps, since they look for work in vain and wait for one another, is simulated as
 * well. Found by bisection.
 * @param speedup of two threads over sequential execution. @param simulated what two virtual workers have, with so much. @returns from 1 to 32, for the middle of the speed-up and for the ends of its interval: 32 stands for more, too.
 * @throws BlockStmError `ERR_MEASUREMENT` for what no lines that move can explain.
 */
export async function movedLines(
  speedup: MedianInterval,
  simulated: (lines: number) => Promise<number>,
): Promise<MedianInterval> {
  const most = await simulated(1);
  const least = await simulated(LINES_MAX);
  const linesAt = async (measured: number): Promise<number> => {
    if (most <= measured) return 1;
    return least > measured ? LINES_MAX : bisected(measured, simulated);
  };
  if (least > speedup.median) {
    const found = `two threads: measured ${speedup.median.toPrecision(3)} times as fast as sequential execution, where ${least.toPrecision(3)} is the least that steps explain`;
    throw new BlockStmError('ERR_MEASUREMENT', `${found}: the machine was too busy, measure again when it is idle`);
  }
  // The slower two threads are, the more lines take.
  return {
    median: await linesAt(speedup.median),
    low: await linesAt(speedup.high),
    high: await linesAt(speedup.low),
  };
}

async function bisected(speedup: number, simulated: (lines: number) => Promise<number>): Promise<number> {
  let [low, high] = [1, LINES_MAX];
  for (let round = 0; round < ROUNDS; round++) {
    const middle = Math.sqrt(low * high);
    if ((await simulated(middle)) > speedup) low = middle;
    else high = middle;
  }
  return Math.sqrt(low * high);
}

/** What two threads and the calls of `workload`, whose methods are `methods`, say of a table whose steps are those of one thread. @throws as `movedLines` does. */
export function linesOfThreads(
  table: CostTable,
  workload: Workload,
  methods: readonly string[],
  { speedup, sequential }: MeasuredThreads,
  seed: number,
): Promise<MedianInterval> {
  const { threads, steps } = table;
  const perGas = sequential.map((block) => nanosPerGas(block, threads.start + threads.join, steps.unwind));
  const ofCalls = Object.fromEntries(methods.map((method) => [method, median(perGas)]));
  return movedLines(speedup, (lines) => {
    const costs = { ...table, methods: ofCalls, steps: withMovedLines(steps, lines) };
    return simulatedSpeedup(workload, costs, GRAIN, seed);
  });
}

/** The speed-up of two virtual workers with a core each, on the first blocks of `workload`. @param grain calls claimed together. */
export async function simulatedSpeedup(
  { name, params, blockSize }: Workload,
  costs: CostTable,
  grain: number,
  seed: number,
): Promise<number> {
  const run = { executor: 'block-stm', policy: { grain }, workers: 2, repeats: BLOCKS, seed } as const;
  const { workload, settings } = resolveSimulation({ workload: name, params, blockSize, ...run });
  return (await runSimulation(workload, { ...settings, costs })).speedup.median;
}
