import { stdout } from 'node:process';
import { Command } from 'commander';
import type { Exploration, Schedule } from '../explore/index.js';
import type { Policy } from '../index.js';
import { FileError } from './json-field.js';
import { verboseOption, wholeNumber } from './option.js';
import { refuseUnwritable } from './output-files.js';
import { clearProgress, showProgress } from './progress.js';
import { plural } from './quantity.js';
import { EXPLORE_MAX, readSchedule } from './schedule-file.js';
import { writeText } from './telemetry-files.js';

interface ExploreFlags {
  readonly state: string;
  readonly workers: number;
  readonly grain: number;
  readonly policy?: Partial<Policy>;
  readonly lookahead?: number;
  readonly parallelism?: number;
  readonly preemptions?: number;
  readonly random?: number;
  readonly seed: number;
  readonly maxStates: number;
  readonly out?: string;
  readonly record?: string;
  readonly replay?: string;
  readonly json?: true;
}

const DEFAULT_BLOCK = 'a a=; a a=';
const DEFAULT_OUT = 'schedule.json';

const EXAMPLES = `
A block is written as what each call does to storage; calls are separated by ";":
  a      read a                   a=    write a digest of all that the call has read so far
  a=7    write 7                  a!    remove a
  a+2    add to a counter         a-2   subtract from it
  a?x:y  read a; then x where it is odd, else y
  fail   revert

Every order of the workers' accesses to shared memory is gone through, each state once, and of orders that differ only in what commutes one. That is possible for blocks of
two or three calls; with --preemptions only orders that interrupt workers at most so often are, with --random so many as they are drawn.

Looked at in each step: nothing has been committed that was not read as sequentially, nothing committed is taken back, no call is executed beyond the bound on
incarnations, the kernel has faulted nothing. At the end: everybody has left, nobody sleeps, the state is that of executing the calls in order. No state comes
twice in a schedule, so the block ends.

Examples:
  $ blockstm explore
  $ blockstm explore 'a a=; a a=; a a=' --workers 3 --grain 2
  $ blockstm explore 'a a=; a a=; a a=' --workers 3 --preemptions 2
  $ blockstm explore 'a+1; b a=; a+1 b=; a!; b?a=:c=' --workers 4 --state a=1 --random 100000
  $ blockstm explore --record schedule.json --seed 7
  $ blockstm explore --replay schedule.json
`;

export function exploreCommand(): Command {
  return new Command('explore')
    .summary('go through the schedules of a small block')
    .description(
      'Have virtual workers run the kernel on a small block in every order of their accesses to shared memory, or in many, and check each.',
    )
    .argument('[block]', `what the calls do (default: "${DEFAULT_BLOCK}")`)
    .option('--state <values>', 'the state before the block, as a=5,b=2', '')
    .option('--workers <n>', `virtual workers, 1 to ${EXPLORE_MAX.workers}`, wholeNumber, 2)
    .option('--grain <n>', 'calls that a worker claims together, from 1', wholeNumber, 1)
    .option('--policy <name=value>', 'validate=version, estimates=off, suspend=abort or deltas=off', collectPolicy)
    .option(
      '--lookahead <n>',
      'how far above the frontier work may start at first (default: as in a runtime)',
      wholeNumber,
    )
    .option(
      '--parallelism <n>',
      'threads that the machine is said to run at once (default: as many as workers)',
      wholeNumber,
    )
    .option('--preemptions <n>', 'only schedules that interrupt workers at most so often', wholeNumber)
    .option('--random <n>', 'so many schedules as they are drawn', wholeNumber)
    .option('--seed <n>', 'what they are drawn with', wholeNumber, 1)
    .option('--max-states <n>', 'stop after so many states, with exit code 1', wholeNumber, 40_000_000)
    .option('--out <schedule.json>', `where a schedule is written that fails (default: "${DEFAULT_OUT}")`)
    .option('--record <schedule.json>', 'draw one schedule with --seed, and write it down, whether it fails or not')
    .option('--replay <schedule.json>', 'run a schedule again, and say in words what each step does')
    .option('--json', 'print one JSON document')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action(run);
}

function collectPolicy(text: string, before: Partial<Policy> = {}): Partial<Policy> {
  const [name = '', value = ''] = text.split('=');
  const isSwitch = name === 'estimates' || name === 'deltas';
  return { ...before, [name]: isSwitch ? value === 'on' || (value !== 'off' && value) : value };
}

/** Sets the exit code to 1 where something is found, or not everything was looked at that should have been. */
async function run(block: string | undefined, flags: ExploreFlags): Promise<void> {
  const explorer = await import('../explore/index.js');
  if (flags.replay !== undefined) {
    if (block !== undefined)
      throw new FileError('error: --replay: the block is that of the schedule, expected no other');
    if (flags.record !== undefined) throw new FileError('error: --record and --replay: expected one of them');
    return tellAgain(explorer, flags.replay, flags);
  }
  const { state, workers, grain, lookahead, parallelism, preemptions, random, seed, maxStates } = flags;
  inRange('--workers', workers, 1, EXPLORE_MAX.workers);
  inRange('--grain', grain, 1, EXPLORE_MAX.grain);
  if (lookahead !== undefined) inRange('--lookahead', lookahead, 1, EXPLORE_MAX.lookahead);
  if (parallelism !== undefined) inRange('--parallelism', parallelism, 1, EXPLORE_MAX.parallelism);
  if (preemptions !== undefined) inRange('--preemptions', preemptions, 0, 1000);
  if (random !== undefined && random < 1)
    throw new FileError(`error: --random: expected a number from 1, found ${random}`);
  if (flags.policy?.grain !== undefined) throw new FileError('error: --policy: the grain is given by --grain');
  if (random !== undefined && preemptions !== undefined)
    throw new FileError('error: --random and --preemptions: expected one of them');
  if (flags.record !== undefined && (random !== undefined || preemptions !== undefined))
    throw new FileError('error: --record: it draws one schedule, expected neither --random nor --preemptions');
  const text = block ?? DEFAULT_BLOCK;
  const parsed = explorer.parseBlock(text, state);
  if (parsed.programs.length > EXPLORE_MAX.calls)
    throw new FileError(`error: the block has ${parsed.programs.length} calls: expected at most ${EXPLORE_MAX.calls}`);
  const policy = explorer.policyOf({ ...flags.policy, grain });
  const shape = {
    workers,
    policy,
    ...(lookahead !== undefined && { lookahead }),
    ...(parallelism !== undefined && { parallelism }),
  };
  const write = async (file: string, accesses: readonly number[], message: string | undefined): Promise<void> => {
    const schedule: Schedule = {
      schema: explorer.SCHEDULE_SCHEMA,
      block: text,
      state,
      ...shape,
      ...(message !== undefined && { message }),
      steps: explorer.runLengths(accesses),
    };
    await writeSchedule(file, `${JSON.stringify(schedule)}\n`);
  };
  for (const option of ['record', 'out'] as const) {
    const path = flags[option];
    if (path !== undefined) refuseUnwritable(`--${option}`, path, 'in place');
  }
  if (flags.record !== undefined) {
    const { message, schedule } = await explorer.drawSchedule({ ...shape, block: parsed }, seed);
    await write(flags.record, schedule, message);
    reportRecorded(flags.record, schedule.length, message, flags);
    return;
  }
  const started = performance.now();
  const result = await explorer.explore({
    ...shape,
    block: parsed,
    maxStates,
    ...(preemptions !== undefined && { preemptions }),
    ...(random !== undefined && { random: { schedules: random, seed } }),
    onProgress: (done) => showProgress(`${done.toLocaleString('en')} ${random === undefined ? 'states' : 'schedules'}`),
  });
  clearProgress();
  const seconds = (performance.now() - started) / 1000;
  const { failure, ...figures } = result;
  const { out = DEFAULT_OUT } = flags;
  if (failure !== undefined) {
    process.exitCode = 1;
    await write(out, failure.schedule, failure.message);
  }
  if (!result.isExhausted && random === undefined) process.exitCode = 1;
  if (flags.json) {
    const found = failure === undefined ? {} : { failure: failure.message, schedule: out };
    stdout.write(
      `${JSON.stringify({ schema: 'blockstm.explore/1', block: text, ...shape, ...figures, ...found, seconds })}\n`,
    );
    return;
  }
  stdout.write(summary(result, flags, seconds));
}

/** The disk may be full by now. The schedule is said then, so that it is not lost. @throws FileError */
async function writeSchedule(path: string, text: string): Promise<void> {
  try {
    await writeText(path, text);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    throw new FileError(`${error.message}\nthe schedule:\n${text.trimEnd()}`);
  }
}

function reportRecorded(file: string, accesses: number, message: string | undefined, { json }: ExploreFlags): void {
  if (message !== undefined) process.exitCode = 1;
  if (json) {
    const found = message === undefined ? {} : { failure: message };
    stdout.write(`${JSON.stringify({ schema: 'blockstm.explore-record/1', schedule: file, accesses, ...found })}\n`);
    return;
  }
  const outcome = message === undefined ? 'ends as sequentially' : `FAILED: ${message}`;
  stdout.write(`${accesses} accesses; ${outcome}\nthe schedule is in ${file}: blockstm explore --replay ${file}\n`);
}

function summary(
  result: Exploration,
  { random, preemptions, out = DEFAULT_OUT }: ExploreFlags,
  seconds: number,
): string {
  const { failure, isExhausted, schedules, states, steps, ends, longest, words } = result;
  const figure = (value: number) => (value < 1e15 ? Math.round(value).toLocaleString('en') : value.toExponential(2));
  const counted = (value: number, noun: string, nouns = `${noun}s`) => `${figure(value)} ${value === 1 ? noun : nouns}`;
  const isDrawn = random !== undefined;
  // Of schedules that are drawn each access is a step.
  const did = isDrawn
    ? (count: number) => counted(count, 'access', 'accesses')
    : (count: number) => counted(count, 'step');
  const through = isDrawn ? counted(schedules, 'schedule') : counted(states, 'state');
  const time = `${seconds.toFixed(1)} s`;
  if (failure !== undefined) {
    return `found after ${through} and ${did(steps)}, ${time}
FAILED: ${failure.message}
the schedule is in ${out}: blockstm explore --replay ${out}
`;
  }
  const met = `workers conflict on ${counted(words, 'word')} of shared memory`;
  if (isDrawn) {
    return `${counted(schedules, 'schedule')} drawn, with ${did(steps)} to shared memory, ${time}
the longest has ${did(longest)}; ${met}
each ended as sequentially
`;
  }
  const bound = preemptions === undefined ? '' : ` with at most ${counted(preemptions, 'preemption')}`;
  return `${counted(schedules, 'schedule')}${bound}, through ${through} and ${did(steps)} from one to another, ${time}
all workers have left in ${counted(ends, 'of these states', 'of these states')}; the longest schedule has ${did(longest)}; ${met}
a step is what a worker does from one access at which workers may conflict to the next
${isExhausted ? 'all schedules end as sequentially' : 'NOT all schedules: stopped at --max-states, or where memory holds no more states'}
`;
}

async function tellAgain(
  explorer: typeof import('../explore/index.js'),
  file: string,
  { json }: ExploreFlags,
): Promise<void> {
  const { schedule, replay } = await readSchedule(explorer, file);
  const steps: string[] = [];
  const found = await replay(({ worker, doing, access }) => {
    steps.push(`${String(steps.length + 1).padStart(4)}  worker ${worker} ${doing}; it ${access}`);
  });
  if (found !== undefined) process.exitCode = 1;
  if (json) {
    stdout.write(
      `${JSON.stringify({ schema: 'blockstm.explore-replay/1', steps: steps.map((step) => step.trim()), ...(found !== undefined && { failure: found }) })}\n`,
    );
    return;
  }
  stdout.write(`${schedule.block}, ${plural(schedule.workers, 'worker')}\n${steps.join('\n')}\n`);
  const was = schedule.message === undefined ? '' : ` (it was: ${schedule.message})`;
  stdout.write(found === undefined ? `nothing fails here${was}\n` : `FAILED: ${found}\n`);
}

function inRange(option: string, value: number, least: number, most: number): void {
  if (value < least || value > most)
    throw new FileError(`error: ${option}: expected a number from ${least} to ${most}, found ${value}`);
}
