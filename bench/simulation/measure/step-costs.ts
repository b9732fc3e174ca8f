import { availableParallelism } from 'node:os';
import type { StepCosts } from '../../../host/stepper/index.js';
import { type StepTimes, timeSteps } from '../../micro/step-times.js';
import { bootstrapGroupedMedian, type MedianInterval, median } from '../../statistics.js';
import type { Workload } from '../../workloads/workload.js';
import { fitCosts } from './fitted-costs.js';
import { measuredCost, measuredCosts } from './measured-cost.js';
import type { MeasuredParts } from './measured-parts.js';
import { type BlockOverhead, timeOverheads } from './worker-overhead.js';

/** What steps of the kernel take on one thread, in nanoseconds. */
export interface MeasuredSteps {
  readonly steps: StepCosts;
  /** Nanoseconds of processor time that two threads take together for a call, beyond what one takes: by starts and blocks. Null where no two threads met. */
  readonly secondThread: MedianInterval | null;
}

/** So many steps that each kind is among them a thousand times. */
const STEP_BLOCKS = 3;
const STEP_CALLS = 2_000;
/** Blocks of threads for each block of anything else: processor time differs more from one to the next than by what two threads take beyond one. */
const THREAD_BLOCKS = 4;
/** Calls claimed together where threads are timed. */
export const GRAIN = 16;
/** Validations a call, of a block in which two threads met for most of it: of virtual workers, which begin together, there are 0.5 to 0.6. */
const MET = 0.3;

/**
 * Steps are timed one by one on one thread, and what is in none of them by what block-stm takes on one worker beyond sequential execution.
 * @param workload calls of which few conflict and which take less than a microsecond, so that steps weigh most. @param repeats a fourth of the blocks that threads execute in each start. @throws BlockStmError `ERR_MEASUREMENT`, see `measuredCost`.
 */
export async function measureSteps(
  workload: Workload,
  repeats: number,
  seed: number,
  parts: MeasuredParts,
): Promise<MeasuredSteps> {
  const one = await parts.next('steps of the kernel', () => timeSteps(STEP_BLOCKS, STEP_CALLS, seed));
  const withTwo = availableParallelism() > 1;
  const overheads = await timeOverheads(workload, GRAIN, THREAD_BLOCKS * repeats, withTwo, parts);
  return explainedSteps(onOneThread(one), overheads, seed);
}

/** What a worker takes beyond sequential execution, but for its claims, is that of each call: none where the 95% interval of that, by starts and blocks, has nothing in it. @param one what steps take on one thread. @throws as `measureSteps` does. */
export function explainedSteps(
  one: Omit<StepCosts, 'execute'>,
  starts: readonly (readonly BlockOverhead[])[],
  seed: number,
): MeasuredSteps {
  // Without a poll time would stand still.
  const others = measuredCosts('steps', { ...one, poll: Math.max(1, one.poll) });
  const { claim, ...rest } = others;
  const steps = { claim, execute: executeCost(one, starts, seed), ...rest };
  const met = starts.map((blocks) => blocks.flatMap((block) => beyondOne(block) ?? []));
  const metStarts = met.filter(({ length }) => length > 0);
  return { steps, secondThread: metStarts.length === 0 ? null : bootstrapGroupedMedian(metStarts, seed) };
}

/** What two threads take beyond one, of a block in which they met. */
function beyondOne({ one, two }: BlockOverhead): number | undefined {
  return two !== null && two.validations > MET ? two.nanos - one : undefined;
}

/** None where it is not to be told from nothing. */
function executeCost(
  { claim }: Pick<StepCosts, 'claim'>,
  starts: readonly (readonly BlockOverhead[])[],
  seed: number,
): number {
  const cost = bootstrapGroupedMedian(
    starts.map((blocks) => blocks.map(({ one }) => one - claim / GRAIN)),
    seed,
  );
  return cost.high < 0 ? measuredCost('steps.execute', cost.median) : Math.max(0, cost.median);
}

function onOneThread({ steps, unwinds, polls }: StepTimes): Omit<StepCosts, 'execute'> {
  const features = steps.map(({ completes, publishes, claims, validations, aborts }) => [
    1,
    Number(completes),
    Number(publishes),
    Number(claims),
    validations,
    aborts,
  ]);
  const [, , publish = 0, claim = 0, validate = 0, abort = 0] = fitCosts(
    features,
    steps.map(({ nanos }) => nanos),
  );
  // The simulator counts `publish` for a speculative call that ends in a trap, too.
  return { claim, publish, validate, abort, unwind: median(unwinds) - publish, poll: median(polls) };
}
