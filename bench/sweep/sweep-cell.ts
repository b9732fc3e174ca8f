import { type ExecutorName, type Policy, resolvePolicy } from '../../host/index.js';
import type { ParameterValues } from '../parameters.js';
import type { Measured } from '../runner.js';
import type { CostTable } from '../simulation/cost-table.js';
import { cellName } from '../suite/cell.js';
import type { CellOptions } from '../suite/process.js';

/** One point of the grid, with everything filled in. */
export interface SweepCell {
  readonly workload: string;
  readonly params: ParameterValues;
  readonly blockSize: number;
  readonly executor: ExecutorName;
  readonly workers: number;
  readonly policy: Policy;
  readonly measured: Measured;
  readonly simulated: boolean;
}

/** Says all that a cell is, what is as by default in its policy apart: `p2p accounts=2 block-stm grain=16 block-size=10000 workers=2`. */
export function sweepCellName(cell: SweepCell): string {
  const { workload, params, blockSize, executor, workers, measured, simulated } = cell;
  const shape = { workload, params, blockSize, executor, workers, endToEnd: measured === 'end-to-end' };
  const name = cellName({ ...shape, policy: changedPolicy(cell.policy) });
  return simulated ? `${name} simulated` : name;
}

/** What all runs of a sweep have in common. */
export interface RunShape {
  /** Measured in a run. */
  readonly blocks: number;
  readonly warmUp: number;
  readonly stats: boolean;
  /** Cores that virtual workers have, of which each has one where there are as many; null for one each. */
  readonly cores: number | null;
  /** What the virtual clock counts; null where runs are of threads. */
  readonly costTable: CostTable | null;
}

/** What to measure in one run of a cell. */
export function runOptions(cell: SweepCell, seed: number, shape: RunShape): CellOptions {
  const { blocks, warmUp, stats, cores, costTable } = shape;
  const { workload, params, blockSize, executor, workers, policy, measured, simulated } = cell;
  const endToEnd = measured === 'end-to-end';
  return {
    workload,
    params,
    blockSize,
    executor,
    workers,
    policy,
    endToEnd,
    seed,
    repeats: blocks,
    warmUp,
    stats,
    simulated,
    ...(cores !== null && { cores: Math.min(cores, workers) }),
    ...(costTable !== null && { costTable }),
  };
}

/** The flags that are not as they are by default. */
export function changedPolicy(policy: Policy): Partial<Policy> {
  const defaults = resolvePolicy({});
  const changed = Object.entries(policy).filter(([name, value]) => defaults[name as keyof Policy] !== value);
  return Object.fromEntries(changed);
}

/** Whether its workers have to take turns on the cores, so that its times say nothing about speed-up. */
export function isOversubscribed({ simulated, workers }: SweepCell, cores: number): boolean {
  return !simulated && workers > cores;
}
