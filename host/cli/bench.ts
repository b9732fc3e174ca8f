import { stderr, stdout } from 'node:process';
import { Command, Option } from 'commander';
import type { ExecutorName } from '../index.js';
import { executorOption, verboseOption, wholeNumber } from './option.js';
import { clearProgress, showProgress } from './progress.js';

interface BenchOptions {
  readonly workload: 'p2p' | 'compute' | 'mainnet';
  readonly executor: ExecutorName;
  readonly accounts?: number;
  readonly blockSize?: number;
  readonly workers?: number;
  readonly repeats?: number;
  readonly seed?: number;
  readonly rounds?: number;
  readonly json?: true;
}

const EXAMPLES = `
Workloads:
  p2p      payments between random accounts (--accounts)
  compute  the same with integer work in each call (--accounts, --rounds)
  mainnet  transactions of 47 Ethereum blocks, as calls of ledger, token and registry contracts

Executor and sequential take turns on the same blocks in one process; receipts, write set and state hash are compared after
each. The exit code is 1 where they differ.

Examples:
  $ blockstm bench --workload p2p --accounts 10000 --workers 2
  $ blockstm bench --workload compute --rounds 500 --repeats 50 --seed 7 --json
  $ blockstm bench --workload mainnet --block-size 1414
`;

export function benchCommand(): Command {
  return new Command('bench')
    .summary('measure an executor against sequential')
    .description('Measure an executor against sequential execution on a reproducible workload.')
    .addOption(
      new Option('--workload <name>', 'what is executed').choices(['p2p', 'compute', 'mainnet']).default('p2p'),
    )
    .option('--accounts <n>', 'accounts, 2 to 1,000,000 (default: 10,000)', wholeNumber)
    .option('--block-size <n>', 'calls in a block, 1 to 262,144 (default: 10,000)', wholeNumber)
    .option('--workers <n>', "worker threads, 1 to 256 (default: the machine's cores)", wholeNumber)
    .option('--repeats <n>', 'blocks measured, 1 to 1,000 (default: 20)', wholeNumber)
    .option('--seed <n>', 'of everything random (default: 1)', wholeNumber)
    .addOption(executorOption())
    .option(
      '--rounds <n>',
      'work in each call of compute, 0 to 1,000,000 (default: 3,000, some 5 microseconds)',
      wholeNumber,
    )
    .option('--json', 'print the result as one JSON object on one line')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action(bench);
}

/** Sets the exit code to 1 where the executor's result differed from the sequential one. */
async function bench({ json, ...options }: BenchOptions): Promise<void> {
  // Loaded for this command alone, and through the package: layering forbids the command line to import the benchmark.
  const { formatReport, resolveOptions, runBenchmark } = await import('blockstm/bench');
  const { workload, settings } = resolveOptions(options);
  const report = await runBenchmark(workload, settings, showProgress);
  clearProgress();
  stdout.write(json ? `${JSON.stringify(report)}\n` : formatReport(report));
  if (report.statesEqual) return;
  stderr.write(`error: ${report.executor} and sequential differ: ${report.difference}\n`);
  process.exitCode = 1;
}
