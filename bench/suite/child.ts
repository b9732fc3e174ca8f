// A process that runs one benchmark, see process.ts.

import { BlockStmError, type ChromeTrace } from '../../host/index.js';
import { type BenchmarkOptions, resolveOptions } from '../options.js';
import type { BenchmarkReport } from '../result.js';
import { runBenchmark } from '../runner.js';
import type { SimulationOptions } from '../simulation/options.js';
import type { CellMessage, CellOptions } from './process.js';

function send(message: CellMessage): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}

async function run({ simulated = false, turn = 0, cores, costTable, ...options }: CellOptions): Promise<CellMessage> {
  try {
    const clock = { ...(cores !== undefined && { cores }), ...(costTable !== undefined && { costTable }) };
    const report = await (simulated ? simulate({ ...options, ...clock }) : measure(options, turn));
    return { kind: 'report', report };
  } catch (error) {
    if (!(error instanceof BlockStmError)) throw error;
    return { kind: 'failure', code: error.code, message: error.message };
  }
}

function progress(text: string): void {
  void send({ kind: 'progress', text });
}

function measure(options: BenchmarkOptions, turn: number): Promise<BenchmarkReport> {
  const { workload, settings } = resolveOptions(options);
  return runBenchmark(workload, { ...settings, turn, onDifference }, progress);
}

function onDifference(schedule: ChromeTrace): void {
  void send({ kind: 'schedule', schedule });
}

/** The simulator is loaded for this alone. */
async function simulate(options: SimulationOptions): Promise<BenchmarkReport> {
  const [{ resolveSimulation }, { runSimulation }] = await Promise.all([
    import('../simulation/options.js'),
    import('../simulation/simulation.js'),
  ]);
  const { workload, settings } = resolveSimulation(options);
  return runSimulation(workload, settings, progress);
}

// Whoever asked is gone, perhaps while this was loaded, or has all it asked for.
process.once('disconnect', () => process.exit());
if (!process.connected) process.exit();
process.once('message', async (options: CellOptions) => {
  await send(await run(options));
  process.disconnect();
});
