import type { ChromeTrace } from '../../host/index.js';
import type { BenchmarkReport } from '../result.js';
import type { Progress } from '../runner.js';
import { runInProcess } from '../suite/process.js';
import type { PlannedRun } from './plan.js';
import type { Sweep } from './spec.js';
import { runOptions } from './sweep-cell.js';

/** What a run gave. */
export interface MeasuredRun {
  readonly report: BenchmarkReport;
  /** See `RunSettings.onDifference`. */
  readonly schedule: ChromeTrace | undefined;
}

/**
 * Most runs have one batch of blocks only: where sequential were first in each, whatever the first has of it would be in every figure. So each has half of the runs of a cell.
 * See `RunSettings.turn`.
 */
export function turnOf({ seed, repeat }: Pick<PlannedRun, 'seed' | 'repeat'>, { seeds }: Pick<Sweep, 'seeds'>): number {
  return seeds.indexOf(seed) + repeat;
}

/** Measure or simulate one run in a process of its own. @throws as `runInProcess`. */
export async function measureRun(
  run: PlannedRun,
  sweep: Sweep,
  progress: Progress,
  signal?: AbortSignal,
): Promise<MeasuredRun> {
  let schedule: ChromeTrace | undefined;
  const report = await runInProcess(
    run.name,
    { ...runOptions(run.cell, run.seed, sweep), turn: turnOf(run, sweep) },
    progress,
    signal,
    (its) => {
      schedule = its;
    },
  );
  return { report, schedule };
}
