import type { Tape } from '../engine/tape.js';
import { chainLengths, criticalPath, type WeightedGraph } from './critical-path.js';
import { type CallHistory, committed, type TapedAbort } from './incarnations.js';
import { listSchedule } from './list-schedule.js';
import type { LocationNames } from './location-names.js';
import { commitLatencies, percentile, timingOf } from './timing.js';
import type { AbortCauses, BlockStatisticsReport, ContendedKey, StatisticsOptions } from './types.js';

const CONTENDED_KEYS_MAX = 20;

/** What a block's report is made of. */
export interface StatisticsSource {
  readonly tape: Tape;
  readonly histories: readonly CallHistory[];
  /** Where each abort began. */
  readonly roots: ReadonlyMap<TapedAbort, TapedAbort>;
  readonly graph: WeightedGraph;
  readonly names: LocationNames;
  /** Workers that could have taken part. */
  readonly workers: number;
}

export function statisticsOf(
  { tape, histories, roots, graph, names, workers }: StatisticsSource,
  { contendedKeysMax = CONTENDED_KEYS_MAX }: StatisticsOptions = {},
): BlockStatisticsReport {
  const work = workOf(histories);
  const timing = timingOf(tape);
  const latencies = commitLatencies(tape, histories);
  const path = criticalPath(graph);
  const lengths = chainLengths(graph);
  const attainable = {
    unlimited: ratio(work.usedGas, path.gas),
    workers: ratio(work.usedGas, listSchedule(graph, workers)),
  };
  return {
    schema: 'blockstm.statistics/1',
    calls: histories.length,
    workers: tape.lanes.length,
    availableWorkers: workers,
    executions: histories.reduce((sum, { executions }) => sum + executions.length, 0),
    aborts: countAborts(histories),
    incarnations: countIncarnations(histories),
    ...work,
    ...timing,
    commitLatencyMicros: {
      p50: percentile(latencies, 0.5),
      p90: percentile(latencies, 0.9),
      p99: percentile(latencies, 0.99),
      p999: percentile(latencies, 0.999),
    },
    contendedKeys: contendedKeys(roots.keys(), names, contendedKeysMax),
    rootKeys: contendedKeys(roots.values(), names, contendedKeysMax),
    chainLengths: lengths,
    longestChain: lengths.length,
    criticalPath: path,
    attainable,
    busyWorkers: timing.spanMicros === 0 ? 0 : work.usedMicros / timing.spanMicros,
  };
}

/** 1 where there is nothing to compare. */
function ratio(above: number, below: number): number {
  return below === 0 ? 1 : above / below;
}

function workOf(
  histories: readonly CallHistory[],
): Pick<BlockStatisticsReport, 'usedGas' | 'usedMicros' | 'wastedGas' | 'wastedMicros'> {
  const work = { usedGas: 0, wastedGas: 0, wastedMicros: 0, usedMicros: 0 };
  for (const history of histories) {
    const last = committed(history);
    for (const execution of history.executions) {
      const micros = execution.end - execution.begin;
      if (execution === last) {
        work.usedGas += execution.gas;
        work.usedMicros += micros;
      } else {
        work.wastedGas += execution.gas;
        work.wastedMicros += micros;
      }
    }
  }
  return work;
}

function countAborts(histories: readonly CallHistory[]): BlockStatisticsReport['aborts'] {
  const byCause: Record<keyof AbortCauses, number> = { validation: 0, estimate: 0, cascade: 0 };
  let total = 0;
  for (const { aborts } of histories) {
    for (const abort of aborts) {
      if (abort === undefined) continue;
      byCause[abort.cause]++;
      total++;
    }
  }
  return { total, byCause };
}

function countIncarnations(histories: readonly CallHistory[]): number[] {
  const counts: number[] = [];
  for (const { executions } of histories) {
    while (counts.length < executions.length) counts.push(0);
    counts[executions.length - 1] = (counts[executions.length - 1] as number) + 1;
  }
  return counts;
}

function contendedKeys(aborts: Iterable<TapedAbort>, names: LocationNames, most: number): ContendedKey[] {
  const counts = new Map<number, number>();
  for (const { location } of aborts) counts.set(location, (counts.get(location) ?? 0) + 1);
  return [...counts]
    .sort(([one, left], [other, right]) => right - left || one - other)
    .slice(0, most)
    .map(([location, aborts]) => ({ ...names.of(location), aborts }));
}
