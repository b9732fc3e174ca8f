import { stdout } from 'node:process';
import type { Command } from 'commander';
import { type AddressNames, type BlockTelemetry, digitShortener } from '../index.js';
import { readBlockFile } from './block-file.js';
import { type BlockOptions, blockCommand, runtimeOptions } from './block-options.js';
import { callNames } from './call-names.js';
import {
  collectCall,
  explainBlock,
  explainedText,
  type ListedExecution,
  refuseUnknownCalls,
} from './explained-block.js';
import { printableLines } from './printable.js';
import { clearProgress, showProgress } from './progress.js';
import { plural } from './quantity.js';
import { unkeptOrigin } from './run-origin.js';

const ON_THREADS: Omit<ListedExecution, 'decision'> = {
  when: ', this time',
  others: '--call <n...> explains others, of an execution of its own, and --json has the list beside them',
};

interface ExplainOptions extends BlockOptions {
  readonly call?: readonly number[];
  readonly json?: true;
}

const EXAMPLES = `
The block is executed once, as run does, on a genesis or on the chain in --state, not on both, and nothing is kept. Without --call: which calls were executed more than once, those with the most incarnations first, the
key that most of these were aborted for, and why it was of the first. All that is printed is of this one execution.

What a call reads, who wrote it and what it writes is the same each time; how often it was executed, and why, is what happened this time: each command executes the block anew. blockstm
simulate --explain says it of a simulated block, the same each time.

With --json the document has both, whatever is asked for: the list, under aborted, and the explanations.

Examples:
  $ blockstm explain block.jsonl --genesis genesis.json --grain 1
  $ blockstm explain block.jsonl --genesis genesis.json --call 812
  $ blockstm explain more.jsonl --state chain --workers 8 --call 0 7 812 --json
`;

export function explainCommand(): Command {
  return blockCommand('explain')
    .summary('say why calls of a block were executed as often as they were')
    .description(
      'Execute a block file and say of a call what it read, who wrote that, why each of its incarnations ended, and what would have avoided it.',
    )
    .option(
      '--call <n...>',
      'which calls of the block, counted from 0 (default: list those that were aborted, and explain the first of them)',
      collectCall,
    )
    .option('--json', 'print the list and the explanations as one JSON document')
    .addHelpText('after', EXAMPLES)
    .action(explain);
}

/** @throws FileError where the block has no such call, and as `unkeptOrigin`. */
async function explain(blockPath: string, options: ExplainOptions): Promise<void> {
  const { genesis, state, timestamp, call, json } = options;
  const origin = await unkeptOrigin(genesis, state);
  showProgress(genesis === undefined ? 'opening the chain' : 'deploying the contracts, executing the first calls');
  await using chain = await origin.open({ ...runtimeOptions(options), telemetry: true });
  if (timestamp !== undefined) chain.moveTo(timestamp);
  const { transactions, addresses } = await readBlockFile(blockPath, chain.reader);
  refuseUnknownCalls('--call', call, transactions.length);
  showProgress(`executing ${plural(transactions.length, 'call')}`);
  const { telemetry, stats } = await chain.rehearse(transactions);
  clearProgress();
  const addressNames: AddressNames = (address) => addresses.nameOf(address);
  const names = callNames(transactions, addressNames);
  const explained = explainBlock(telemetry as BlockTelemetry, transactions.length, call, names, addressNames);
  if (json) stdout.write(`${JSON.stringify(explained)}\n`);
  else {
    const execution = { ...ON_THREADS, decision: stats.decision };
    const text = explainedText(explained, call, names, execution);
    stdout.write(printableLines(digitShortener([text])(text)));
  }
}
