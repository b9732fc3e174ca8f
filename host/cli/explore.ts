import { stdout } from 'node:process';
import { Command } from 'commander';
import type { Schedule } from '../explore/index.js';
import type { Policy } from '../index.js';
import { explorationText } from './exploration-text.js';
import { FileError } from './json-field.js';
import { verboseOption, wholeNumber } from './option.js';
import { refuseUnwritable } from './output-files.js';
import { clearProgress, showProgress } from './progress.js';
import { count, plural } from './quantity.js';
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
A key is a word of small letters and digits that begins with a letter: a, b, balance2. One that is a letter away from fail is taken for a slip, and refused.

Every order of the workers' accesses to shared memory is gone through, each state once, and of orders that differ only in what commutes one. That is possible for blocks of
two or three calls; with --preemptions only orders that interrupt workers at most so often are, with --random so many as they are drawn.

--replay takes all from the schedule but --json: no other option goes with it. --record takes what says which block is run how, and --seed. --seed goes with one of --random and --record,
--max-states with neither of them.

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
async function run(block: string | undefined, flags: ExploreFlags, command: Command): Promise<void> {
  const explorer = await import('../explore/index.js');
  refuseUnread(command);
  if (flags.replay !== undefined) {
    if (block !== undefined)
      throw new FileError('error: --replay: the block is that of the schedule, expected no other');
    return tellAgain(explorer, flags.replay, flags);
  }
  const { state, workers, grain, lookahead, parallelism, preemptions, random, seed, maxStates } = flags;
  inRange('--workers', workers, 1, EXPLORE_MAX.workers);
  inRange('--grain', grain, 1, EXPLORE_MAX.grain);
  if (lookahead !== undefined) inRange('--lookahead', lookahead, 1, EXPLORE_MAX.lookahead);
  if (parallelism !== undefined) inRange('--parallelism', parallelism, 1, EXPLORE_MAX.parallelism);
  if (preemptions !== undefined) inRange('--preemptions', preemptions, 0, 1000);
  if (random !== undefined && random < 1)
    throw new FileError(`error: --random: expected a whole number from 1, found ${random}`);
  if (flags.policy?.grain !== undefined) throw new FileError('error: --policy: the grain is given by --grain');
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
    onProgress: (done) => showProgress(plural(done, random === undefined ? 'state' : 'schedule')),
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
  stdout.write(explorationText(result, { random, preemptions, out, seconds }));
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
  stdout.write(
    `${count(accesses)} accesses; ${outcome}\nthe schedule is in ${file}: blockstm explore --replay ${file}\n`,
  );
}

async function tellAgain(
  explorer: typeof import('../explore/index.js'),
  file: string,
  { json }: ExploreFlags,
): Promise<void> {
  const { schedule, replay } = await readSchedule(explorer, file);
  const steps: string[] = [];
  const { failure, isEnded } = await replay(({ worker, doing, access }) => {
    steps.push(`${String(steps.length + 1).padStart(4)}  worker ${worker} ${doing}; it ${access}`);
  });
  if (failure !== undefined) process.exitCode = 1;
  if (json) {
    const found = failure === undefined ? {} : { failure };
    const told = steps.map((step) => step.trim());
    stdout.write(`${JSON.stringify({ schema: 'blockstm.explore-replay/1', steps: told, isEnded, ...found })}\n`);
    return;
  }
  stdout.write(`${schedule.block}, ${plural(schedule.workers, 'worker')}\n${steps.join('\n')}\n`);
  const was = schedule.message === undefined ? '' : ` (it was: ${schedule.message})`;
  const fine = isEnded
    ? 'nothing fails here, and the block ends as sequentially'
    : 'nothing fails in these steps; the schedule stops before the block has ended, so its end was not looked at';
  stdout.write(failure === undefined ? `${fine}${was}\n` : `FAILED: ${failure}\n`);
}

/** What each of these takes besides itself, `--json` and `--verbose`: the others of them, and options that nobody would read beside it, are refused. */
const BLOCK_OPTIONS = ['state', 'workers', 'grain', 'policy', 'lookahead', 'parallelism'];
const TAKEN = {
  replay: { why: 'the schedule says all of how it is run', names: [] },
  record: { why: 'it draws one schedule', names: [...BLOCK_OPTIONS, 'seed'] },
  random: { why: 'schedules are drawn, and no states are kept', names: [...BLOCK_OPTIONS, 'seed', 'out'] },
} as const;

/** @throws FileError naming every option that was given and that nobody would read. */
function refuseUnread(command: Command): void {
  const given = command.options.filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
  const names = given.map((option) => option.attributeName());
  for (const [mode, taken] of Object.entries(TAKEN)) {
    if (!names.includes(mode)) continue;
    const known: readonly string[] = [mode, 'json', 'verbose', ...taken.names];
    const others = given.filter((option) => !known.includes(option.attributeName())).map(({ long }) => long);
    if (others.length > 0) throw new FileError(`error: --${mode}: ${taken.why}, expected no ${others.join(', ')}`);
    return;
  }
  if (names.includes('seed')) throw new FileError('error: --seed: expected it with --random or --record, which draw');
}

function inRange(option: string, value: number, least: number, most: number): void {
  if (value < least || value > most)
    throw new FileError(`error: ${option}: expected a whole number from ${least} to ${most}, found ${value}`);
}
