import { isAlone } from '../report.js';
import type { SweepMismatch } from './counter-example.js';
import { type Estimate, estimate } from './estimate.js';
import type { SweepManifest } from './manifest.js';
import { plannedCount, runKey } from './plan.js';
import type { FailureRecord, RunRecord } from './run-log.js';
import type { SessionRecord } from './session.js';
import { type StatisticsSummary, summarizeTelemetry } from './statistics-summary.js';
import { isOversubscribed, type SweepCell, sweepCellName } from './sweep-cell.js';

/** What a directory has of a sweep. */
export interface SweepRecords {
  readonly manifest: SweepManifest;
  /** The processes that measured runs, in their order. */
  readonly sessions: readonly SessionRecord[];
  readonly runs: readonly RunRecord[];
  /** All that ever failed, also where the run was finished later. */
  readonly failures: readonly FailureRecord[];
  /** Null where there is none. */
  readonly mismatch: SweepMismatch | null;
}

/** What the runs of a cell gave. Where there is none yet, all estimates are null. */
export interface CellSummary extends SweepCell {
  /** See `sweepCellName`. */
  readonly name: string;
  /** Whether there are more workers than cores, so that times say nothing about speed-up. */
  readonly oversubscribed: boolean;
  /** Finished ones. */
  readonly runs: number;
  /** Of the medians of the runs: sequential time / this executor's time of the same block. */
  readonly speedup: Estimate | null;
  /** Calls a second. */
  readonly tps: Estimate | null;
  readonly sequentialTps: Estimate | null;
  /** Milliseconds of a block. */
  readonly wallMs: Estimate | null;
  readonly sequentialWallMs: Estimate | null;
  /** aborts / executions. */
  readonly abortRate: Estimate | null;
  /** Workers that executed anything in a block. */
  readonly executingWorkers: Estimate | null;
  /** Executions of a call, 1 where nothing is aborted. */
  readonly executionsPerCall: Estimate | null;
  /** Null where the runs had no telemetry. */
  readonly statistics: StatisticsSummary | null;
}

/** A sweep in figures: `summary.json`, see schemas/sweep-summary.schema.json. */
export interface SweepSummary {
  readonly schema: 'blockstm.sweep-summary/1';
  /** Of all that the spec asks for. */
  readonly complete: boolean;
  readonly runs: { readonly finished: number; readonly planned: number };
  /** Of the machine, see `Machine.cores`. */
  readonly cores: number;
  /** Runs that could not be measured; they are tried again when the sweep is. Further runs of the same cell and seed were not tried. */
  readonly failures: readonly Omit<FailureRecord, 'schema'>[];
  /** The run that ended the sweep, which is not among those that are finished; null where there is none. */
  readonly mismatch: SweepMismatch | null;
  readonly cells: readonly CellSummary[];
}

export function summarizeSweep({ manifest, runs, failures, mismatch }: Omit<SweepRecords, 'sessions'>): SweepSummary {
  const { sweep, machine } = manifest;
  const planned = plannedCount(sweep);
  const byCell = new Map<string, RunRecord[]>();
  for (const run of runs) byCell.set(run.cell, [...(byCell.get(run.cell) ?? []), run]);
  return {
    schema: 'blockstm.sweep-summary/1',
    complete: runs.length === planned,
    runs: { finished: runs.length, planned },
    cores: machine.cores,
    failures: standing(failures, runs),
    mismatch,
    cells: sweep.cells.map((cell) => {
      const its = byCell.get(sweepCellName(cell)) ?? [];
      return summarizeCell(cell, its, machine.cores, sweep.orderSeed);
    }),
  };
}

/** The last of each run that has not been finished since. */
function standing(failures: readonly FailureRecord[], runs: readonly RunRecord[]): SweepSummary['failures'] {
  const key = ({ cell, seed, repeat }: FailureRecord | RunRecord): string => runKey({ name: cell, seed, repeat });
  const finished = new Set(runs.map(key));
  const last = new Map(
    failures.map(({ schema: _, ...failure }, index) => [key(failures[index] as FailureRecord), failure]),
  );
  return [...last].filter(([run]) => !finished.has(run)).map(([, failure]) => failure);
}

function summarizeCell(cell: SweepCell, runs: readonly RunRecord[], cores: number, seed: number): CellSummary {
  const of = (value: (report: RunRecord['report']) => number): Estimate | null =>
    estimate(runs, ({ report }) => value(report), seed);
  return {
    name: sweepCellName(cell),
    ...cell,
    oversubscribed: isOversubscribed(cell, cores),
    runs: runs.length,
    speedup: of(({ speedup }) => speedup.median),
    tps: of(({ tps }) => tps),
    sequentialTps: of(({ sequential }) => sequential.tps),
    wallMs: of(({ wallMs }) => wallMs.median),
    sequentialWallMs: of(({ sequential }) => sequential.wallMs.median),
    abortRate: of(({ abortRate }) => abortRate),
    executingWorkers: of(({ executingWorkers }) => executingWorkers),
    executionsPerCall: of(({ executions, blockSize, repeats }) => executions / (blockSize * repeats)),
    statistics: summarizeTelemetry(runs, seed),
  };
}

/** Whether one of several workers executed all calls of a cell in half of the blocks or more, so that its abort rate says nothing about contention. */
export function isAloneIn({ executor, workers, executingWorkers }: CellSummary): boolean {
  return executingWorkers !== null && isAlone({ executor, workers, executingWorkers: executingWorkers.median });
}
