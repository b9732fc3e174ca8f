import type { BlockStatisticsReport, ContendedKey } from '../host/index.js';
import { median } from './statistics.js';

const KEYS_MAX = 20;

/**
 * The statistics of all measured blocks in one report. Counts, gas, times and chain lengths are added up; latencies and what the dependencies allow are medians of the blocks'; the critical path and the
 * longest chain are the largest of any block. `speedup` is that over `sequential`, as it was measured, and not what a block's own times say.
 */
export function summarizeStatistics(reports: readonly BlockStatisticsReport[], speedup: number): BlockStatisticsReport {
  const sum = (of: (report: BlockStatisticsReport) => number): number =>
    reports.reduce((total, report) => total + of(report), 0);
  const middle = (of: (report: BlockStatisticsReport) => number): number => median(reports.map(of));
  const [first] = reports;
  if (first === undefined) throw new RangeError('no blocks to have statistics of');
  const dearest = reports.reduce((most, each) => (each.criticalPath.gas > most.criticalPath.gas ? each : most), first);
  const attainable = {
    unlimited: middle((each) => each.attainable.unlimited),
    workers: middle((each) => each.attainable.workers),
  };
  return {
    schema: first.schema,
    calls: sum((each) => each.calls),
    // Of the blocks that `auto` executed sequentially it is one.
    workers: Math.max(...reports.map((each) => each.workers)),
    executions: sum((each) => each.executions),
    aborts: {
      total: sum((each) => each.aborts.total),
      byCause: {
        validation: sum((each) => each.aborts.byCause.validation),
        estimate: sum((each) => each.aborts.byCause.estimate),
        cascade: sum((each) => each.aborts.byCause.cascade),
      },
    },
    incarnations: addUp(reports.map((each) => each.incarnations)),
    usedGas: sum((each) => each.usedGas),
    wastedGas: sum((each) => each.wastedGas),
    wastedMicros: sum((each) => each.wastedMicros),
    usedMicros: sum((each) => each.usedMicros),
    parkedMicros: sum((each) => each.parkedMicros),
    suspendedMicros: sum((each) => each.suspendedMicros),
    validationMicros: sum((each) => each.validationMicros),
    spanMicros: sum((each) => each.spanMicros),
    commitLatencyMicros: {
      p50: middle((each) => each.commitLatencyMicros.p50),
      p90: middle((each) => each.commitLatencyMicros.p90),
      p99: middle((each) => each.commitLatencyMicros.p99),
      p999: middle((each) => each.commitLatencyMicros.p999),
    },
    contendedKeys: mergeKeys(reports.flatMap((each) => each.contendedKeys)),
    rootKeys: mergeKeys(reports.flatMap((each) => each.rootKeys)),
    chainLengths: addUp(reports.map((each) => each.chainLengths)),
    longestChain: Math.max(...reports.map((each) => each.longestChain)),
    criticalPath: dearest.criticalPath,
    attainable,
    speedup,
    efficiency: speedup / attainable.workers,
  };
}

/** Position by position. */
function addUp(lists: readonly (readonly number[])[]): number[] {
  const length = Math.max(...lists.map((list) => list.length));
  return Array.from({ length }, (_, at) => lists.reduce((total, list) => total + (list[at] ?? 0), 0));
}

function mergeKeys(keys: readonly ContendedKey[]): ContendedKey[] {
  const merged = new Map<string, ContendedKey>();
  for (const each of keys) {
    const name = `${each.address} ${each.field} ${each.key}`;
    merged.set(name, { ...each, aborts: each.aborts + (merged.get(name)?.aborts ?? 0) });
  }
  return [...merged.values()].sort((left, right) => right.aborts - left.aborts).slice(0, KEYS_MAX);
}
