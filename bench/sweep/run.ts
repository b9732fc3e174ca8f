import type { BenchmarkReport } from '../result.js';
import type { Progress } from '../runner.js';
import { runInProcess } from '../suite/process.js';
import type { PlannedRun } from './plan.js';
import type { Sweep } from './spec.js';
import { runOptions } from './sweep-cell.js';

/** Measure or simulate one run in a process of its own. @throws as `runInProcess`. */
export function measureRun(
  run: PlannedRun,
  sweep: Sweep,
  progress: Progress,
  signal?: AbortSignal,
): Promise<BenchmarkReport> {
  return runInProcess(run.name, runOptions(run.cell, run.seed, sweep), progress, signal);
}
