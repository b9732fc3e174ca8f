import { withoutTraces } from '../../dist/host/engine/without-traces.js';
import { Checks } from '../../dist/host/explore/checks.js';
import { everywhere, exhaustFrom, machineOf } from '../../dist/host/explore/explore.js';
import {
  executeInOrder,
  explore,
  parseBlock,
  policyOf,
  runLengths,
  SCHEDULE_SCHEMA,
  type Schedule,
} from '../../dist/host/explore/index.js';
import { compileExplored } from '../../dist/host/explore/kernel-source.js';
import { exhaust, type Failure, type Searched } from '../../dist/host/explore/search.js';
import type { Mutant } from '../mutants/mutants.js';

/**
 * Every schedule of a block, each access a step, with the reduction by persistent sets and without it; and as `explore` searches, but without the schedules at random that come first there and find
 * most.
 */
export function searchBoth(
  kernel: WebAssembly.Module,
  text: string,
  { workers = 2, grain = 1, state = '' } = {},
): { readonly reduced: Searched; readonly full: Searched; readonly shipped: Searched } {
  const options = { block: parseBlock(text, state), workers, policy: policyOf({ grain }) };
  const search = (isReduced: boolean): Searched => {
    const machine = machineOf(kernel, options, everywhere(), 512);
    const checks = new Checks(machine, executeInOrder(options.block));
    return exhaust(machine, checks, { preemptions: undefined, states: 1_000_000, isReduced, stepping: workers });
  };
  const shipped = withoutTraces(() => exhaustFrom(kernel, options, everywhere()));
  return { reduced: search(true), full: search(false), shipped };
}

/** A mutant's kernel, see test/mutants. */
export async function compileMutant({ file, line, replacement }: Mutant): Promise<WebAssembly.Module> {
  const edit = (name: string, text: string) => (name === file ? text.replace(line, () => replacement) : text);
  return WebAssembly.compile((await compileExplored(edit)) as Uint8Array<ArrayBuffer>);
}

/** What a kernel does wrong to a block on three workers, in schedules at random; and the schedule as a file has it. */
export async function findAtRandom(
  kernel: WebAssembly.Module,
  block: string,
  schedules: number,
): Promise<{ readonly failure: Failure; readonly schedule: Schedule }> {
  const policy = policyOf({ grain: 1 });
  const random = { schedules, seed: 1 };
  const { failure } = await explore({ block: parseBlock(block), workers: 3, policy, kernel, random });
  if (failure === undefined) throw new Error(`${schedules} schedules of ${block} found nothing`);
  const steps = runLengths(failure.schedule);
  const schedule = {
    schema: SCHEDULE_SCHEMA,
    block,
    state: '',
    workers: 3,
    policy,
    message: failure.message,
    steps,
  } as const;
  return { failure, schedule };
}
