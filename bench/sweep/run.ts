import type { BenchmarkReport } from '../result.js';
import type { Progress } from '../runner.js';
import { runInProcess } from '../suite/process.js';
import type { PlannedRun } from './plan.js';
import type { Sweep } from './spec.js';
import { runOptions } from './sweep-cell.js';

/**
 * Measure one run in a process of its own. A simulated cell is to go to the simulator from here; until there is one, `resolveSweep` refuses it.
 * @throws as `runInProcess`.
 */
export function measureRun(
  run: PlannedRun,
  { blocks, warmUp }: Sweep,
  progress: Progress,
  signal?: AbortSignal,
): Promise<BenchmarkReport> {
  return runInProcess(run.name, runOptions(run.cell, run.seed, blocks, warmUp), progress, signal);
}
