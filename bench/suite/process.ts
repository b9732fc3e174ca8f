import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BlockStmError, WorkerError } from '../../host/index.js';
import type { BenchmarkOptions } from '../options.js';
import type { BenchmarkReport } from '../result.js';
import type { Progress } from '../runner.js';

/** What the process says; it is sent the options, as its first and only message. */
export type CellMessage =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'report'; readonly report: BenchmarkReport }
  | { readonly kind: 'failure'; readonly code: string; readonly message: string };

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));

/**
 * Run one benchmark in a process of its own, so that what V8 learned and collected in those before has no part in it.
 *
 * The process ends with this one, however this one ends: it watches the channel between them.
 *
 * @param name what progress and errors begin with.
 * @throws BlockStmError with the code of the error in the process, and WorkerError where it ends without a report.
 */
export async function runInProcess(
  name: string,
  options: BenchmarkOptions,
  progress: Progress,
): Promise<BenchmarkReport> {
  const child = fork(CHILD, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  let last: CellMessage | undefined;
  child.on('message', (message: CellMessage) => {
    if (message.kind === 'progress') progress(`${name}: ${message.text}`);
    else last = message;
  });
  // Where the process is gone already it says so below.
  child.send(options, () => {});
  // Only when it is gone, too, so that it does not run beside the next one.
  const end = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  if (last?.kind === 'report') return last.report;
  if (last?.kind === 'failure') throw new BlockStmError(last.code, `${name}: ${last.message}`);
  throw new WorkerError(`${name}: the process of the benchmark ended before it reported: ${end}`);
}
