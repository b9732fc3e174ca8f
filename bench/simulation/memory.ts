import { CapacityError } from '../../host/index.js';
import { SIMULATED_MIB_MAX, tableMiB } from '../../host/stepper/index.js';
import { PREPARATION_BLOCK_SIZE } from '../preparation.js';
import type { Workload } from '../workloads/workload.js';

/** Room for locations beside those of the workload: what speculative calls look up in vain, and what workers reserve. */
const LOCATIONS_BESIDE = 65_536;
/** What most workloads take less than: of a call of a block, with all its incarnations and what is written down of them, and of a location, with its key and its value. */
const CALL_BYTES = 2_048;
const LOCATION_BYTES = 256;
/** Of each worker, which takes memory by the chunk, and of the contracts. */
const WORKER_BYTES = 2 ** 20;
const LEAST_BYTES = 2 ** 24;

/** The tables that `blocks` blocks of a workload are simulated with. */
export function simulationTables(workload: Workload, blocks: number): { locations: number; transactions: number } {
  return {
    locations: workload.locations(blocks) + LOCATIONS_BESIDE,
    transactions: Math.max(workload.blockSize, PREPARATION_BLOCK_SIZE),
  };
}

/**
 * MiB of shared memory to simulate with: the tables, and beside them what calls and locations most often take. Where a workload takes more, the simulation is begun again with all that can be addressed.
 * No result depends on it.
 */
export function simulationMiB(tables: ReturnType<typeof simulationTables>, workers: number): number {
  const { locations, transactions } = tables;
  const beside = locations * LOCATION_BYTES + transactions * CALL_BYTES + workers * WORKER_BYTES + LEAST_BYTES;
  return Math.min(SIMULATED_MIB_MAX, tableMiB(workers, tables) + Math.ceil(beside / 2 ** 20));
}

/** The memory of the simulated runtime is full. */
export class MemoryFull extends Error {
  declare readonly cause: CapacityError;

  /** What `error` is to be passed on as. */
  static of(error: unknown): unknown {
    const isFull = error instanceof CapacityError && error.limit === 'limits.memoryMiB';
    return isFull ? new MemoryFull(error.message, { cause: error }) : error;
  }
}
