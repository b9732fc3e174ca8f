import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ChromeTrace } from '../../host/index.js';
import { makeDirectory } from '../../host/store/made-directory.js';
import type { BenchmarkReport } from '../result.js';
import { buildWorkload } from '../workloads/registry.js';
import { blockCommands } from './block-commands.js';
import { writeBlockFiles } from './block-files.js';
import { replaceFile } from './durable-file.js';
import { fileError } from './errors.js';
import type { PlannedRun } from './plan.js';
import { optionWords, runAgain } from './run-again.js';
import { changedPolicy, type RunShape } from './sweep-cell.js';

const SCHEDULE = 'schedule.json';

/** A run whose results differ. */
export interface DifferentRun {
  readonly run: PlannedRun;
  readonly report: BenchmarkReport;
  /** What the workers did in the block, and when; undefined where they did not write it down. */
  readonly schedule: ChromeTrace | undefined;
}

/**
 * What is needed to look into a run whose results differ. `mismatch.json` says what differs, with which seed and options, and the command that repeats the run; `schedule.json` what the workers did; beside them are the
 * files of `writeBlockFiles`, and then `mismatch.json` has the commands to execute them. The first things first: the disk may be full.
 * @returns the directory: `mismatch`, or where there is one already `mismatch-2` and so on.
 * @throws SweepError
 */
export async function saveCounterExample(
  sweepDirectory: string,
  { run, report, schedule }: DifferentRun,
  shape: RunShape,
): Promise<string> {
  const directory = newDirectory(sweepDirectory);
  const { cell, seed } = run;
  const workload = buildWorkload(cell.workload, cell.params, cell.blockSize, seed);
  const block = report.differentBlock ?? 0;
  const known = {
    schema: 'blockstm.sweep-mismatch/1',
    difference: report.difference,
    block,
    cell: run.name,
    seed,
    repeat: run.repeat,
    options: cell,
    stateHash: report.stateHash,
    // The seed of a simulated run gives it the same schedule each time.
    schedule: cell.simulated ? 'seed' : schedule === undefined ? null : SCHEDULE,
    again: runAgain(cell, seed, shape),
  };
  const write = (document: object): void =>
    replaceFile(join(directory, 'mismatch.json'), `${JSON.stringify(document, undefined, 2)}\n`);
  try {
    makeDirectory(directory);
    write(known);
    if (schedule !== undefined) replaceFile(join(directory, SCHEDULE), `${JSON.stringify(schedule)}\n`);
    const files = await writeBlockFiles(directory, workload, block);
    const { executor, workers } = cell;
    const options = optionWords({ executor, workers, ...changedPolicy(cell.policy) });
    const how = [...options, '--verify', '--trace trace.json'];
    write({ ...known, sha256: files.sha256, commands: blockCommands(files, workload, block, how) });
  } catch (error) {
    throw fileError(error, `cannot write ${directory}`);
  }
  return directory;
}

/** None is replaced: the same command goes on with the sweep, and another run may differ then. */
function newDirectory(sweepDirectory: string): string {
  const first = join(sweepDirectory, 'mismatch');
  for (let number = 2, path = first; ; path = `${first}-${number++}`) {
    if (!existsSync(path)) return path;
  }
}
