import { stdout } from 'node:process';
import { Command, Option } from 'commander';
import { type BlockTelemetry, type CallNames, type ContractNames, MisuseError } from '../index.js';
import {
  addRunOptions,
  askedFor,
  type Bench,
  type BenchOptions,
  loadBench,
  refuseOptionsAhead,
  refuseUnknownSubcommand,
  reportDifference,
} from './bench.js';
import { verboseOption, wholeNumber } from './option.js';
import { refuseOverwriting } from './output-files.js';
import { clearProgress, showProgress } from './progress.js';
import { measureCommand } from './simulate-measure.js';
import { costTableOption, validateCommand } from './simulate-validate.js';
import { refuseUnknownGraph, type TelemetryFiles, writeTelemetry, writeText } from './telemetry-files.js';

interface SimulateOptions extends BenchOptions, TelemetryFiles {
  readonly cores?: number;
  readonly costTable?: string;
}

const EXAMPLES = `
The shipped kernel executes the blocks on one thread, on virtual workers with a virtual clock: times are what the cost table says, and the same
options give the same output, whatever the machine. Each block is executed sequentially too, and compared. The exit code is 1 where they differ.

Examples:
  $ blockstm simulate --workload p2p --accounts 1000 --workers 64
  $ blockstm simulate --workload chain --distance 8 --workers 16 --executor block-stm --json
  $ blockstm simulate --workload compute --workers 4 --cores 2 --cost-table costs.json
  $ blockstm simulate --workload hotspot --hot-share 0.01 --workers 64 --executor block-stm --stats
  $ blockstm simulate --workload chain --block-size 100 --workers 8 --executor block-stm --repeats 1 --trace trace.json --graph graph.dot
  $ blockstm simulate validate
  $ blockstm simulate measure --out costs.json
`;

/** @param asked whether it may be the command that is wanted: its options are those of the workloads, which are loaded for them. */
export async function simulateCommand(asked: boolean): Promise<Command> {
  const command = new Command('simulate').summary('what bench measures, on up to 256 virtual workers');
  return asked ? withOptions(command, await loadBench()) : command;
}

function withOptions(command: Command, bench: Bench): Command {
  command.description(
    'Simulate an executor on a reproducible workload: the real kernel, virtual workers, virtual time.',
  );
  refuseOptionsAhead(command);
  refuseUnknownSubcommand(command);
  return (
    addRunOptions(command, bench, { ...bench.RUN_PARAMETERS, ...bench.SIMULATION_PARAMETERS })
      .option('--cores <n>', 'cores that the virtual workers run on (default: one for each)', wholeNumber)
      .addOption(costTableOption())
      .option('--stats', 'report why calls were aborted, where time went and what speed-up the dependencies allow')
      .option(
        '--trace <file.json>',
        "write what each virtual worker did in the last block, in Chrome's trace-event format: Perfetto opens it",
      )
      .option('--graph <file>', 'write which call of that block reads what which other wrote, as .dot or .json')
      // An option of bench, for which there is a reason to be told.
      .addOption(new Option('--suite <name>').hideHelp())
      .option('--json', 'print the result as one JSON object on one line')
      .addOption(verboseOption())
      .addHelpText('after', EXAMPLES)
      .enablePositionalOptions()
      .action((options: SimulateOptions) => simulate(bench, options))
      .addCommand(validateCommand(bench))
      .addCommand(measureCommand(bench))
  );
}

/** Sets the exit code to 1 where the simulated result differed from the sequential one. */
async function simulate(bench: Bench, options: SimulateOptions): Promise<void> {
  const { cores, costTable, suite, trace, graph } = options;
  if (suite !== undefined) {
    throw new MisuseError(
      'ERR_OPTION',
      '--suite: suites are measured; bench sweep simulates a grid ("simulated": true)',
    );
  }
  const { workload, settings } = bench.resolveSimulation({
    ...askedFor(bench, options),
    ...(cores !== undefined && { cores }),
    ...(costTable !== undefined && { costTable }),
  });
  refuseUnknownGraph(options);
  refuseOverwriting({ trace, graph }, [costTable]);
  const files = [trace, graph].filter((path) => path !== undefined);
  // What cannot be written later is said before anything is executed.
  for (const path of files) await writeText(path, '');
  let write: (() => Promise<void>) | undefined;
  const onBlock = (telemetry: BlockTelemetry, calls: CallNames, contracts: ContractNames): void => {
    write = () => writeTelemetry(telemetry, options, calls, contracts);
  };
  const watched = { ...settings, ...(files.length > 0 && { onBlock }) };
  const report = await bench.runSimulation(workload, watched, showProgress);
  clearProgress();
  stdout.write(options.json ? `${JSON.stringify(report)}\n` : bench.formatReport(report));
  if (!report.statesEqual) reportDifference(`the simulated ${report.executor}`, report.difference);
  // Of the last block alone: the tape of one before it is not kept.
  await write?.();
}
