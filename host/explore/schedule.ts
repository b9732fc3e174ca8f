import { MisuseError } from '../runtime/errors.js';
import type { Policy } from '../runtime/types.js';
import { Checks } from './checks.js';
import { everywhere, machineOf, withoutTraces } from './explore.js';
import { compileShipped } from './kernel.js';
import { executeInOrder, parseBlock } from './program.js';
import { doing, verb, wordAt } from './words.js';

export const SCHEDULE_SCHEMA = 'blockstm.schedule/1';

/** A schedule with all that it takes to run it again: what `blockstm explore` writes where it finds something. Schema: schemas/schedule.schema.json. */
export interface Schedule {
  readonly schema: typeof SCHEDULE_SCHEMA;
  /** As `parseBlock` reads them. */
  readonly block: string;
  readonly state: string;
  readonly workers: number;
  readonly policy: Policy;
  readonly lookahead?: number;
  readonly parallelism?: number;
  /** What was found; none where it was kept for something else. */
  readonly message?: string;
  /** The worker of each access to shared memory, and how many it makes one after another. */
  readonly steps: readonly (readonly [worker: number, accesses: number])[];
}

/** One access of a schedule, in words. */
export interface ToldStep {
  readonly worker: number;
  readonly doing: string;
  /** `loads the frontier: 0, lookahead 256`; before and after where it changes. */
  readonly access: string;
}

export function runLengths(workers: readonly number[]): [number, number][] {
  const runs: [number, number][] = [];
  for (const worker of workers) {
    const last = runs.at(-1);
    if (last !== undefined && last[0] === worker) last[1]++;
    else runs.push([worker, 1]);
  }
  return runs;
}

/** A schedule that cannot be: at one of its steps a worker would go on that sleeps, or has left. Code: `ERR_ARGUMENT`. */
export class ScheduleError extends MisuseError {
  /** Index in `steps`. */
  readonly step: number;

  constructor(step: number, message: string) {
    super('ERR_ARGUMENT', message);
    this.step = step;
  }
}

/**
 * Run a schedule again, access by access. Returns what does not hold, where it ends or before; undefined where all does. It need not be a whole one: nothing is said of what
 * it leaves undone. @throws ScheduleError where the schedule cannot be
 */
export async function replay(
  schedule: Schedule,
  tell: (step: ToldStep) => void = () => {},
  kernel?: WebAssembly.Module,
): Promise<string | undefined> {
  const module = kernel ?? (await compileShipped());
  return withoutTraces(() => replayOn(module, schedule, tell));
}

function replayOn(kernel: WebAssembly.Module, schedule: Schedule, tell: (step: ToldStep) => void): string | undefined {
  const block = parseBlock(schedule.block, schedule.state);
  const machine = machineOf(kernel, { ...schedule, block }, everywhere(), 1);
  const checks = new Checks(machine, executeInOrder(block));
  for (const [index, [worker, accesses]] of schedule.steps.entries()) {
    for (let i = 0; i < accesses; i++) {
      const pending = machine.pendingOf(worker);
      if (pending === undefined) {
        const done = `after ${i} of these ${accesses} accesses it ${doing(machine, worker)}`;
        throw new ScheduleError(index, `worker ${worker} cannot go on: ${done}`);
      }
      const what = doing(machine, worker);
      const before = wordAt(machine, pending.address);
      machine.step(worker);
      const after = wordAt(machine, pending.address);
      const change = before.value === after.value ? before.value : `${before.value} -> ${after.value}`;
      tell({ worker, doing: what, access: `${verb(pending.kind)} ${before.name}: ${change}` });
      const wrong = checks.afterStep(worker);
      if (wrong !== undefined) return wrong;
    }
  }
  return machine.isAnybodyAble() ? undefined : checks.atEnd();
}
