import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { RunRecord, SweepManifest } from '../../dist/bench/index.js';
import { median } from '../../dist/bench/statistics.js';
import { formatRunsCsv } from '../../dist/bench/sweep/runs-csv.js';
import { summarizeSweep } from '../../dist/bench/sweep/summary.js';
import { FULL_SPEC, sweptRecords } from '../support/swept.js';

/** Rows by the names of their columns. No value that these runs have is quoted. */
function rowsOf(manifest: SweepManifest, runs: readonly RunRecord[]): Record<string, string>[] {
  const [header, ...rows] = formatRunsCsv(manifest, runs)
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','));
  return rows.map((row) => {
    expect(row).toHaveLength(header?.length as number);
    return Object.fromEntries(row.map((value, index) => [header?.[index], value]));
  });
}

const TELEMETRY = [
  ...['abortsValidation', 'abortsEstimate', 'abortsCascade', 'incarnationsMax', 'usedGas', 'wastedGas'],
  ...['wastedGasShare', 'usedMicros', 'wastedMicros', 'validationMicros', 'parkedMicros', 'suspendedMicros'],
  ...['spanMicros', 'commitLatencyP50Micros', 'commitLatencyP90Micros', 'commitLatencyP99Micros'],
  ...['commitLatencyP999Micros', 'longestChain', 'criticalPathGas', 'attainableSpeedup', 'attainableSpeedupWorkers'],
  'efficiency',
];

test('a run with telemetry has a column for all that it says in one number', () => {
  const { manifest, runs } = sweptRecords(FULL_SPEC);
  const rows = rowsOf(manifest, runs);
  expect(rows).toHaveLength(runs.length);
  for (const [index, { report }] of runs.entries()) {
    const { statistics, executions, dependencyWaits } = report;
    if (statistics === undefined) throw new Error(`run ${index} has no telemetry`);
    const { aborts, attainable, commitLatencyMicros, usedGas, wastedGas } = statistics;
    const values = Object.fromEntries(TELEMETRY.map((name) => [name, Number(rows[index]?.[name])]));
    expect(values).toEqual({
      abortsValidation: aborts.byCause.validation,
      abortsEstimate: aborts.byCause.estimate,
      abortsCascade: aborts.byCause.cascade,
      incarnationsMax: statistics.incarnations.length,
      usedGas,
      wastedGas,
      wastedGasShare: wastedGas / (usedGas + wastedGas),
      usedMicros: statistics.usedMicros,
      wastedMicros: statistics.wastedMicros,
      validationMicros: statistics.validationMicros,
      parkedMicros: statistics.parkedMicros,
      suspendedMicros: statistics.suspendedMicros,
      spanMicros: statistics.spanMicros,
      commitLatencyP50Micros: commitLatencyMicros.p50,
      commitLatencyP90Micros: commitLatencyMicros.p90,
      commitLatencyP99Micros: commitLatencyMicros.p99,
      commitLatencyP999Micros: commitLatencyMicros.p999,
      longestChain: statistics.longestChain,
      criticalPathGas: statistics.criticalPath.gas,
      attainableSpeedup: attainable.unlimited,
      attainableSpeedupWorkers: attainable.workers,
      efficiency: statistics.efficiency,
    });
    expect(Number(rows[index]?.executions)).toBe(executions);
    expect(Number(rows[index]?.dependencyWaits)).toBe(dependencyWaits);
  }
});

test('without telemetry its columns are there and empty; so are parameters that a workload has not', () => {
  const [told] = sweptRecords(FULL_SPEC).runs as [RunRecord];
  const { manifest, runs } = sweptRecords(FULL_SPEC, { telemetry: false });
  const rows = rowsOf(manifest, [told, ...runs.slice(1)]);
  expect(rows[0]?.efficiency).not.toBe('');
  for (const row of rows.slice(1)) {
    expect(TELEMETRY.map((name) => row[name])).toEqual(TELEMETRY.map(() => ''));
    expect(row.workload === 'p2p').toBe(row.param_counter === '');
    expect(Object.values(row)).not.toContain('undefined');
  }
});

test('every column is in the README', () => {
  const readme = readFileSync(new URL('../../bench/README.md', import.meta.url), 'utf8');
  const section = readme.slice(readme.indexOf('### Columns of `runs.csv`'), readme.indexOf('### Reports'));
  const { manifest, runs } = sweptRecords({ schema: 'blockstm.sweep/1', workloads: [{ workload: 'p2p' }], workers: 1 });
  const [row] = rowsOf(manifest, runs) as [Record<string, string>];
  // Of the quantiles one is named in full.
  const named = Object.keys(row).map((name) => name.replace(/P(90|99|999)Micros$/, 'P50Micros'));
  for (const name of named) expect(section).toContain(`\`${name}\``);
});

/** A column of a row, divided by another one where a name of the summary says so; undefined where no column is meant. */
function columnOf(name: string, row: Readonly<Record<string, string>>): number | undefined {
  const value = (column: string): number | undefined => (row[column] === undefined ? undefined : Number(row[column]));
  const [, sum] = /^(.*)PerCall$/.exec(name) ?? [];
  if (sum === undefined) return value(name);
  return (value(sum) as number) / (Number(row.blockSize) * Number(row.blocks));
}

test('a name that the summary has too is the same there: the median of the column, or of its sums by the call', () => {
  const records = sweptRecords(FULL_SPEC);
  const rows = rowsOf(records.manifest, records.runs);
  const { cells } = summarizeSweep(records);
  for (const { name: cell, statistics, ...own } of cells) {
    if (statistics === null) throw new Error(`${cell} has no telemetry`);
    const { abortsPerExecution: aborts, commitLatencyMicros: latency, incarnationShares: _, ...flat } = statistics;
    const its = rows.filter((row) => row.cell === cell);
    const medianOf = (value: (row: Record<string, string>) => number): number => median(its.map(value));
    const estimates = Object.entries({ ...own, ...flat }).filter(
      (entry): entry is [string, { median: number }] =>
        typeof entry[1] === 'object' && entry[1] !== null && 'median' in entry[1],
    );
    expect(estimates.map(([name]) => name)).toEqual([
      ...['speedup', 'tps', 'sequentialTps', 'wallMs', 'sequentialWallMs', 'abortRate', 'executingWorkers'],
      'executionsPerCall',
      ...['wastedMicrosPerCall', 'parkedMicrosPerCall', 'validationMicrosPerCall', 'wastedGasShare', 'efficiency'],
    ]);
    for (const [name, estimate] of estimates) {
      expect(estimate.median, `${cell}: ${name}`).toBeCloseTo(
        medianOf((row) => columnOf(name, row) ?? Number.NaN),
        9,
      );
    }
    for (const [quantile, estimate] of Object.entries(latency)) {
      const column = `commitLatency${quantile.toUpperCase()}Micros`;
      expect(estimate.median, `${cell}: ${column}`).toBe(medianOf((row) => Number(row[column])));
    }
    for (const [cause, estimate] of Object.entries(aborts)) {
      const column = `aborts${cause[0]?.toUpperCase()}${cause.slice(1)}`;
      const share = medianOf((row) => Number(row[column]) / Number(row.executions));
      expect(estimate.median, `${cell}: ${column}`).toBeCloseTo(share, 9);
    }
  }
});
