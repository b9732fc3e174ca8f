import { stdout } from 'node:process';
import type { Command } from 'commander';
import type { BlockTelemetry, CallNames, ContractNames } from '../index.js';
import { formatAborted } from './aborted-calls.js';
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
  readonly call?: number;
  readonly json?: true;
}

const EXAMPLES = `
The block is executed as run does, and nothing is kept. What a call reads, who wrote it and what it writes is the same each time; how often it was
executed, and why, is what happened this time. Without --call: which calls were executed more than once, those with the most incarnations first, and the
key that most of these were aborted for.

Examples:
  $ blockstm explain block.jsonl --genesis genesis.json --grain 1
  $ blockstm explain block.jsonl --genesis genesis.json --call 812
  $ blockstm explain more.jsonl --state chain --call 0 --workers 8 --json
`;

export function explainCommand(): Command {
  return blockCommand('explain')
    .summary('say why a call of a block was executed as often as it was')
    .description(
      'Execute a block file and say of one call what it read, who wrote that, why each of its incarnations ended, and what would have avoided it.',
    )
    .option(
      '--call <n>',
      'which call of the block, counted from 0 (default: list those that were aborted)',
      wholeNumber,
    )
    .option('--json', 'print the explanation, or the list, as one JSON document')
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
  if (call !== undefined && call >= transactions.length) {
    const allowed = transactions.length === 0 ? 'the block has no calls' : `expected 0 to ${transactions.length - 1}`;
    throw new FileError(`error: --call ${call}: ${allowed}`);
  }
  showProgress(`executing ${plural(transactions.length, 'call')}`);
  const { telemetry } = await chain.rehearse(transactions);
  clearProgress();
  const { contracts } = chain;
  const named = [callNames(transactions, contracts), contractNames(contracts)] as const;
  const { document, text } =
    call === undefined
      ? listed(telemetry as BlockTelemetry, transactions.length, ...named)
      : explained(telemetry as BlockTelemetry, call, ...named);
  stdout.write(json ? `${JSON.stringify(document)}\n` : text.split('\n').map(printable).join('\n'));
}

/** What the command prints, with `--json` and without. */
interface Answer {
  readonly document: unknown;
  readonly text: string;
}

function explained(telemetry: BlockTelemetry, call: number, names: CallNames, contracts: ContractNames): Answer {
  const explanation = telemetry.explain(call, names, contracts);
  return { document: explanation, text: explanation.text };
}

function listed(telemetry: BlockTelemetry, calls: number, names: CallNames, contracts: ContractNames): Answer {
  const aborted = telemetry.abortedCalls(contracts);
  return {
    document: { schema: 'blockstm.aborted-calls/1', calls, aborted },
    text: formatAborted(aborted, calls, names),
  };
}
