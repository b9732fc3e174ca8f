import { ALONE, plural } from '../report.js';
import { type CellSummary, isAloneIn } from '../sweep/summary.js';

/** Whether more workers than cores may be in figures of wall time. */
export interface WallTimeOptions {
  readonly oversubscribed: boolean;
  readonly cores: number;
  /** See `RunShape.cores`. */
  readonly simulatedCores: number | null;
}

/** The cells whose times are to be plotted. Where workers take turns on the cores, a time says how the system shares them out. */
export function plottable(cells: readonly CellSummary[], { oversubscribed }: WallTimeOptions): CellSummary[] {
  return cells.filter((cell) => cell.speedup !== null && (oversubscribed || !cell.oversubscribed));
}

/** Of two workers: bench/README.md, "The cost of telemetry". */
const TELEMETRY =
  ' With telemetry, which sequential execution runs without: where that was measured, it took parallel execution 2 to 6% more time (bench/README.md, "The cost of telemetry").';

/** Why cells are missing in a figure of wall time; null where none is. */
export function leftOut(cells: readonly CellSummary[], { oversubscribed, cores }: WallTimeOptions): string | null {
  const count = oversubscribed ? 0 : cells.filter((cell) => cell.speedup !== null && cell.oversubscribed).length;
  if (count === 0) return null;
  return `${plural(count, 'cell')} with more workers than the ${plural(cores, 'core')} left out: wall time says nothing there (--oversubscribed shows them)`;
}

/** What has to be said below a figure of time: where the cells have no time of their own. */
export function timeNote(cells: readonly CellSummary[], { cores, simulatedCores }: WallTimeOptions): string {
  const shared = ` OVERSUBSCRIBED: there are more workers than the ${plural(cores, 'core')} of this machine, which they share.`;
  const machine = simulatedCores === null ? '' : `, of a machine with ${plural(simulatedCores, 'core')}`;
  const simulated = ` SIMULATED: times are of a virtual clock${machine}.`;
  const isTaped = cells.some((cell) => cell.statistics !== null && !cell.simulated);
  return `${cells.some((cell) => cell.oversubscribed) ? shared : ''}${cells.some((cell) => cell.simulated) ? simulated : ''}${isTaped ? TELEMETRY : ''}`;
}

/** What has to be said below a figure of aborts: where there could be none. */
export function aloneNote(cells: readonly CellSummary[]): string {
  const alone = cells.filter(isAloneIn).length;
  return alone === 0
    ? ''
    : ` ONE WORKER: in ${alone} of the ${plural(cells.length, 'cell')} here ${ALONE} ("All cells" marks them).`;
}

/** The same, in a title. */
export function timeTitle(cells: readonly CellSummary[]): string {
  const oversubscribed = cells.some((cell) => cell.oversubscribed) ? ', oversubscribed' : '';
  return `${oversubscribed}${simulatedTitle(cells)}`;
}

/** The same of a figure that is not of time. */
export function simulatedTitle(cells: readonly CellSummary[]): string {
  return cells.some((cell) => cell.simulated) ? ', simulated' : '';
}
