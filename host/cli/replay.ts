import { stdout } from 'node:process';
import { Command } from 'commander';
import type { BlockHeader, ExecutorName, Replay, ReplayDifference } from '../index.js';
import { reportFailure } from './failure.js';
import { executorOption, heightOption, refuseNoBlocks, verboseOption, wholeNumber } from './option.js';
import { clearProgress, showProgress } from './progress.js';
import { plural } from './quantity.js';
import { openChain, stateOption, withScratchStore } from './state-directory.js';

interface ReplayCommandOptions {
  readonly state: string;
  readonly from?: bigint;
  readonly to?: bigint;
  readonly executor: ExecutorName;
  readonly workers?: number;
  readonly snapshot?: string;
  readonly json?: true;
}

const EXAMPLES = `
What comes before --from is executed too, without comparing it: from the first block on, or from a snapshot on. A chain whose first blocks are not kept needs the
snapshot.

Exits with 1 where a block, executed again, has another header: then its result has changed since, or the data have.

Examples:
  $ blockstm replay --state chain
  $ blockstm replay --state chain --executor block-stm --workers 4
  $ blockstm replay --state chain --snapshot chain.snapshot --from 1001 --json
`;

export function replayCommand(): Command {
  return new Command('replay')
    .summary('execute the blocks of a chain again, and compare')
    .description('Execute the blocks of a chain again, and compare their headers with those that are kept.')
    .addOption(stateOption())
    .addOption(heightOption('--from <height>', 'the first whose header is compared (default: the first there is)'))
    .addOption(heightOption('--to <height>', 'the last (default: the head)'))
    .addOption(executorOption('sequential'))
    .option('--workers <n>', "worker threads, 1 to 256 (default: the machine's cores)", wholeNumber)
    .option('--snapshot <file>', 'begin with the state in this file')
    .option('--json', 'print one JSON document')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action(replay);
}

/** Sets the exit code to 1 where a block differs. */
async function replay(options: ReplayCommandOptions): Promise<void> {
  const { state, from, to, executor, workers, snapshot } = options;
  await using chain = await openChain(state, workers === undefined ? {} : { workers });
  refuseNoBlocks(from, to, chain.runtime.height);
  const last = to ?? chain.runtime.height;
  const replayed = await withScratchStore((store) =>
    chain.runtime.replay({
      executor,
      store,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(snapshot !== undefined && { snapshot }),
      progress: (height) => showProgress(`block ${height} of ${last}`),
    }),
  );
  clearProgress();
  report(replayed, options);
}

function report({ blocks, difference }: Replay, { state, executor, json }: ReplayCommandOptions): void {
  if (json) {
    const document = difference === undefined ? null : differenceDocument(difference);
    stdout.write(`${JSON.stringify({ schema: 'blockstm.replay/1', state, executor, blocks, difference: document })}\n`);
  } else if (difference === undefined) {
    stdout.write(`${plural(blocks, 'block')} executed again under ${executor}: every header is the same\n`);
  }
  if (difference === undefined) return;
  const fields = differingFields(difference).map(
    ([name, actual, expected]) => `${name} is ${actual}, expected ${expected}`,
  );
  reportFailure('ERR_REPLAY', `block ${difference.height} differs: ${fields.join('; ')}`);
}

function differenceDocument(difference: ReplayDifference): object {
  const fields = differingFields(difference).map(([field, actual, expected]) => ({ field, actual, expected }));
  return { height: String(difference.height), fields };
}

/** What a header is made of, where that differs; its own hash only if nothing else does. */
function differingFields({ actual, expected }: ReplayDifference): readonly (readonly [string, string, string])[] {
  const names = ['parentHash', 'callsHash', 'receiptsHash', 'writesHash'] as const satisfies (keyof BlockHeader)[];
  const differing = names.filter((name) => actual[name] !== expected[name]);
  const shown = differing.length > 0 ? differing : (['hash'] as const);
  return shown.map((name) => [name, actual[name], expected[name]] as const);
}
