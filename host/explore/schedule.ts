import { withoutTraces } from '../engine/without-traces.js';
import { MisuseError } from '../runtime/errors.js';
import type { Policy } from '../runtime/types.js';
import { ACCESS } from './access.js';
import { Checks } from './checks.js';
import { everywhere, machineOf } from './explore.js';
import { compileShipped } from './kernel.js';
import type { Access, Machine } from './machine.js';
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
  /** `loads the frontier: 0, lookahead 256`; before and after where it changes; `and fails` where a compare-and-swap changes nothing. */
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

/** What running a schedule again has shown. */
export interface Replayed {
  /** What does not hold, in one of its steps or at the end of the block; undefined where all does. */
  readonly failure: string | undefined;
  /** Whether nobody can go on: only then has the end of the block been looked at. */
  readonly isEnded: boolean;
}

/** Run a schedule again, access by access. It need not be a whole one: nothing is said of what it leaves undone. @throws ScheduleError where the schedule cannot be */
export async function replay(
  schedule: Schedule,
  tell: (step: ToldStep) => void = () => {},
  kernel?: WebAssembly.Module,
): Promise<Replayed> {
  const module = kernel ?? (await compileShipped());
  return withoutTraces(() => replayOn(module, schedule, tell));
}

function replayOn(kernel: WebAssembly.Module, schedule: Schedule, tell: (step: ToldStep) => void): Replayed {
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
      const access = told(machine, pending, () => machine.step(worker));
      tell({ worker, doing: what, access });
      const failure = checks.afterStep(worker);
      if (failure !== undefined) return { failure, isEnded: !machine.isAnybodyAble() };
    }
  }
  const isEnded = !machine.isAnybodyAble();
  return { failure: isEnded ? checks.atEnd() : undefined, isEnded };
}

/** An access in words, once `make` has made it. */
function told(machine: Machine, { worker, address, kind }: Access, make: () => void): string {
  const { size } = machine.accessOf(worker);
  const bits = (): string => machine.words.subarray(address >>> 2, (address + size + 3) >>> 2).join();
  const [before, bitsBefore] = [wordAt(machine, address), bits()];
  make();
  const after = wordAt(machine, address);
  // The kernel swaps nothing for itself.
  const failed = kind === ACCESS.cmpxchg && bits() === bitsBefore ? ' and fails' : '';
  const change = before.value === after.value ? before.value : `${before.value} -> ${after.value}`;
  return `${verb(kind)} ${before.name}${failed}: ${change}`;
}
