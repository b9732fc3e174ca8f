import { existsSync, readFileSync } from 'node:fs';
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
import { COST_TABLE, optionWords, runAgain } from './run-again.js';
import { changedPolicy, type RunShape } from './sweep-cell.js';

const DIRECTORY = 'mismatch';
const MISMATCH = 'mismatch.json';
const SCHEDULE = 'schedule.json';

/** A run whose results were not those of `sequential`. */
export interface SweepMismatch {
  /** See `sweepCellName`. */
  readonly cell: string;
  readonly seed: number;
  /** From 0. */
  readonly repeat: number;
  readonly difference: string;
}

/** Where a sweep keeps it. */
export function mismatchPath(sweepDirectory: string): string {
  return join(sweepDirectory, DIRECTORY);
}

/** The one that a sweep found; null where it has found none. @throws SweepError where it cannot be read. */
export function readMismatch(sweepDirectory: string): SweepMismatch | null {
  const path = join(mismatchPath(sweepDirectory), MISMATCH);
  if (!existsSync(path)) return null;
  try {
    const { cell, seed, repeat, difference } = JSON.parse(readFileSync(path, 'utf8')) as SweepMismatch;
    return { cell, seed, repeat, difference };
  } catch (error) {
    throw fileError(error, `cannot read ${path}`);
  }
}

/** Such a run with what is known of it. */
export interface DifferentRun {
  readonly run: PlannedRun;
  readonly report: BenchmarkReport;
  /** What the workers did in the block, and when; undefined where they did not write it down. */
  readonly schedule: ChromeTrace | undefined;
}

/**
 * Keep what is needed to look into a run whose results differ, in `mismatchPath`. `mismatch.json` says what differs, with which seed and options, and the command that repeats the run; `schedule.json` what the workers did, `costs.json` what a simulated run was timed by; beside them are the
 * files of `writeBlockFiles`, and then `mismatch.json` has the commands to execute them. The first things first: the disk may be full.
 * @throws SweepError, which says what differs, too.
 */
export async function saveCounterExample(
  sweepDirectory: string,
  { run, report, schedule }: DifferentRun,
  shape: RunShape,
): Promise<SweepMismatch> {
  const directory = mismatchPath(sweepDirectory);
  const { cell, seed } = run;
  const workload = buildWorkload(cell.workload, cell.params, cell.blockSize, seed);
  const block = report.differentBlock ?? 0;
  const difference = report.difference as string;
  const known = {
    schema: 'blockstm.sweep-mismatch/1',
    difference,
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
    replaceFile(join(directory, MISMATCH), `${JSON.stringify(document, undefined, 2)}\n`);
  try {
    makeDirectory(directory);
    write(known);
    if (cell.simulated) replaceFile(join(directory, COST_TABLE), `${JSON.stringify(shape.costTable, undefined, 2)}\n`);
    if (schedule !== undefined) replaceFile(join(directory, SCHEDULE), `${JSON.stringify(schedule)}\n`);
    const files = await writeBlockFiles(directory, workload, block);
    const { executor, workers } = cell;
    const options = optionWords({ executor, workers, ...changedPolicy(cell.policy) });
    const how = [...options, '--verify', '--trace trace.json'];
    write({ ...known, sha256: files.sha256, commands: blockCommands(files, workload, block, how) });
  } catch (error) {
    throw fileError(
      error,
      `seed ${seed} of ${run.name} differs from sequential: ${difference}; cannot write ${directory}`,
    );
  }
  return { cell: run.name, seed, repeat: run.repeat, difference };
}
