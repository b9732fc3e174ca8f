import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchmarkStatistics, SweepCell } from '../../dist/bench/index.js';
import {
  type RunRecord,
  resolveSweep,
  type SessionRecord,
  type SweepManifest,
  type SweepSpec,
} from '../../dist/bench/index.js';
import { RandomStream } from '../../dist/bench/random.js';
import { planRuns } from '../../dist/bench/sweep/plan.js';

export interface SweptOptions {
  /** Of the machine that it would have run on. Default 4. */
  readonly cores?: number;
  /** Whether the runs had telemetry. Default true. */
  readonly telemetry?: boolean;
  /** Whether one worker executed everything in every block. Default false. */
  readonly alone?: boolean;
  /** How many are finished. Default all. */
  readonly finished?: number;
}

/** A sweep with something for every figure. */
export const FULL_SPEC: SweepSpec = {
  schema: 'blockstm.sweep/1',
  workloads: [
    { workload: 'p2p', params: { accounts: [2, 10, 100, 1_000, 10_000] } },
    { workload: 'counter', params: { counter: ['plain', 'delta', 'none'] } },
  ],
  workers: [1, 2, 4],
  policy: [{}, { deltas: false }],
  repeats: 6,
};

/** The records of a sweep that nobody ran: its figures are made up, and the same each time. */
export function sweptRecords(
  spec: SweepSpec,
  options: SweptOptions = {},
): { manifest: SweepManifest; sessions: SessionRecord[]; runs: RunRecord[]; failures: []; mismatch: null } {
  const { cores = 4, telemetry = true, alone = false, finished } = options;
  const sweep = resolveSweep(spec);
  const manifest: SweepManifest = {
    schema: 'blockstm.sweep-manifest/1',
    begun: '2026-01-02T03:04:05.678Z',
    machine: {
      cpu: 'A <processor> & more',
      cpus: cores,
      cores,
      governor: null,
      memoryBytes: 2 ** 34,
      kernel: '6.0',
      platform: 'linux',
      arch: 'x64',
      cgroup: null,
      load: 0.25,
    },
    build: {
      version: '0.1.0',
      commit: null,
      dirty: null,
      lockFile: null,
      built: '0'.repeat(64),
      node: '20.0.0',
      v8: '11.3',
      flags: [],
    },
    sweep,
    blocks: [],
  };
  const stream = new RandomStream(7, 'swept');
  const random = (): number => stream.uint32() / 2 ** 32;
  const runs = planRuns(sweep)
    .slice(0, finished)
    .map(({ cell, name, seed, repeat }): RunRecord => {
      // Where a workload has no accounts, as if it had a hundred.
      const contention = Math.min(0.9, 20 / Number(cell.params.accounts ?? 100));
      const abortRate = cell.workers === 1 ? 0 : contention * (0.5 + 0.1 * random());
      const speedup = 1 + (cell.workers - 1) * (1 - contention) * (0.8 + 0.1 * random());
      const times = (ms: number) => ({ median: ms, min: ms * 0.9, max: ms * 1.2, samples: [ms] });
      const executions = Math.round((cell.blockSize * sweep.blocks) / (1 - abortRate));
      const report = {
        schema: 'blockstm.bench/1',
        workload: cell.workload,
        params: cell.params,
        blockSize: cell.blockSize,
        seed,
        executor: cell.executor,
        workers: cell.workers,
        executingWorkers: alone ? 1 : cell.workers,
        policy: cell.policy,
        repeats: sweep.blocks,
        warmUp: sweep.warmUp,
        measured: cell.measured,
        simulated: cell.simulated,
        wallMs: times(10 / speedup),
        engineMs: times(9 / speedup),
        tps: (cell.blockSize / 10) * 1_000 * speedup,
        sequential: { wallMs: times(10), tps: (cell.blockSize / 10) * 1_000 },
        speedup: { median: speedup, low: speedup * 0.9, high: speedup * 1.1 },
        overheadMicros: -5,
        failedCalls: 3,
        executions,
        aborts: executions - cell.blockSize * sweep.blocks,
        abortRate,
        validations: executions,
        dependencyWaits: 0,
        modes: { sequential: 0, 'block-stm': sweep.blocks, yielded: 0 },
        blockBytesPerCall: 400,
        stateHash: 'ab'.repeat(32),
        statesEqual: true,
        difference: null,
        differentBlock: null,
        baseline: null,
        env: { cpu: 'x', cores, node: '20.0.0', v8: '11.3', version: '0.1.0', commit: null },
        ...(telemetry && {
          statistics: statistics(cell, executions, cell.blockSize * sweep.blocks, abortRate, random),
        }),
      } satisfies RunRecord['report'];
      return { schema: 'blockstm.sweep-run/1', cell: name, seed, repeat, finished: manifest.begun, seconds: 2, report };
    });
  const { begun, machine, build } = manifest;
  const process = { pid: 123, started: '45', host: 'here', boot: 'first' };
  const session: SessionRecord = {
    schema: 'blockstm.sweep-session/1',
    begun,
    finishedRuns: 0,
    process,
    machine,
    freeMemoryBytes: 2 ** 33,
    build,
  };
  return { manifest, sessions: [session], runs, failures: [], mismatch: null };
}

/** Of all blocks of a run, as `stats` gives them. */
function statistics(
  cell: SweepCell,
  executions: number,
  calls: number,
  abortRate: number,
  random: () => number,
): BenchmarkStatistics {
  const total = executions - calls;
  const attainable = { unlimited: 50, workers: cell.workers };
  const efficiency = 0.5 + 0.3 * random();
  const [estimate, cascade] = [Math.round(total * 0.3), Math.round(total * 0.1)];
  const causes = { validation: total - estimate - cascade, estimate, cascade };
  return {
    schema: 'blockstm.statistics/1',
    calls,
    workers: cell.workers,
    availableWorkers: cell.workers,
    executions,
    aborts: { total, byCause: causes },
    incarnations: [1, 2, 3, 4].map((n) => Math.round(calls * (1 - abortRate) * abortRate ** (n - 1))),
    usedGas: calls * 5_000,
    wastedGas: total * 5_000,
    wastedMicros: total * (0.5 + random()),
    usedMicros: calls * 0.5,
    parkedMicros: total * 0.3,
    suspendedMicros: total * 0.2,
    validationMicros: executions * 0.05,
    spanMicros: calls * 0.4,
    commitLatencyMicros: { p50: 5, p90: 40 + random(), p99: 300, p999: 1_500 * (1 + abortRate) },
    contendedKeys: [],
    rootKeys: [],
    chainLengths: [calls],
    longestChain: 1,
    criticalPath: { gas: 5_000, calls: [0] },
    attainable,
    busyWorkers: 1.25,
    speedup: efficiency * attainable.workers,
    efficiency,
  };
}

/** The directory of such a sweep. */
export function writeSwept(directory: string, spec: SweepSpec, options?: SweptOptions): void {
  const { manifest, sessions, runs } = sweptRecords(spec, options);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
  const lines = (records: readonly object[]): string => records.map((each) => `${JSON.stringify(each)}\n`).join('');
  writeFileSync(join(directory, 'sessions.jsonl'), lines(sessions));
  writeFileSync(join(directory, 'runs.jsonl'), lines(runs));
}
