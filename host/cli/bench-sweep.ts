import { dirname, resolve } from 'node:path';
import { stdout } from 'node:process';
import { Command } from 'commander';
import type { Bench } from './bench.js';
import { checkCostTable } from './cost-table-file.js';
import { reportFailure } from './failure.js';
import { readText } from './genesis.js';
import { interruptible } from './interrupt.js';
import { allErrors, byPlace, JsonField } from './json-field.js';
import { verboseOption } from './option.js';
import { clearProgress, PROGRESS_LISTENER } from './progress.js';

type Sweep = ReturnType<Bench['resolveSweep']>;
type Mismatch = NonNullable<ReturnType<Bench['sweptSoFar']>['mismatch']>;

interface SweepOptions {
  readonly out: string;
  readonly dryRun?: true;
  readonly json?: true;
}

const EXAMPLES = `
The spec is a grid: every list in it is crossed with every other. All but "schema" and "workloads" may be left out.
  {"schema": "blockstm.sweep/1",
   "workloads": [{"workload": "p2p", "params": {"accounts": [2, 100, 10000]}},
                 {"workload": "counter", "params": {"counter": ["plain", "delta"]}}],
   "blockSize": 10000, "workers": [1, 2], "executor": "block-stm",
   "policy": [{}, {"deltas": false}, {"grain": [1, 16]}],
   "endToEnd": false, "repeats": 10, "blocks": 10, "warmUp": 200000, "seeds": [1], "orderSeed": 1}
With "simulated": true it is what "blockstm simulate" does; "cores" and "costTable" go with it, as there.

Each repeat runs every cell once with every seed, in a random order, each in a process of its own that measures so many blocks. Every finished
run is a line of runs.jsonl in the directory, on the disk before the next run begins. Interrupted by Ctrl-C, killed or out of disk, the
sweep goes on by the same command. At the end there are summary.json and runs.csv too; manifest.json says where it ran.

The exit code is 1 where a result differs from the sequential one, which ends the sweep for good: the block, the seed, the options and what is
known of the schedule are in mismatch/ of the directory then. It is 1, too, where runs fail: they are in failures.jsonl with their reason, and all other
cells are measured; the same command tries them again. It is 130 where it was interrupted. "blockstm bench export" writes any other block as a file.

Examples:
  $ blockstm bench sweep spec.json --out sweep --dry-run
  $ blockstm bench sweep spec.json --out sweep
  $ blockstm bench report sweep
`;

export function sweepCommand(bench: Bench): Command {
  return new Command('sweep')
    .summary('measure a grid of settings, each many times')
    .description(
      'Measure every cell of a grid of workloads, parameters, workers, executors and policies, many times in random order.',
    )
    .argument('<spec.json>', 'the grid')
    .requiredOption('--out <dir>', 'where the runs are kept; one that has some of this sweep is gone on with')
    .option('--dry-run', 'list the cells and how long they may take, and run nothing')
    .option('--json', 'print the summary as one JSON object on one line')
    .addOption(verboseOption())
    .addHelpText('after', EXAMPLES)
    .action((path: string, options: SweepOptions) => run(bench, path, options));
}

/** Sets the exit code to 1 where a result differs from the sequential one, or a run failed. */
async function run(bench: Bench, path: string, { out, dryRun, json }: SweepOptions): Promise<void> {
  const sweep = await readSpec(bench, path);
  if (dryRun) {
    const soFar = bench.sweptSoFar(out, sweep);
    const plan = bench.planSweep(sweep, soFar);
    stdout.write(json ? `${JSON.stringify(plan)}\n` : bench.formatPlan(plan));
    if (soFar.mismatch !== null) reportMismatch(soFar.mismatch, bench.mismatchPath(out));
    return;
  }
  const { summary, mismatch } = await interruptible((signal) => bench.runSweep(sweep, out, PROGRESS_LISTENER, signal));
  clearProgress();
  stdout.write(json ? `${JSON.stringify(summary)}\n` : bench.formatSweep(summary));
  if (mismatch === null) {
    const [first, ...others] = summary.failures;
    if (first === undefined) return;
    const more = others.length === 0 ? '' : `; ${others.length} more failed, see failures.jsonl`;
    reportFailure(
      first.code,
      `seed ${first.seed} of ${first.message}${more}. All others are finished; the same command tries again`,
    );
    return;
  }
  reportMismatch(mismatch, mismatch.directory);
}

function reportMismatch({ cell, seed, difference }: Mismatch, directory: string): void {
  reportFailure(
    'ERR_VERIFY',
    `${cell}, seed ${seed}: differs from sequential: ${difference}. The sweep has stopped and does not go on; the block, the seed and what is known of the schedule are in ${directory}`,
  );
}

/** @throws FileError that shows every place where something is wrong, in their order. */
async function readSpec(bench: Bench, file: string): Promise<Sweep> {
  const { root, repeats } = JsonField.parseAll({ file, firstLine: 1, text: await readText(file) });
  const errors = [...repeats];
  let isCutOff = false;
  try {
    const sweep = bench.resolveSweep(await withCostTable(bench, root.value, file));
    if (errors.length === 0) return sweep;
  } catch (error) {
    if (!(error instanceof bench.SpecError)) throw error;
    isCutOff = error.isCutOff;
    errors.push(...error.problems.map(({ path, message, part }) => root.at(path).error(message, part)));
  }
  throw allErrors(errors.sort(byPlace), 'ERR_SPEC', isCutOff);
}

/** A file with a cost table is beside the spec, where its name does not say otherwise. @throws FileError as `checkCostTable`. */
async function withCostTable(bench: Bench, spec: unknown, file: string): Promise<unknown> {
  const { costTable } = (spec ?? {}) as { costTable?: unknown };
  if (typeof costTable !== 'string') return spec;
  const path = resolve(dirname(file), costTable);
  await checkCostTable(bench, path);
  return { ...(spec as object), costTable: path };
}
