import { SIMULATED_MIB_MAX, tableMiB } from '../../host/stepper/index.js';
import { contenderLimits } from '../contender.js';
import { formatValue } from '../parameters.js';
import { plural } from '../report.js';
import { warmUpBlocks } from '../runner.js';
import { simulationTables } from '../simulation/memory.js';
import { buildWorkload } from '../workloads/registry.js';
import type { Workload } from '../workloads/workload.js';
import type { RunShape, SweepCell } from './sweep-cell.js';

/** Why no run of a cell can begin, and which field of the spec has to be less. */
export interface RoomProblem {
  readonly field: 'blockSize' | 'workers' | 'workloads';
  readonly message: string;
}

type Shape = Pick<RunShape, 'blocks' | 'warmUp'>;

/** Tables that are too large for their memory. */
interface Excess {
  readonly needed: number;
  readonly allowed: number;
  readonly locations: number;
}

/**
 * Whether the tables of the runtimes that a cell is measured or simulated with fit their memory: they are laid out for all locations that its blocks may make, and for each worker. A run has a sequential runtime, too, with the
 * same limits and no more threads: where the tables of the one fit, so do those of the other.
 *
 * Nothing else is looked at, since it is known only when blocks are executed:
 * - what shares each runtime's memory with its tables: the keys and values of the state, also of the sequential runtime; the calls, read and write sets, versions, receipts and events of a block; with `stats` the tapes;
 * - the memory of the machine, or of its control group: each runtime reserves all of its own and takes what it touches, and there are two at a time;
 * - the heaps of JavaScript: a workload's calls as objects, the instances of contracts, results that wait to be compared.
 *
 * Where a runtime's memory is too little for a block, that is executed sequentially, and where it is too little for that, too, the run fails with a CapacityError. Where the machine's or a heap is, the run's process
 * ends, mostly. Either is the failure of the cell with that seed, and the sweep goes on.
 * @returns undefined where they fit.
 */
export function roomProblem(cell: SweepCell, shape: Shape): RoomProblem | undefined {
  const { workload, blockSize, workers } = cell;
  const built = build(cell, blockSize);
  const excess = excessOf(built, cell, workers, shape);
  if (excess === undefined) return undefined;
  const room = `whose tables fit the ${formatValue(excess.allowed)} MiB of a runtime`;
  const found = (value: string, count: number, { needed, locations }: Excess): string =>
    `found ${value}: with ${formatValue(locations)} locations of ${workload} and ${plural(count, 'worker')} they need ${formatValue(needed)} MiB`;
  // Where not even one worker is few enough, it is not the workers.
  const alone = excessOf(built, cell, 1, shape);
  for (const [count, its] of [
    [workers, excess],
    [1, alone],
  ] as const) {
    const size = its && smallerBlock(cell, count, shape);
    if (its === undefined || size === undefined) continue;
    const expected = `expected blocks ${room}, such as of ${formatValue(size)} calls`;
    return { field: 'blockSize', message: `${expected}, ${found(formatValue(blockSize), count, its)}` };
  }
  if (alone === undefined) {
    let most = workers - 1;
    while (excessOf(built, cell, most, shape) !== undefined) most--;
    const expected = `expected at most ${formatValue(most)}, ${room}`;
    return { field: 'workers', message: `${expected}, ${found(formatValue(workers), workers, excess)}` };
  }
  const asked = `${plural(shape.blocks, 'block')} of ${formatValue(blockSize)} calls`;
  return {
    field: 'workloads',
    message: `expected parameters and blocks ${room}, ${found(asked, 1, alone)}`,
  };
}

/** The first that fits of a half, a quarter and so on. */
function smallerBlock(cell: SweepCell, workers: number, shape: Shape): number | undefined {
  for (let size = cell.blockSize >> 1; size > 0; size >>= 1) {
    if (excessOf(build(cell, size), cell, workers, shape) === undefined) return size;
  }
  return undefined;
}

/** Of the runtimes of a run, the first whose tables do not fit. The host counts as a thread. */
function excessOf(workload: Workload, cell: SweepCell, workers: number, shape: Shape): Excess | undefined {
  const blocks = warmUpBlocks(shape.warmUp, workload.blockSize) + shape.blocks;
  const contender = contenderLimits(workload, blocks);
  const simulated = { ...simulationTables(workload, blocks), memoryMiB: SIMULATED_MIB_MAX };
  const runtimes = cell.simulated
    ? [
        { limits: contender, threads: 2 },
        { limits: simulated, threads: workers },
      ]
    : [{ limits: contender, threads: workers + 1 }];
  return runtimes
    .map(({ limits, threads }) => ({
      needed: tableMiB(threads, limits),
      allowed: limits.memoryMiB,
      locations: limits.locations,
    }))
    .find(({ needed, allowed }) => needed > allowed);
}

/** What it makes depends on its seed; how many locations that may take does not. */
function build({ workload, params }: SweepCell, blockSize: number): Workload {
  return buildWorkload(workload, params, blockSize, 1);
}
