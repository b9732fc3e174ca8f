import { basename, dirname } from 'node:path';
import { stdout } from 'node:process';
import { Command } from 'commander';
import { writeArtifacts } from './artifacts.js';
import { type Bench, parameterOption } from './bench.js';
import { verboseOption } from './option.js';
import { refuseUnwritable } from './output-files.js';
import { clearProgress, PROGRESS_LISTENER } from './progress.js';

interface MeasureOptions {
  readonly out?: string;
  readonly workload?: readonly string[];
  readonly repeats?: number;
  readonly seed?: number;
  readonly blockSize?: number;
  readonly json?: true;
  readonly verbose?: true;
}

const EXAMPLES = `
Takes four to six minutes, a minute with one --workload, on a machine that has nothing else to do. Three numbers are taken over from the table that comes with the package, and the file names them.

Examples:
  $ blockstm simulate measure --out costs.json
  $ blockstm simulate --workload p2p --workers 64 --cost-table costs.json
`;

/** `simulate measure`: what the virtual clock counts, measured on this machine. */
export function measureCommand(bench: Bench): Command {
  const command = new Command('measure')
    .description('Measure a cost table on this machine: calls, steps of the kernel, threads and copies.')
    .option('--out <file>', 'where to write the table, for --cost-table')
    .option('--workload <names...>', 'whose methods are timed (default: all)');
  for (const [name, schema] of Object.entries(bench.MEASURE_PARAMETERS)) {
    command.addOption(parameterOption(bench, name, schema));
  }
  return command
    .option('--json', 'print the table as one JSON object on one line')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action(async ({ out, workload, json, verbose: _, ...numbers }: MeasureOptions) => {
      if (out !== undefined) refuseUnwritable('--out', out, 'by a draft');
      const options = { ...numbers, ...(workload !== undefined && { workloads: workload }) };
      const table = await bench.measureCosts(options, PROGRESS_LISTENER);
      clearProgress();
      if (out !== undefined) {
        const content = `${JSON.stringify(table, undefined, 2)}\n`;
        await writeArtifacts(dirname(out), [{ name: basename(out), content }]);
      }
      stdout.write(json ? `${JSON.stringify(table)}\n` : bench.formatCosts(table));
    });
}
