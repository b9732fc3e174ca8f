import { stdout } from 'node:process';
import { Command } from 'commander';
import {
  addWorkloadParameters,
  type Bench,
  parameterOption,
  picked,
  workloadOption,
  workloadParameters,
} from './bench.js';
import { interruptible } from './interrupt.js';
import { verboseOption } from './option.js';
import { clearProgress, showProgress } from './progress.js';

interface ExportOptions extends Readonly<Record<string, unknown>> {
  readonly workload: string;
  readonly out: string;
  readonly json?: true;
}

const EXAMPLES = `
The directory gets block.jsonl, genesis.json with the contracts' Wasm, before-*.jsonl with all calls that a benchmark executes ahead of the block, and block.json, which
says what it is: the options, the SHA-256 of block.jsonl, which is that in the manifest.json of a sweep, and the commands that execute and explain the block.
They are printed, too, and are to be run in the directory. It has to be new, empty, or that of the same block.

Blocks are counted from the first that warms up: a sweep's manifest has the index of the first measured one as "firstBlock".

Examples:
  $ blockstm bench export --workload p2p --accounts 100 --block-size 1000 --seed 1 --block 3 --out dir
  $ blockstm bench export --workload mainnet --block-size 1414 --block 2 --out dir --json
`;

/** `bench export`: a block of a workload as files, for `run` and `explain`. */
export function exportCommand(bench: Bench): Command {
  const command = new Command('export')
    .summary('write a block of a workload as files')
    .description('Write a block of a workload as files, with all that it takes to run and to explain it.')
    .requiredOption('--out <dir>', 'where to: a directory that is new or empty, or has this block')
    .addOption(workloadOption(bench));
  const { blockSize, seed } = bench.RUN_PARAMETERS;
  const own = { blockSize, seed, ...bench.EXPORT_PARAMETERS };
  for (const [name, schema] of Object.entries(own)) command.addOption(parameterOption(bench, name, schema));
  addWorkloadParameters(command, bench);
  return command
    .option('--json', 'print block.json as one JSON object on one line')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action(async (options: ExportOptions) => {
      const { workload, out, json } = options;
      const params = workloadParameters(bench, options);
      const asked = { workload, params, ...picked<number>(options, Object.keys(own)) };
      const exported = await interruptible((signal) => bench.exportBlock(asked, out, showProgress, signal));
      clearProgress();
      stdout.write(json ? `${JSON.stringify(exported)}\n` : bench.formatExport(exported, out));
    });
}
