import { stdout } from 'node:process';
import type { Command } from 'commander';
import type { BlockTelemetry } from '../index.js';
import { readBlockFile } from './block-file.js';
import { type BlockOptions, blockCommand, runtimeOptions } from './block-options.js';
import { callNames } from './call-names.js';
import { contractNames } from './contract-names.js';
import { FileError } from './json-field.js';
import { wholeNumber } from './option.js';
import { printable } from './printable.js';
import { clearProgress, showProgress } from './progress.js';
import { plural } from './quantity.js';
import { runOrigin } from './run-origin.js';

interface ExplainOptions extends BlockOptions {
  readonly call: number;
  readonly json?: true;
}

const EXAMPLES = `
The block is executed as run does, and nothing is kept. What a call reads, who wrote it and what it writes is the same each time; how often it was
executed, and why, is what happened this time.

Examples:
  $ blockstm explain block.jsonl --genesis genesis.json --call 812
  $ blockstm explain more.jsonl --state chain --call 0 --workers 8 --json
`;

export function explainCommand(): Command {
  return blockCommand('explain')
    .summary('say why a call of a block was executed as often as it was')
    .description(
      'Execute a block file and say of one call what it read, who wrote that, why each of its incarnations ended, and what would have avoided it.',
    )
    .requiredOption('--call <n>', 'which call of the block, counted from 0', wholeNumber)
    .option('--json', 'print the explanation as one JSON document')
    .addHelpText('after', EXAMPLES)
    .action(explain);
}

/** @throws FileError where the block has no such call. */
async function explain(blockPath: string, options: ExplainOptions): Promise<void> {
  const { genesis, state, timestamp, call, json } = options;
  const origin = await runOrigin(genesis, state);
  showProgress(genesis === undefined ? 'opening the chain' : 'deploying the contracts, executing the first calls');
  await using chain = await origin.open({ ...runtimeOptions(options), telemetry: true });
  if (timestamp !== undefined) chain.moveTo(timestamp);
  const { transactions } = await readBlockFile(blockPath, chain.reader);
  if (call >= transactions.length) {
    const allowed = transactions.length === 0 ? 'the block has no calls' : `expected 0 to ${transactions.length - 1}`;
    throw new FileError(`error: --call ${call}: ${allowed}`);
  }
  showProgress(`executing ${plural(transactions.length, 'call')}`);
  const { telemetry } = await chain.rehearse(transactions);
  clearProgress();
  const { contracts } = chain;
  const named = [callNames(transactions, contracts), contractNames(contracts)] as const;
  const explanation = (telemetry as BlockTelemetry).explain(call, ...named);
  const lines = explanation.text.split('\n').map(printable).join('\n');
  stdout.write(json ? `${JSON.stringify(explanation)}\n` : lines);
}
