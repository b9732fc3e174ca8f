import type { NumericSchema } from '../parameters.js';
import { cells } from './cells.js';
import type { Workload, WorkloadDefinition } from './workload.js';

export interface ChainParameters {
  readonly distance: number;
  readonly blockSize: number;
}

/**
 * Each call reads the cell that the call `distance` before it wrote, and writes one of its own. At most `distance` calls can
 * run at the same time; with 1 each depends on the one before.
 */
export function chain(parameters: ChainParameters, seed: number): Workload {
  const { distance, blockSize } = parameters;
  // More than `distance`, so that nobody else has written the cell since, and no fewer than a block has calls, so that
  // each of a block writes a cell of its own.
  const count = blockSize + distance;
  const shape = {
    name: 'chain',
    params: { distance },
    blockSize,
    cells: count,
    method: 'derive',
    // Calls before the first wrote nothing: their cells are 0.
    args: (call: number) => ({ from: (call + count - distance) % count, to: call % count }),
  };
  return cells(shape, seed);
}

const DISTANCE: NumericSchema = {
  type: 'integer',
  minimum: 1,
  maximum: 262_144,
  default: 1,
  description: 'how many calls back the call is that each one depends on',
};

export const chainDefinition: WorkloadDefinition<ChainParameters> = {
  name: 'chain',
  description: 'each call reads what an earlier one wrote, always as many calls back',
  parameters: { distance: DISTANCE },
  build: chain,
};
