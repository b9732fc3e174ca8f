// A process that runs one benchmark, see process.ts.

import { BlockStmError } from '../../host/index.js';
import { type BenchmarkOptions, resolveOptions } from '../options.js';
import { runBenchmark } from '../runner.js';
import type { CellMessage } from './process.js';

function send(message: CellMessage): Promise<void> {
  return new Promise((resolve) => process.send?.(message, () => resolve()));
}

async function run(options: BenchmarkOptions): Promise<CellMessage> {
  try {
    const { workload, settings } = resolveOptions(options);
    const report = await runBenchmark(workload, settings, (text) => void send({ kind: 'progress', text }));
    return { kind: 'report', report };
  } catch (error) {
    if (!(error instanceof BlockStmError)) throw error;
    return { kind: 'failure', code: error.code, message: error.message };
  }
}

// Whoever asked is gone, perhaps while this was loaded, or has all it asked for.
process.once('disconnect', () => process.exit());
if (!process.connected) process.exit();
process.once('message', async (options: BenchmarkOptions) => {
  await send(await run(options));
  process.disconnect();
});
