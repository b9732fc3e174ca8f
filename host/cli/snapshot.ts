import { stdout } from 'node:process';
import { Command } from 'commander';
import type { BlockHeader } from '../index.js';
import { headDocument, headRow } from './head-line.js';
import { verboseOption } from './option.js';
import { clearProgress, showProgress } from './progress.js';
import { formatRows } from './rows.js';
import { openChain, refuseInside, stateOption } from './state-directory.js';

interface SnapshotOptions {
  readonly state: string;
  readonly json?: true;
}

const EXAMPLES = `
The file has the state after the last block, and the code of the contracts: all that a chain needs to go on. It is there when all of it is, in place of one that
was there before.

Examples:
  $ blockstm snapshot chain.snapshot --state chain
  $ blockstm restore chain.snapshot --state copy
`;

export function snapshotCommand(): Command {
  return new Command('snapshot')
    .summary('write the state to a file')
    .description('Write the state of a chain to a file, with the code of its contracts.')
    .argument('<file>', 'where to')
    .addOption(stateOption())
    .option('--json', 'print one JSON document')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action(snapshot);
}

async function snapshot(file: string, { state, json }: SnapshotOptions): Promise<void> {
  refuseInside(state, file);
  await using chain = await openChain(state, { workers: 1 });
  showProgress(`writing ${file}`);
  // A chain that was opened has a block.
  const head = headDocument((await chain.runtime.snapshot(file)) as BlockHeader);
  clearProgress();
  const document = { schema: 'blockstm.snapshot/1', state, file, head };
  stdout.write(json ? `${JSON.stringify(document)}\n` : formatRows([['snapshot', file], headRow(head)]));
}
