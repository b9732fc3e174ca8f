import { availableParallelism } from 'node:os';
import { BlockStmError } from '../../../host/index.js';
import type { StepCosts } from '../../../host/stepper/index.js';
import { type StepTimes, timeSteps } from '../../micro/step-times.js';
import { median } from '../../statistics.js';
import type { Workload } from '../../workloads/workload.js';
import { fitCosts } from './fitted-costs.js';
import { measuredCosts } from './measured-cost.js';
import { timeOverheads, type WorkerOverhead } from './worker-overhead.js';

/** What steps of the kernel take, in nanoseconds. */
export interface MeasuredSteps {
  readonly steps: StepCosts;
  /** By what steps on one thread are multiplied, for the lines that move between the cores of two; null where no two threads met: then nothing is. */
  readonly lines: number | null;
}

/** So many steps that each kind is among them a thousand times. */
const STEP_BLOCKS = 3;
const STEP_CALLS = 2_000;
/** Calls claimed together where threads are timed. */
const GRAIN = 16;
/** Validations a call, of a block in which two threads met: else the costs of one are not to be told from noise. */
const MET = 0.1;
/** A line that moves takes some 500 ns at most, and the cheapest step 16: what is more comes from other programs. */
const LINES_MAX = 32;

/**
 * Steps are timed one by one on one thread; what lines take that move between cores is what calls take more on two threads than those steps explain.
 * @param workload calls of which few conflict and which take less than a microsecond, so that steps weigh most. @param blocks executed by threads. @throws BlockStmError `ERR_MEASUREMENT`, see `measuredCost`.
 */
export async function measureSteps(workload: Workload, blocks: number, seed: number): Promise<MeasuredSteps> {
  const one = onOneThread(await timeSteps(STEP_BLOCKS, STEP_CALLS, seed));
  return explainedSteps(one, await timeOverheads(workload, GRAIN, blocks, availableParallelism() > 1));
}

/** What threads took beyond sequential execution, by steps. @param one what steps take on one thread. @throws as `measureSteps` does. */
export function explainedSteps(
  one: Omit<StepCosts, 'execute'>,
  overheads: { readonly one: readonly WorkerOverhead[]; readonly two: readonly WorkerOverhead[] },
): MeasuredSteps {
  const claims = one.claim / GRAIN;
  const execute = median(overheads.one.map(({ nanos }) => nanos)) - claims;
  // A call that is validated was published before.
  const explained = ({ validations, aborts }: WorkerOverhead): number =>
    validations * (one.publish + one.validate) + aborts * one.abort + claims;
  const factors = overheads.two
    .filter(({ validations }) => validations > MET)
    .map((block) => (block.nanos - execute) / explained(block));
  const lines = factors.length === 0 ? null : Math.max(1, plausible(median(factors)));
  const moved = (nanos: number): number => nanos * (lines ?? 1);
  const { claim, publish, validate, abort, unwind, poll } = measuredCosts('steps', one);
  const steps = measuredCosts('steps', {
    claim: moved(claim),
    execute,
    publish: moved(publish),
    validate: moved(validate),
    abort: moved(abort),
    unwind,
    // Without one time would stand still.
    poll: Math.max(1, poll),
  });
  return { steps, lines };
}

/** @throws BlockStmError `ERR_MEASUREMENT` for what no lines that move can explain. */
function plausible(lines: number): number {
  if (lines <= LINES_MAX) return lines;
  const found = `steps on two threads: measured ${lines.toPrecision(3)} times what they take on one, expected at most ${LINES_MAX}`;
  throw new BlockStmError('ERR_MEASUREMENT', `${found}: the machine was too busy, measure again when it is idle`);
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
