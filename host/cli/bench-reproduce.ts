import { stdout } from 'node:process';
import { Argument, Command } from 'commander';
import { asItIs, type Bench, reportDifference } from './bench.js';
import { verboseOption, wholeNumber } from './option.js';
import { clearProgress, PROGRESS_LISTENER } from './progress.js';
import { plural } from './quantity.js';

interface ReproduceOptions {
  readonly repeats?: number;
  readonly seed?: number;
  readonly simulated?: true;
  readonly json?: true;
}

/** `bench reproduce`: the figures that others have published, and ours beside them. */
export function reproduceCommand(bench: Bench): Command {
  return new Command('reproduce')
    .description('Run the workloads that others have published figures of, and show ours beside theirs.')
    .addArgument(
      // Refused by `reproduce`, which knows the nearest name.
      new Argument('<source>', 'whose figures').choices(Object.keys(bench.PUBLISHED)).argParser(asItIs),
    )
    .option('--repeats <n>', 'blocks measured in each cell (default: 10; simulated: 6)', wholeNumber)
    .option('--seed <n>', 'of everything random (default: 1)', wholeNumber)
    .option('--simulated', 'simulate only, and measure nothing')
    .option('--json', 'print the result as one JSON object on one line')
    .addOption(verboseOption())
    .action(async (source: string, { repeats, seed, simulated, json }: ReproduceOptions) => {
      const options = {
        measures: simulated !== true,
        ...(repeats !== undefined && { repeats }),
        ...(seed !== undefined && { seed }),
      };
      const report = await bench.reproduce(source, options, PROGRESS_LISTENER);
      clearProgress();
      stdout.write(json ? `${JSON.stringify(report)}\n` : bench.formatReproduction(report));
      for (const { name, measured, simulated } of report.cells) {
        for (const each of [measured, simulated]) {
          if (each?.statesEqual === false)
            reportDifference(`${name}, ${plural(each.workers, 'worker')}`, each.difference);
        }
      }
    });
}
