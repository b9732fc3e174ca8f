import type { SweepManifest } from './manifest.js';
import type { RunRecord } from './run-log.js';
import { isOversubscribed, sweepCellName } from './sweep-cell.js';
import { telemetryColumns } from './telemetry-columns.js';

/** A row for each run and a column for each variable: a workload's parameters have a column each, empty where a workload has none of the name; those of telemetry are empty where there was none. */
export function formatRunsCsv({ sweep, machine }: SweepManifest, runs: readonly RunRecord[]): string {
  const cells = new Map(sweep.cells.map((cell) => [sweepCellName(cell), cell]));
  const params = [...new Set(sweep.cells.flatMap((cell) => Object.keys(cell.params)))];
  const rows = runs.flatMap(({ cell: name, seed, repeat, finished, seconds, report }) => {
    const cell = cells.get(name);
    if (cell === undefined) return [];
    return {
      cell: name,
      seed,
      repeat,
      finished,
      seconds,
      workload: cell.workload,
      ...Object.fromEntries(params.map((param) => [`param_${param}`, cell.params[param]])),
      blockSize: cell.blockSize,
      executor: cell.executor,
      workers: cell.workers,
      oversubscribed: isOversubscribed(cell, machine.cores),
      ...cell.policy,
      measured: cell.measured,
      simulated: cell.simulated,
      blocks: report.repeats,
      speedup: report.speedup.median,
      wallMs: report.wallMs.median,
      sequentialWallMs: report.sequential.wallMs.median,
      tps: report.tps,
      sequentialTps: report.sequential.tps,
      abortRate: report.abortRate,
      executingWorkers: report.executingWorkers,
      executions: report.executions,
      aborts: report.aborts,
      validations: report.validations,
      dependencyWaits: report.dependencyWaits,
      failedCalls: report.failedCalls,
      overheadMicros: report.overheadMicros,
      blockBytesPerCall: report.blockBytesPerCall,
      stateHash: report.stateHash,
      ...telemetryColumns(report.statistics),
    };
  });
  const [first] = rows;
  if (first === undefined) return '';
  return [Object.keys(first), ...rows.map((row) => Object.values(row))]
    .map((row) => `${row.map(quoted).join(',')}\n`)
    .join('');
}

/** By RFC 4180, lines ended as everywhere here. */
function quoted(value: unknown): string {
  const text = value === undefined ? '' : String(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
