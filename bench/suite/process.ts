import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { AbortError, BlockStmError, type ChromeTrace, WorkerError } from '../../host/index.js';
import type { BenchmarkOptions } from '../options.js';
import type { BenchmarkReport } from '../result.js';
import type { Progress } from '../runner.js';
import type { CostTable } from '../simulation/cost-table.js';

/** What the process says; it is sent the options, as its first and only message. */
export type CellMessage =
  | { readonly kind: 'progress'; readonly text: string }
  | { readonly kind: 'schedule'; readonly schedule: ChromeTrace }
  | { readonly kind: 'report'; readonly report: BenchmarkReport }
  | { readonly kind: 'failure'; readonly code: string; readonly message: string };

/** What the process is to do. */
export interface CellOptions extends BenchmarkOptions {
  /** Whether the virtual clock is asked in place of the machine's, see `runSimulation`. Default false. */
  readonly simulated?: boolean;
  /** For this and the next see `SimulationOptions`: where it is simulated. */
  readonly cores?: number;
  readonly costTable?: CostTable;
  /** See `RunSettings.turn`. */
  readonly turn?: number;
}

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));

/**
 * Run one benchmark in a process of its own, so that what V8 learned and collected in those before has no part in it.
 *
 * The process ends with this one, however this one ends: it watches the channel between them.
 *
 * @param name what progress and errors begin with.
 * @param signal ends it.
 * @param onSchedule is told what the workers did in the first block that differs, see `RunSettings.onDifference`.
 * @throws BlockStmError with the code of the error in the process, WorkerError where it ends without a report, AbortError where `signal` ended it.
 */
export async function runInProcess(
  name: string,
  options: CellOptions,
  progress: Progress,
  signal?: AbortSignal,
  onSchedule: (schedule: ChromeTrace) => void = () => {},
): Promise<BenchmarkReport> {
  if (signal?.aborted) throw new AbortError(`${name}: interrupted`);
  const child = fork(CHILD, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  let last: Exclude<CellMessage, { kind: 'progress' | 'schedule' }> | undefined;
  child.on('message', (message: CellMessage) => {
    if (message.kind === 'progress') progress(`${name}: ${message.text}`);
    else if (message.kind === 'schedule') onSchedule(message.schedule);
    else last = message;
  });
  // Where the process is gone already it says so below.
  child.send(options, () => {});
  const kill = (): void => void child.kill('SIGKILL');
  signal?.addEventListener('abort', kill);
  // Only when it is gone, too, so that it does not run beside the next one.
  const end = await new Promise<string>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, killedBy) => resolve(killedBy ?? `exit code ${code}`));
  }).finally(() => signal?.removeEventListener('abort', kill));
  if (signal?.aborted) throw new AbortError(`${name}: interrupted`);
  if (last?.kind === 'report') return last.report;
  if (last?.kind === 'failure') throw new BlockStmError(last.code, `${name}: ${last.message}`);
  throw new WorkerError(`${name}: the process of the benchmark ended before it reported: ${end}`);
}
