import type { NumericSchema } from '../parameters.js';
import { RandomStream } from '../random.js';
import { contractAddress } from './address.js';
import { KEYS } from './hotspot.js';
import type { Workload, WorkloadCall, WorkloadDefinition } from './workload.js';

export interface DriftParameters {
  readonly keys: number;
  readonly pointers: number;
  readonly drift: number;
  readonly blockSize: number;
}

/** Cells are raised by 1 to this much. */
const AMOUNT_MAX = 100;

/**
 * Each call reads and moves on one of the pointers, then reads and writes one key: with probability `drift` the one that the pointer led to, otherwise one that is
 * known beforehand. So where a call is executed again because the pointer had been moved, it touches another key than before, with that probability (and unless the two are
 * one key by chance). All pointers and keys are equally likely.
 */
export function drift(parameters: DriftParameters, seed: number): Workload {
  const { keys, pointers, drift: probability, blockSize } = parameters;
  const sender = new RandomStream(seed, 'drift', 'sender').hex(32);
  const call = (random: RandomStream): WorkloadCall => ({
    sender,
    contract: 'drift',
    method: 'visit',
    args: {
      pointer: String(random.below(pointers)),
      cell: String(random.below(keys)),
      count: String(keys),
      drifts: random.fraction() < probability,
      amount: String(1 + random.below(AMOUNT_MAX)),
    },
  });
  return {
    name: 'drift',
    params: { keys, pointers, drift: probability },
    blockSize,
    locations: () => keys + pointers + 16,
    contracts: [{ name: 'drift', address: contractAddress('drift'), wasm: 'drift' }],
    preparation: () => [],
    block: (index) => {
      const random = new RandomStream(seed, 'drift', 'block', index);
      return Array.from({ length: blockSize }, () => call(random));
    },
    plainTransfers: false,
  };
}

const POINTERS: NumericSchema = {
  type: 'integer',
  minimum: 1,
  maximum: 1_000_000,
  default: 100,
  description: 'pointers, of which each call moves one: the fewer, the more calls are executed again',
};

const DRIFT: NumericSchema = {
  type: 'number',
  minimum: 0,
  maximum: 1,
  default: 0.5,
  description: 'how probably a call that is executed again touches another key',
};

export const driftDefinition: WorkloadDefinition<DriftParameters> = {
  name: 'drift',
  description: 'calls whose keys depend on what they read: executed again, they touch other keys',
  parameters: { keys: KEYS, pointers: POINTERS, drift: DRIFT },
  build: drift,
};
