import type { Replayed, Schedule } from '../explore/index.js';
import { MisuseError, type Policy } from '../index.js';
import { readText } from './genesis.js';
import { JsonField } from './json-field.js';

type Explorer = typeof import('../explore/index.js');

/** What `explore` takes at most. */
export const EXPLORE_MAX = { workers: 8, calls: 32, grain: 64, lookahead: 256, parallelism: 256 } as const;
const ACCESSES_MAX = 1_000_000;

const NAMES = [
  'schema',
  'block',
  'state',
  'workers',
  'policy',
  'lookahead',
  'parallelism',
  'message',
  'steps',
] as const;

/** A schedule file (schemas/schedule.schema.json), and how to run it. */
export interface ScheduleFile {
  readonly schedule: Schedule;
  /** @throws FileError that shows the place where the schedule cannot be. */
  replay(tell: Parameters<Explorer['replay']>[1]): Promise<Replayed>;
}

/** @throws FileError that shows the place of what is wrong. */
export async function readSchedule(explorer: Explorer, file: string): Promise<ScheduleFile> {
  const root = JsonField.parse({ file, firstLine: 1, text: await readText(file) });
  const fields = root.members(NAMES);
  const { schema, lookahead, parallelism, message } = fields;
  if (schema.value !== explorer.SCHEDULE_SCHEMA) schema.expected(JSON.stringify(explorer.SCHEDULE_SCHEMA));
  const block = string(fields.block);
  const state = string(fields.state);
  placed(fields.block, () => {
    const { programs } = explorer.parseBlock(block);
    if (programs.length > EXPLORE_MAX.calls) fields.block.expected(`at most ${EXPLORE_MAX.calls} calls`);
  });
  placed(fields.state, () => explorer.parseBlock(block, state));
  const workers = count(fields.workers, 1, EXPLORE_MAX.workers);
  const schedule: Schedule = {
    schema: explorer.SCHEDULE_SCHEMA,
    block,
    state,
    workers,
    policy: explorer.policyOf(readPolicy(fields.policy)),
    ...(lookahead.present && { lookahead: count(lookahead, 1, EXPLORE_MAX.lookahead) }),
    ...(parallelism.present && { parallelism: count(parallelism, 1, EXPLORE_MAX.parallelism) }),
    ...(message.present && { message: string(message) }),
    steps: fields.steps.items().map((step) => {
      const [worker, accesses, more] = step.items();
      if (worker === undefined || accesses === undefined || more !== undefined)
        return step.expected('[worker, accesses]');
      return [count(worker, 0, workers - 1), count(accesses, 1, ACCESSES_MAX)] as const;
    }),
  };
  return {
    schedule,
    replay: async (tell) => {
      try {
        return await explorer.replay(schedule, tell);
      } catch (error) {
        if (error instanceof explorer.ScheduleError) return root.at(['steps', error.step]).fail(error.message);
        throw error;
      }
    },
  };
}

function readPolicy(field: JsonField): Partial<Policy> {
  const { validate, grain, estimates, suspend, deltas } = field.members([
    'validate',
    'grain',
    'estimates',
    'suspend',
    'deltas',
  ]);
  return {
    grain: count(grain, 1, EXPLORE_MAX.grain),
    ...(validate.present && { validate: oneOf(validate, ['version', 'value']) }),
    ...(estimates.present && { estimates: oneOf(estimates, [true, false]) }),
    ...(suspend.present && { suspend: oneOf(suspend, ['park', 'abort']) }),
    ...(deltas.present && { deltas: oneOf(deltas, [true, false]) }),
  };
}

/** With the place of what the explorer refuses. */
function placed(field: JsonField, read: () => void): void {
  try {
    read();
  } catch (error) {
    if (error instanceof MisuseError) field.fail(error.message);
    throw error;
  }
}

function string(field: JsonField): string {
  return typeof field.value === 'string' ? field.value : field.expected('a string');
}

function count(field: JsonField, min: number, max: number): number {
  const { value } = field;
  const isCount = Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
  return isCount ? (value as number) : field.expected(`a whole number from ${min} to ${max}`);
}

function oneOf<Value>(field: JsonField, allowed: readonly Value[]): Value {
  const index = allowed.indexOf(field.value as Value);
  return index >= 0
    ? (allowed[index] as Value)
    : field.expected(allowed.map((each) => JSON.stringify(each)).join(' or '));
}
