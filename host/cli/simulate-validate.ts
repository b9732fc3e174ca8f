import { stdout } from 'node:process';
import { Command, Option } from 'commander';
import { type Bench, reportDifference } from './bench.js';
import { checkCostTable } from './cost-table-file.js';
import { verboseOption, wholeNumber } from './option.js';
import { clearProgress, PROGRESS_LISTENER } from './progress.js';
import { plural } from './quantity.js';

interface ValidateOptions {
  readonly repeats?: number;
  readonly seed?: number;
  readonly costTable?: string;
  readonly json?: true;
}

export function costTableOption(): Option {
  return new Option(
    '--cost-table <file>',
    'what steps and calls cost (default: the table that comes with the package)',
  );
}

/** `simulate validate`: how far simulated abort rates are from real ones. */
export function validateCommand(bench: Bench): Command {
  return new Command('validate')
    .description('Measure and simulate a grid of workloads at 1, 2 and 4 workers, and compare the abort rates.')
    .option('--repeats <n>', 'blocks measured in each cell (default: 15)', wholeNumber)
    .option('--seed <n>', 'of everything random (default: 1)', wholeNumber)
    .addOption(costTableOption())
    .option('--json', 'print the result as one JSON object on one line')
    .addOption(verboseOption())
    .action(async ({ json, repeats, seed, costTable }: ValidateOptions) => {
      const options = {
        ...(repeats !== undefined && { repeats }),
        ...(seed !== undefined && { seed }),
        ...(costTable !== undefined && { costTable }),
      };
      if (costTable !== undefined) await checkCostTable(bench, costTable);
      const report = await bench.validateSimulation(options, PROGRESS_LISTENER);
      clearProgress();
      stdout.write(json ? `${JSON.stringify(report)}\n` : bench.formatValidation(report));
      for (const { name, workers, real, simulated } of report.cells) {
        for (const each of [real, simulated]) {
          if (each.statesEqual) continue;
          reportDifference(
            `${name}, ${plural(workers, 'worker')}, ${each.simulated ? 'simulated' : 'real'}`,
            each.difference,
          );
        }
      }
    });
}
