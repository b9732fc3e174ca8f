import type { BlockStatistics } from '../runtime/types.js';
import type { KernelExports } from './kernel.js';

type Counters = Pick<
  BlockStatistics,
  'executingWorkers' | 'executions' | 'aborts' | 'validations' | 'dependencyWaits' | 'gasUsed'
>;

/** The counters of the last block, of the first `workers` workers' lines, added up. */
export function readCounters(kernel: KernelExports, memory: WebAssembly.Memory, workers: number): Counters {
  const words = new Uint32Array(memory.buffer);
  const sums = [0, 0, 0, 0];
  let gasUsed = 0;
  let executingWorkers = 0;
  for (let index = 0; index < workers; index++) {
    const line = ((kernel.workerLine(index) >>> 0) + kernel.WORKER_STATS.value) >>> 2;
    for (const [position, sum] of sums.entries()) sums[position] = sum + (words[line + position] as number);
    // The first counter is that of executions.
    if (words[line] !== 0) executingWorkers++;
    gasUsed += (words[line + 4] as number) + (words[line + 5] as number) * 2 ** 32;
  }
  const [executions = 0, aborts = 0, validations = 0, dependencyWaits = 0] = sums;
  return { executingWorkers, executions, aborts, validations, dependencyWaits, gasUsed };
}

/** The shared memory that the last block, of `calls` calls, took, and that the state takes. */
export function readMemoryUse(
  kernel: KernelExports,
  memory: WebAssembly.Memory,
  calls: number,
): Pick<BlockStatistics, 'blockBytes' | 'stateBytes'> {
  const { AT_POOL_FREE, poolBase, poolEnd, LOCATION_SIZE, AT_LOCATIONS_USED, CALL_SHIFT, TRANSACTION_SHIFT } = kernel;
  const words = new Uint32Array(memory.buffer);
  const word = (address: number): number => words[address >>> 2] as number;
  const tables = calls * ((1 << CALL_SHIFT.value) + (1 << TRANSACTION_SHIFT.value));
  return {
    blockBytes: (poolEnd.value >>> 0) - word(AT_POOL_FREE.value + 4) + tables,
    stateBytes: word(AT_POOL_FREE.value) - (poolBase.value >>> 0) + word(AT_LOCATIONS_USED.value) * LOCATION_SIZE.value,
  };
}
