import { type Environment, environment } from '../environment.js';
import { OptionError } from '../option-error.js';
import { RUN_PARAMETERS } from '../options.js';
import { resolveParameter } from '../parameters.js';
import {
  formatCount,
  formatEnvironment,
  formatInterval,
  formatTable,
  isOversubscribed,
  percent,
  TURNS,
} from '../report.js';
import type { BenchmarkReport } from '../result.js';
import { suggestion } from '../suggestion.js';
import type { TaskListener } from '../task-listener.js';
import { type Cell, cellName } from './cell.js';
import { runInProcess } from './process.js';
import { SUITES } from './suites.js';

/** What goes with every suite; see `RUN_PARAMETERS`. */
export interface SuiteOptions {
  /** Of the cells that do not say how many. */
  readonly workers?: number;
  /** Of the cells that do not need more. */
  readonly repeats?: number;
  readonly warmUp?: number;
  readonly seed?: number;
}

export interface SuiteReport {
  readonly schema: 'blockstm.suite/1';
  readonly suite: string;
  /** In the order in which they ran. */
  readonly cells: readonly { readonly name: string; readonly report: BenchmarkReport }[];
  readonly env: Environment;
}

/**
 * Run the cells of a suite one after the other, each in a process of its own.
 * @param signal interrupts it: then there is an AbortError.
 * @throws OptionError for a suite that there is not, and a wrong option; BlockStmError where a cell fails.
 */
export async function runSuite(
  suite: string,
  options: SuiteOptions,
  listener: TaskListener,
  signal?: AbortSignal,
): Promise<SuiteReport> {
  const cells = Object.hasOwn(SUITES, suite) ? SUITES[suite] : undefined;
  if (cells === undefined) {
    const names = Object.keys(SUITES);
    const expected = `expected one of ${names.join(', ')}${suggestion(suite, names)}`;
    throw new OptionError(['suite'], `${expected}, found ${suite}`);
  }
  return runCells(suite, cells, options, listener, signal);
}

/** The same with a list of cells of one's own. */
export async function runCells(
  suite: string,
  cells: readonly Cell[],
  options: SuiteOptions,
  { progress = () => {}, finished = () => {} }: TaskListener,
  signal?: AbortSignal,
): Promise<SuiteReport> {
  const option = (name: 'workers' | 'repeats' | 'warmUp' | 'seed'): number =>
    resolveParameter(name, RUN_PARAMETERS[name], options[name]) as number;
  const [workers, repeats, warmUp, seed] = [option('workers'), option('repeats'), option('warmUp'), option('seed')];
  const measured: { name: string; report: BenchmarkReport }[] = [];
  for (const [index, { repeatsMin = 1, ...cell }] of cells.entries()) {
    const name = cellName(cell);
    const asked = { workers, ...cell, repeats: Math.max(repeats, repeatsMin), warmUp, seed };
    const count = `${index + 1} of ${cells.length}`;
    const report = await runInProcess(name, asked, (text) => progress(`${count}, ${text}`), signal);
    measured.push({ name, report });
    finished(`${count}, ${name}: ${report.speedup.median.toFixed(2)}x, ${percent(report.abortRate)} aborts`);
  }
  return { schema: 'blockstm.suite/1', suite, cells: measured, env: environment() };
}

/** The report as a person reads it: a line for each cell, and what differs where something does. */
export function formatSuite({ suite, cells, env }: SuiteReport): string {
  const rows = cells.map(({ name, report }) => {
    const { sequential, tps, speedup, abortRate, blockBytesPerCall } = report;
    return [
      name,
      formatCount(sequential.tps),
      formatCount(tps),
      `${speedup.median.toFixed(2)}x${formatInterval(report, ' (', ')')}${isOversubscribed(report) ? ' *' : ''}`,
      percent(abortRate),
      formatCount(blockBytesPerCall),
    ];
  });
  const header = ['', 'sequential/s', 'calls/s', 'speed-up (95% interval)', 'aborts', 'bytes a call'];
  const note = cells.some(({ report }) => isOversubscribed(report)) ? `* more workers than cores: ${TURNS}\n` : '';
  return `suite ${suite}, ${formatEnvironment(env)}\n\n${formatTable([header, ...rows])}${note}`;
}
