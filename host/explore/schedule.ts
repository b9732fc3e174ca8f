import { MisuseError } from '../runtime/errors.js';
import { resolvePolicy } from '../runtime/policy.js';
import type { Policy } from '../runtime/types.js';
import { Checks } from './checks.js';
import { everywhere, machineOf } from './explore.js';
import { compileShipped } from './kernel.js';
import { executeInOrder, parseBlock } from './program.js';
import { doing, verb, wordAt } from './words.js';

export const SCHEDULE_SCHEMA = 'blockstm.schedule/1';
const MAX_WORKERS = 8;

/** A schedule with all that it takes to run it again: what `blockstm explore` writes where it finds something. */
export interface Schedule {
  readonly schema: typeof SCHEDULE_SCHEMA;
  /** As `parseBlock` reads them. */
  readonly block: string;
  readonly state: string;
  readonly workers: number;
  readonly policy: Policy;
  readonly lookahead?: number;
  readonly parallelism?: number;
  /** What was found. */
  readonly message: string;
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

/** Read a schedule file's text. @throws MisuseError `ERR_ARGUMENT` */
export function parseSchedule(text: string, file: string): Schedule {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new MisuseError('ERR_ARGUMENT', `${file}: no JSON: ${(cause as Error).message}`, { cause });
  }
  const refuse = (path: string, expected: string, found: unknown): MisuseError =>
    new MisuseError(
      'ERR_ARGUMENT',
      `${file}: ${path}: expected ${expected}, found ${JSON.stringify(found) ?? 'nothing'}`,
    );
  if (typeof value !== 'object' || value === null) throw refuse('$', 'an object', value);
  const schedule = value as Record<string, unknown>;
  if (schedule.schema !== SCHEDULE_SCHEMA) throw refuse('$.schema', JSON.stringify(SCHEDULE_SCHEMA), schedule.schema);
  for (const name of ['block', 'state', 'message']) {
    if (typeof schedule[name] !== 'string') throw refuse(`$.${name}`, 'a string', schedule[name]);
  }
  const isCount = (each: unknown, most: number) =>
    Number.isInteger(each) && (each as number) >= 1 && (each as number) <= most;
  if (!isCount(schedule.workers, MAX_WORKERS))
    throw refuse('$.workers', `a whole number from 1 to ${MAX_WORKERS}`, schedule.workers);
  for (const name of ['lookahead', 'parallelism']) {
    if (schedule[name] !== undefined && !isCount(schedule[name], 256))
      throw refuse(`$.${name}`, 'a whole number from 1 to 256', schedule[name]);
  }
  if (!Array.isArray(schedule.steps)) throw refuse('$.steps', 'an array', schedule.steps);
  for (const [index, step] of schedule.steps.entries()) {
    const isStep =
      Array.isArray(step) &&
      step.length === 2 &&
      isCount(step[0] + 1, schedule.workers as number) &&
      isCount(step[1], 1e6);
    if (!isStep) throw refuse(`$.steps[${index}]`, '[worker, accesses]', step);
  }
  return { ...(schedule as unknown as Schedule), policy: resolvePolicy(schedule.policy as Partial<Policy>) };
}

/**
 * Run a schedule again, access by access. Returns what does not hold, where it ends or before; undefined where all does. It need not be a whole one: nothing is said of what
 * it leaves undone. @throws MisuseError where the schedule cannot be: it names a worker that sleeps, or has left
 */
export async function replay(
  schedule: Schedule,
  tell: (step: ToldStep) => void = () => {},
  kernel?: WebAssembly.Module,
): Promise<string | undefined> {
  const trace = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    const block = parseBlock(schedule.block, schedule.state);
    const module = kernel ?? (await compileShipped());
    const machine = machineOf(module, { ...schedule, block }, everywhere(), 1);
    const checks = new Checks(machine, executeInOrder(block));
    for (const [worker, accesses] of schedule.steps) {
      for (let i = 0; i < accesses; i++) {
        const pending = machine.pendingOf(worker);
        if (pending === undefined) {
          throw new MisuseError(
            'ERR_ARGUMENT',
            `the schedule does not fit: worker ${worker} cannot go on: it ${doing(machine, worker)}`,
          );
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
  } finally {
    Error.stackTraceLimit = trace;
  }
}
