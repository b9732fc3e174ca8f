import { stdout } from 'node:process';
import { Command, Option } from 'commander';
import {
  type AddressNames,
  type BlockTelemetry,
  type CallNames,
  digitShortener,
  locationText,
  MisuseError,
} from '../index.js';
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
import { checkCostTable } from './cost-table-file.js';
import {
  type AskedCalls,
  collectCall,
  decisionOf,
  type ExplainedBlock,
  explainBlock,
  explainedText,
  refuseUnknownCalls,
} from './explained-block.js';
import { verboseOption, wholeNumber } from './option.js';
import { refuseOverwriting } from './output-files.js';
import { printableLines } from './printable.js';
import { clearProgress, showProgress } from './progress.js';
import { measureCommand } from './simulate-measure.js';
import { costTableOption, validateCommand } from './simulate-validate.js';
import { refuseUnknownGraph, type TelemetryFiles, writeTelemetry, writeText } from './telemetry-files.js';

interface SimulateOptions extends BenchOptions, TelemetryFiles {
  readonly cores?: number;
  readonly costTable?: string;
  /** `true`: those that were aborted, and the first of them. */
  readonly explain?: readonly number[] | true;
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
  $ blockstm simulate --workload hotspot --hot-share 0.01 --workers 64 --executor block-stm --explain
  $ blockstm simulate --workload hotspot --hot-share 0.01 --workers 64 --executor block-stm --explain 7 812 --json
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
      .option(
        '--explain [n...]',
        'say why these calls of the last block, counted from 0, were executed as often as they were, as blockstm explain does (without numbers: list those that were aborted, and explain the first of them)',
        collectCall,
      )
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
  const { cores, costTable, suite, trace, graph, explain } = options;
  const asked = explain === true ? undefined : explain;
  if (suite !== undefined) {
    throw new MisuseError(
      'ERR_OPTION',
      '--suite: suites are measured; bench sweep simulates a grid ("simulated": true)',
    );
  }
  if (costTable !== undefined) await checkCostTable(bench, costTable);
  const { workload, settings } = bench.resolveSimulation({
    ...askedFor(bench, options),
    ...(cores !== undefined && { cores }),
    ...(costTable !== undefined && { costTable }),
  });
  refuseUnknownGraph(options);
  refuseUnknownCalls('--explain', asked, workload.blockSize);
  refuseOverwriting({ trace, graph }, [costTable]);
  const files = [trace, graph].filter((path) => path !== undefined);
  // What cannot be written later is said before anything is executed.
  for (const path of files) await writeText(path, '');
  // Of the last block alone: the tape of one before it is not kept.
  let last: WatchedBlock | undefined;
  const onBlock = (...block: WatchedBlock): void => {
    last = block;
  };
  const isWatched = files.length > 0 || explain !== undefined;
  const report = await bench.runSimulation(workload, { ...settings, ...(isWatched && { onBlock }) }, showProgress);
  clearProgress();
  const said = explain !== undefined && last !== undefined && explanationOf(last, workload.blockSize, asked);
  if (options.json) stdout.write(`${JSON.stringify({ ...report, ...(said && { explained: said.explained }) })}\n`);
  else stdout.write(said ? withExplanation(bench, report, said.text) : bench.formatReport(report));
  if (!report.statesEqual) reportDifference(`the simulated ${report.executor}`, report.difference);
  if (last !== undefined) await writeTelemetry(last[0], options, last[1], last[2]);
}

const SIMULATED = { when: '', others: '--explain <n...> explains others, of the same execution' };

/** What is known of a block that was simulated. */
type WatchedBlock = [telemetry: BlockTelemetry, calls: CallNames, addresses: AddressNames];

function explanationOf(
  [telemetry, names, addresses]: WatchedBlock,
  calls: number,
  asked: AskedCalls,
): { explained: ExplainedBlock; text: string } {
  const explained = explainBlock(telemetry, calls, asked, names, addresses);
  return {
    explained,
    text: explainedText(explained, asked, names, { ...SIMULATED, decision: decisionOf(telemetry, calls) }),
  };
}

/** Both are read together: an address is the same digits in the one as in the other. */
function withExplanation(bench: Bench, report: Parameters<Bench['formatReport']>[0], text: string): string {
  const { contendedKeys = [], rootKeys = [] } = report.statistics ?? {};
  const short = digitShortener([text, ...[...contendedKeys, ...rootKeys].map(locationText)]);
  return `${bench.formatReport(report, short)}\n${printableLines(short(text))}`;
}
