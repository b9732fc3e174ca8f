import { stdout } from 'node:process';
import { Command, Option } from 'commander';
import { type ExecutorName, MisuseError } from '../index.js';
import { exportCommand } from './bench-export.js';
import { reportCommand } from './bench-report.js';
import { reproduceCommand } from './bench-reproduce.js';
import { sweepCommand } from './bench-sweep.js';
import { reportFailure } from './failure.js';
import { interruptible } from './interrupt.js';
import { expectedName } from './nearest-name.js';
import { decimalNumber, executorOption, verboseOption, wholeNumber } from './option.js';
import { addPolicyOptions, type PolicyOptions, policyOf } from './policy-options.js';
import { printable } from './printable.js';
import { clearProgress, PROGRESS_LISTENER, showProgress } from './progress.js';

/** What is loaded for this command alone, and through the package: layering forbids the command line to import it. */
export type Bench = Awaited<ReturnType<typeof loadBench>>;
type ParameterSchema = Bench['WORKLOADS'][number]['parameters'][string];
type NumericSchema = Exclude<ParameterSchema, { type: 'string' }>;

/** As they were given. Those of a workload, of `RUN_PARAMETERS` and of a policy have the names that they have there. */
export interface BenchOptions extends PolicyOptions, Readonly<Record<string, unknown>> {
  readonly workload: string;
  readonly executor: ExecutorName;
  readonly endToEnd?: true;
  readonly stats?: true;
  readonly suite?: string;
  readonly json?: true;
}

/** What goes with a suite; the rest is said by its cells. */
const SUITE_OPTIONS: readonly string[] = ['suite', 'workers', 'repeats', 'warmUp', 'seed', 'json', 'verbose'];

const EXAMPLES = `
Executor and sequential take turns on the same blocks in one process; receipts, write set and state hash are compared after
each. The exit code is 1 where they differ.

Traces, graphs and explanations are of one block: bench export writes one as files, for blockstm run --trace and --graph and blockstm explain. blockstm simulate has them of a
simulated one.

Examples:
  $ blockstm bench --workload p2p --accounts 10000 --workers 2
  $ blockstm bench --workload compute --rounds 500 --repeats 50 --seed 7 --json
  $ blockstm bench --workload mainnet --block-size 1414
  $ blockstm bench --workload counter --executor block-stm --deltas off
  $ blockstm bench --workload hotspot --hot-share 0.5 --executor block-stm --stats
  $ blockstm bench --suite core --workers 2 --repeats 15 --json
  $ blockstm bench list
  $ blockstm bench sweep spec.json --out sweep
  $ blockstm bench report sweep
  $ blockstm bench export --workload p2p --accounts 100 --block-size 1000 --block 3 --out dir
  $ blockstm bench reproduce neo1202
`;

export function loadBench() {
  return import('blockstm/bench');
}

/** @param asked whether it may be the command that is wanted: its options are those of the workloads, which are loaded for them. */
export async function benchCommand(asked: boolean): Promise<Command> {
  const command = new Command('bench').summary('measure an executor against sequential');
  return asked ? withOptions(command, await loadBench()) : command;
}

function withOptions(command: Command, bench: Bench): Command {
  command.description('Measure an executor against sequential execution on a reproducible workload.');
  refuseOptionsAhead(command);
  refuseUnknownSubcommand(command);
  return (
    addRunOptions(command, bench, bench.RUN_PARAMETERS)
      .option('--stats', 'report why calls were aborted, where time went and what speed-up the dependencies allow')
      .addOption(
        new Option('--suite <name>', 'a fixed list of measurements, each in a process of its own')
          .choices(Object.keys(bench.SUITES))
          // Refused by `runSuite`, which knows the nearest name.
          .argParser(asItIs),
      )
      // Options of simulate, for which there is a reason to be told.
      .addOption(new Option('--trace [file]').hideHelp())
      .addOption(new Option('--graph [file]').hideHelp())
      .addOption(new Option('--explain [n...]').hideHelp())
      .option('--json', 'print the result as one JSON object on one line')
      .addOption(verboseOption())
      .addHelpText('after', EXAMPLES)
      .enablePositionalOptions()
      .action((options: BenchOptions) => {
        refuseOfOneBlock(options);
        return options.suite === undefined ? measure(bench, options) : runSuite(bench, options, command);
      })
      .addCommand(listCommand(bench))
      .addCommand(sweepCommand(bench))
      .addCommand(reportCommand(bench))
      .addCommand(exportCommand(bench))
      .addCommand(reproduceCommand(bench))
  );
}

/** What says which blocks are executed how, and how often: of the command that measures and of the one that simulates. */
export function addRunOptions(command: Command, bench: Bench, run: Readonly<Record<string, NumericSchema>>): Command {
  command
    .addOption(workloadOption(bench))
    // Refused by `resolveOptions`, as an unknown workload is.
    .addOption(executorOption('auto').argParser(asItIs));
  for (const [name, schema] of Object.entries(run)) {
    command.addOption(parameterOption(bench, name, schema));
  }
  addWorkloadParameters(command, bench);
  return addPolicyOptions(command).option(
    '--end-to-end',
    'measure until every receipt has been read, instead of to the result',
  );
}

/** `--workload`. An unknown one is refused by `resolveOptions`, which knows the nearest name. */
export function workloadOption(bench: Bench): Option {
  const option = new Option('--workload <name>', 'what is executed').choices(bench.WORKLOADS.map(({ name }) => name));
  return option.argParser(asItIs).default('p2p');
}

/** An option for each parameter of any workload. */
export function addWorkloadParameters(command: Command, bench: Bench): void {
  for (const [name, { schema, workloads }] of parametersOf(bench)) {
    command.addOption(parameterOption(bench, name, schema, `${workloads.join(', ')}: `));
  }
}

function listCommand(bench: Bench): Command {
  return new Command('list')
    .description('List the workloads with their parameters.')
    .option('--json', 'print them as one JSON object on one line, parameters as JSON Schemas')
    .addOption(verboseOption())
    .action(({ json }: { json?: true }) => {
      const list = bench.WORKLOADS;
      stdout.write(json ? `${JSON.stringify(bench.workloadList(list))}\n` : bench.formatWorkloads(list));
    });
}

/** The parameters of all workloads by name, each with the workloads that have it. */
function parametersOf({ WORKLOADS }: Bench): Map<string, { schema: ParameterSchema; workloads: string[] }> {
  const all = new Map<string, { schema: ParameterSchema; workloads: string[] }>();
  for (const workload of WORKLOADS) {
    for (const [name, schema] of Object.entries(workload.parameters)) {
      const known = all.get(name);
      if (known === undefined) all.set(name, { schema, workloads: [workload.name] });
      else known.workloads.push(workload.name);
    }
  }
  return all;
}

export function parameterOption(bench: Bench, name: string, schema: ParameterSchema, whose = ''): Option {
  const flag = `--${bench.optionName(name)}`;
  const about = `${whose}${schema.description}`;
  const byDefault = `default: ${bench.formatValue(schema.default)}`;
  if (schema.type === 'string') {
    const named = new Option(`${flag} <name>`, `${about} (${byDefault})`).choices(schema.enum);
    return named.argParser(asItIs);
  }
  const option = new Option(`${flag} <n>`, `${about} (${bench.formatRange(schema)}, ${byDefault})`);
  return option.argParser(schema.type === 'integer' ? wholeNumber : decimalNumber);
}

/** What `addRunOptions` was given. */
export function askedFor(bench: Bench, options: BenchOptions): Parameters<Bench['resolveOptions']>[0] {
  return {
    workload: options.workload,
    params: workloadParameters(bench, options),
    ...picked<number>(options, Object.keys(bench.RUN_PARAMETERS)),
    executor: options.executor,
    policy: policyOf(options),
    endToEnd: options.endToEnd === true,
    stats: options.stats === true,
  };
}

/** The values of the options of `addWorkloadParameters`. */
export function workloadParameters(
  bench: Bench,
  options: Readonly<Record<string, unknown>>,
): Record<string, number | string> {
  return picked(options, [...parametersOf(bench).keys()]);
}

/** What is said of one block, while a benchmark is of many. @throws MisuseError that says who says it. */
function refuseOfOneBlock(options: BenchOptions): void {
  const name = ['trace', 'graph', 'explain'].find((each) => options[each] !== undefined);
  if (name === undefined) return;
  const run = name === 'explain' ? 'blockstm explain' : `blockstm run --${name}`;
  throw new MisuseError(
    'ERR_OPTION',
    `--${name}: that is of one block, and a benchmark of many: blockstm bench export writes a block as files, for ${run}; blockstm simulate --${name} takes the same options as bench`,
  );
}

/** Sets the exit code to 1 where the executor's result differed from the sequential one. */
async function measure(bench: Bench, options: BenchOptions): Promise<void> {
  const { workload, settings } = bench.resolveOptions(askedFor(bench, options));
  const report = await bench.runBenchmark(workload, settings, showProgress);
  clearProgress();
  stdout.write(options.json ? `${JSON.stringify(report)}\n` : bench.formatReport(report));
  if (!report.statesEqual) reportDifference(report.executor, report.difference);
}

/** Sets the exit code to 1 where any cell's results differed. */
async function runSuite(bench: Bench, options: BenchOptions, command: Command): Promise<void> {
  const suite = options.suite as string;
  for (const option of command.options) {
    const name = option.attributeName();
    if (SUITE_OPTIONS.includes(name) || command.getOptionValueSource(name) !== 'cli') continue;
    throw new MisuseError('ERR_OPTION', `${option.long}: not with --suite, whose measurements say it themselves`);
  }
  const asked = picked<number>(options, ['workers', 'repeats', 'warmUp', 'seed']);
  const report = await interruptible((signal) => bench.runSuite(suite, asked, PROGRESS_LISTENER, signal));
  clearProgress();
  stdout.write(options.json ? `${JSON.stringify(report)}\n` : bench.formatSuite(report));
  for (const { name, report: cell } of report.cells) {
    if (!cell.statesEqual) reportDifference(`${name}: ${cell.executor}`, cell.difference);
  }
}

export function reportDifference(executor: string, difference: string | null): void {
  reportFailure('ERR_VERIFY', `${executor} and sequential differ: ${difference}`);
}

/** Those of the options that were given. */
export function picked<Value extends number | string>(
  options: Readonly<Record<string, unknown>>,
  names: readonly string[],
): Record<string, Value> {
  return Object.fromEntries(
    names.flatMap((name) => (options[name] === undefined ? [] : [[name, options[name] as Value]])),
  );
}

/** For an option whose choices are in its help and which somebody refuses later. */
export function asItIs(name: string): string {
  return name;
}

/** An option ahead of the name of a subcommand would not be the subcommand's, and nobody would read it. */
export function refuseOptionsAhead(command: Command): void {
  command.hook('preSubcommand', (_, subcommand) => {
    const ahead = command.options.find((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
    if (ahead === undefined) return;
    const whole = `${command.name()} ${subcommand.name()}`;
    throw new MisuseError(
      'ERR_OPTION',
      `${ahead.long}: options of ${whole} come after it, and ${whole} --help lists them`,
    );
  });
}

/** A command that does something without one of its subcommands, too, would take a misspelt name for an argument too many. */
export function refuseUnknownSubcommand(command: Command): void {
  command.allowExcessArguments().hook('preAction', (_, chosen) => {
    const [name] = command.args;
    if (chosen !== command || name === undefined) return;
    const known = command.commands.map((each) => each.name());
    command.error(`error: unknown command '${printable(name)}', ${expectedName(name, known)}`);
  });
}
