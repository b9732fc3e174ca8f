import { stdout } from 'node:process';
import { Command } from 'commander';
import type { Bench } from './bench.js';
import { verboseOption } from './option.js';

interface ReportOptions {
  readonly oversubscribed?: true;
  readonly json?: true;
}

const EXAMPLES = `
The page needs no network and no script, and has every figure in it; each is in figures/ too, as SVG and as the Vega-Lite specification with its data.
Figures that the sweep has no data for are named, with the reason. A sweep that is not finished can be reported on, too.

Needs the packages vega and vega-lite: npm install --save-dev vega@6 vega-lite@~6.4

Example:
  $ blockstm bench report sweep
`;

export function reportCommand(bench: Bench): Command {
  return new Command('report')
    .summary('make a page of figures and tables of a sweep')
    .description('Make one HTML page of what a sweep has measured: report.html in its directory.')
    .argument('<dir>', 'the directory of the sweep')
    .option('--oversubscribed', 'also plot times of more workers than there are cores, and label them')
    .option('--json', 'print the names of the files as one JSON object on one line')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action(async (directory: string, { oversubscribed, json }: ReportOptions) => {
      const report = await bench.reportSweep(directory, { oversubscribed: oversubscribed === true });
      stdout.write(json ? `${JSON.stringify(report)}\n` : bench.formatSweepReport(report));
    });
}
