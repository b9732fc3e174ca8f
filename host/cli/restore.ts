import { stdout } from 'node:process';
import { Command } from 'commander';
import { createRuntime } from '../index.js';
import { headDocument, headRow } from './head-line.js';
import { FileError } from './json-field.js';
import { verboseOption } from './option.js';
import { clearProgress, showProgress } from './progress.js';
import { formatRows } from './rows.js';
import { inStore, refuseChain, stateOption } from './state-directory.js';

interface RestoreOptions {
  readonly state: string;
  readonly json?: true;
}

const EXAMPLES = `
The chain goes on with the block after the snapshot's. The blocks before are not in the file: blockstm log does not show them.

Examples:
  $ blockstm restore chain.snapshot --state copy
`;

export function restoreCommand(): Command {
  return new Command('restore')
    .summary('begin a chain with a snapshot')
    .description('Begin a chain, in a new directory, with the state that a snapshot has.')
    .argument('<file>', 'what blockstm snapshot has written')
    .addOption(stateOption())
    .option('--json', 'print one JSON document')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action(restore);
}

async function restore(file: string, { state, json }: RestoreOptions): Promise<void> {
  const restored = await inStore(state, async (store) => {
    await using runtime = await createRuntime({ store, workers: 1 });
    refuseChain(state, runtime, 'restore');
    showProgress(`reading ${file}`);
    return await runtime.restore(file);
  });
  clearProgress();
  if (restored === undefined) throw new FileError(`error: ${file} is of a chain without blocks`);
  const head = headDocument(restored);
  const document = { schema: 'blockstm.restore/1', state, file, head };
  stdout.write(json ? `${JSON.stringify(document)}\n` : formatRows([['restored', file], headRow(head)]));
}
