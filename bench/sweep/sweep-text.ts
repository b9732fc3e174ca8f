import { ALONE, formatCount, formatTable, percent, plural, TURNS } from '../report.js';
import type { Estimate } from './estimate.js';
import { type PlannedRun, planRuns, unfinished } from './plan.js';
import { formatDuration, RemainingTime } from './remaining-time.js';
import type { Sweep } from './spec.js';
import { isAloneIn, type SweepSummary } from './summary.js';
import { sweepCellName } from './sweep-cell.js';
import type { SweptSoFar } from './sweep-directory.js';

/** What a sweep would do. */
export interface SweepPlan {
  readonly schema: 'blockstm.sweep-plan/1';
  readonly cells: readonly string[];
  readonly runs: { readonly finished: number; readonly planned: number };
  /** Until all are finished: by the runs that are, or a guess where none is. */
  readonly seconds: number;
  readonly isGuess: boolean;
  /** The run that ended the sweep, so that nothing more is run; null where there is none. */
  readonly mismatch: SweptSoFar['mismatch'];
}

/** A guess before anything has run: what a process needs to start, and a call of a cheap workload. */
const START_SECONDS = 1;
const CALL_MICROS = 1;

/** @param soFar what there is of it already. */
export function planSweep(sweep: Sweep, { runs, mismatch }: SweptSoFar): SweepPlan {
  const planned = planRuns(sweep);
  const time = new RemainingTime();
  for (const { cell, seconds } of runs) time.add(cell, seconds);
  const measured = mismatch === null ? time.of(unfinished(planned, runs)) : 0;
  return {
    schema: 'blockstm.sweep-plan/1',
    cells: sweep.cells.map(sweepCellName),
    runs: { finished: runs.length, planned: planned.length },
    seconds: measured ?? planned.reduce((total, run) => total + guess(run, sweep), 0),
    isGuess: measured === undefined,
    mismatch,
  };
}

function guess({ cell }: PlannedRun, { blocks, warmUp }: Sweep): number {
  // Both executors have them, those of sequential one after the other.
  const calls = 2 * (warmUp + blocks * cell.blockSize);
  return START_SECONDS + (calls * CALL_MICROS) / 1_000_000;
}

export function formatPlan({ cells, runs, seconds, isGuess, mismatch }: SweepPlan): string {
  const expected = isGuess
    ? `some ${formatDuration(seconds)} if a call takes ${plural(CALL_MICROS, 'microsecond')} and a process ${START_SECONDS} s to start`
    : `some ${formatDuration(seconds)} left, by the runs that are finished`;
  const basis = mismatch === null ? expected : 'a result differed, and no more is run';
  return `${cells.map((name) => `${name}\n`).join('')}\n${plural(cells.length, 'cell')}, ${plural(runs.planned, 'run')}, ${runs.finished} finished; ${basis}\n`;
}

/** The summary as a person reads it: a line for each cell. */
export function formatSweep({ cells, runs }: SweepSummary): string {
  const ratio = (value: number): string => value.toFixed(2);
  const rows = cells.map((cell) => [
    cell.name,
    String(cell.runs),
    formatEstimate(cell.sequentialTps, formatCount),
    formatEstimate(cell.tps, formatCount),
    `${formatEstimate(cell.speedup, (value) => `${ratio(value)}x`)}${formatBounds(cell.speedup, ratio)}${cell.oversubscribed ? ' *' : ''}`,
    `${formatEstimate(cell.abortRate, percent)}${formatBounds(cell.abortRate, percent)}${isAloneIn(cell) ? ' +' : ''}`,
  ]);
  const header = ['', 'runs', 'sequential/s', 'calls/s', 'speed-up (95% interval)', 'aborts (95% interval)'];
  const turns = cells.some(({ oversubscribed }) => oversubscribed) ? `* more workers than cores: ${TURNS}\n` : '';
  const note = `${turns}${cells.some(isAloneIn) ? `+ ${ALONE}\n` : ''}`;
  return `${runs.finished} of ${plural(runs.planned, 'run')}\n\n${formatTable([header, ...rows])}${note}`;
}

function formatEstimate(estimate: Estimate | null, format: (value: number) => string): string {
  return estimate === null ? '' : format(estimate.median);
}

function formatBounds(estimate: Estimate | null, format: (value: number) => string): string {
  if (estimate === null || estimate.low === null || estimate.high === null) return '';
  return ` (${format(estimate.low)} to ${format(estimate.high)})`;
}
