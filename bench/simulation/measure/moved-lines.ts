import { BlockStmError } from '../../../host/index.js';
import type { StepCosts } from '../../../host/stepper/index.js';
import { type MedianInterval, median } from '../../statistics.js';
import type { Workload } from '../../workloads/workload.js';
import type { CostTable } from '../cost-table.js';
import { resolveSimulation } from '../options.js';
import { simulate } from '../simulation.js';
import { GRAIN } from './step-costs.js';

/** A line that moves takes some 500 ns at most, and the cheapest step 16: what is more comes from other programs. */
export const LINES_MAX = 32;
/** Between them it is interpolated: steps add up to what they take. */
const TRIED = [1, 2, 4, 8, 16, LINES_MAX];
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
 * By what steps on one thread have to be multiplied for two virtual workers to take as much processor time beyond one as two threads do: what they look for in vain is simulated as well. Processor time, since another program that
 * has one of the cores meanwhile makes threads slower, and hardly takes from it.
 * @param beyond nanoseconds a call, see `MeasuredSteps.secondThread`. @param simulated that of virtual workers, with so much. @returns from 1 to 32, for the middle of `beyond` and for the ends of its interval: 32 stands for more, too.
 * @throws BlockStmError `ERR_MEASUREMENT` for what no lines that move can explain.
 */
export async function movedLines(
  beyond: MedianInterval,
  simulated: (lines: number) => Promise<number>,
): Promise<MedianInterval> {
  const tried: Tried[] = [];
  for (const lines of TRIED) tried.push({ lines, nanos: await simulated(lines) });
  const most = (tried.at(-1) as Tried).nanos;
  if (beyond.median > most) {
    const found = `two threads: measured ${Math.round(beyond.median)} ns a call beyond one, where ${Math.round(most)} ns are the most that steps explain`;
    throw new BlockStmError('ERR_MEASUREMENT', `${found}: the machine was too busy, measure again when it is idle`);
  }
  const { median, low, high } = beyond;
  return { median: linesAt(median, tried), low: linesAt(low, tried), high: linesAt(high, tried) };
}

interface Tried {
  readonly lines: number;
  readonly nanos: number;
}

function linesAt(nanos: number, tried: readonly Tried[]): number {
  const above = tried.findIndex((each) => each.nanos > nanos);
  if (above < 0) return LINES_MAX;
  if (above === 0) return 1;
  const [from, to] = [tried[above - 1], tried[above]] as [Tried, Tried];
  return from.lines + ((nanos - from.nanos) / (to.nanos - from.nanos)) * (to.lines - from.lines);
}

/** What `secondThread` (see `MeasuredSteps`) says of a table whose steps are those of one thread. @param workload that was measured. @throws as `movedLines` does. */
export async function linesOfThreads(
  table: CostTable,
  workload: Workload,
  secondThread: MedianInterval,
  seed: number,
): Promise<MedianInterval> {
  // One has nobody to move lines to.
  const one = await simulatedBusy(workload, table, 1, seed);
  return movedLines(secondThread, async (lines) => {
    const moved = { ...table, steps: withMovedLines(table.steps, lines) };
    return (await simulatedBusy(workload, moved, 2, seed)) - one;
  });
}

/** Nanoseconds for which virtual workers with a core each have these together, for a call of the first blocks of `workload`. */
export async function simulatedBusy(
  { name, params, blockSize }: Workload,
  costs: CostTable,
  workers: number,
  seed: number,
): Promise<number> {
  const run = { executor: 'block-stm', policy: { grain: GRAIN }, repeats: BLOCKS, seed, workers } as const;
  const { workload, settings } = resolveSimulation({ ...run, workload: name, params, blockSize });
  const { busyNanos } = await simulate(workload, { ...settings, costs });
  return median(busyNanos) / blockSize;
}
