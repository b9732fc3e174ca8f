import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { RunRecord, SweepManifest } from '../../dist/bench/index.js';
import { formatRunsCsv } from '../../dist/bench/sweep/runs-csv.js';
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
